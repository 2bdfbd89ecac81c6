using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Vedette.Server.Hosting;

/// <summary>
/// <c>/health/live</c> and <c>/health/ready</c>, for whatever starts, watches and routes to the server. They answer without a sign-in and so
/// say one word; what is behind it is told to who is signed in, at <c>/rest/health</c>.
/// </summary>
internal static class HealthEndpoints
{
    public static void UseHealth(this WebApplication app) => app.Use(async (http, next) =>
    {
        switch (http.Request.Path.Value)
        {
            case "/health/live":
                await Say(http, StatusCodes.Status200OK, "live");
                break;
            case "/health/ready":
                var ready = http.RequestServices.GetRequiredService<Readiness>().IsReady;
                await Say(http, ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, ready ? "ready" : "waiting");
                break;
            default:
                await next(http);
                break;
        }
    });

    private static Task Say(HttpContext http, int status, string word)
    {
        var reads = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        http.Response.StatusCode = reads ? status : StatusCodes.Status405MethodNotAllowed;
        http.Response.ContentType = "text/plain";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsGet(http.Request.Method) ? http.Response.WriteAsync(word, http.RequestAborted) : Task.CompletedTask;
    }
}
