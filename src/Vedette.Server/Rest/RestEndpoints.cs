using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks.Rest;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Hosting;
using Vedette.Server.Rest.Queries;
using Vedette.Server.Rest.Resources;

namespace Vedette.Server.Rest;

public static class RestEndpoints
{
    /// <summary>Bytes of a request's body.</summary>
    public const int LargestBody = 32 * 1024 * 1024;

    /// <summary>How much of a body that is too large is taken in and dropped, so that its sender gets to reading the answer.</summary>
    private const int MostDropped = 256 * 1024 * 1024;

    /// <summary>Seconds after which who was refused for want of the store may come again.</summary>
    private const string ComeAgainAfter = "5";

    public static IServiceCollection AddRest(this IServiceCollection services)
    {
        services.AddSingleton<AuditLists>();
        services.AddSingleton<RouteTable>();
        services.AddSingleton(provider => new Lazy<RouteTable>(provider.GetRequiredService<RouteTable>));
        services.AddSingleton<RestDispatcher>();
        services.AddSingleton<IOwnRest, OwnRest>();
        services.AddSingleton(provider => new Records(provider.GetRequiredService<IStore>(), RecordTypes.Find));
        foreach (var type in typeof(IResource).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IResource))))
        {
            services.AddSingleton(typeof(IResource), type);
        }

        return services;
    }

    /// <summary>Everything under <c>/rest</c>, and <c>/login</c> and <c>/logout</c>. No route answers without credentials, wherever the call comes from.</summary>
    public static void MapRest(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.Use(AnswerWhileTheStoreIsAway);
        app.Map("/rest/{**path}", Answer);
        Credentials.MapSessions(app);
    }

    /// <summary>Nobody waits for a database that cannot be reached: a sender comes again, and loses nothing by it.</summary>
    private static Task AnswerWhileTheStoreIsAway(HttpContext http, RequestDelegate next) =>
        http.RequestServices.GetRequiredService<IStore>().Reachable || !(http.Request.Path.StartsWithSegments("/rest") || http.Request.Path == "/login" || http.Request.Path == "/logout")
            ? next(http)
            : Send(http, RestAnswer.Of(Units.Unreachable), false);

    private static async Task Answer(HttpContext http)
    {
        var store = http.RequestServices.GetRequiredService<IStore>();
        var signedIn = await Credentials.Caller(http);
        if (!signedIn.Ok(out var caller, out var refusal))
        {
            var denied = RestAnswer.Of(refusal);
            await Send(http, denied with { Status = Credentials.Status(refusal) }, false);
            return;
        }

        byte[]? body;
        try
        {
            body = await Body(http);
        }
        catch (BadHttpRequestException exception)
        {
            await Send(http, RestAnswer.Failed(exception.StatusCode, $"The request did not arrive whole: {exception.Message}"), false);
            return;
        }

        if (body is null)
        {
            await Send(http, RestAnswer.Failed(413, $"The body is larger than {LargestBody / 1024 / 1024} MB. Nothing was stored; send it in parts."), false);
            return;
        }

        using var span = Telemetry.Begin("rest");
        var raw = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        var signed = key.Length == 0 ? null : Encoding.UTF8.GetBytes($"{http.Request.Method} {(question < 0 ? raw : raw[..question])}\n").Concat(body).ToArray();
        var call = new RestCall
        {
            Method = http.Request.Method,
            Path = [.. RestCall.Segments(question < 0 ? raw : raw[..question]).Skip(1)],
            Query = RestCall.Pairs(question < 0 ? "" : raw[question..]),
            Content = body,
            Work = new RequestWork(store, http.RequestServices.GetRequiredService<TimeProvider>(), caller, null, key.Length == 0 ? null : key, signed) { BaseUrl = http.RequestServices.GetRequiredService<ServerOptions>().BaseUrl ?? $"{http.Request.Scheme}://{http.Request.Host}" },
            Ct = http.RequestAborted,
        };
        var answer = await http.RequestServices.GetRequiredService<RestDispatcher>().Answer(call);
        span?.SetTag("http.request.method", call.Method).SetTag("http.response.status_code", answer.Status);
        await Send(http, answer, call.Flag("pretty"));
    }

    internal static async Task Send(HttpContext http, RestAnswer answer, bool pretty)
    {
        await using var file = answer.File;
        var content = answer.Content(pretty);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        http.Response.ContentLength = file?.Length ?? content.Length;
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        if (answer.Status == StatusCodes.Status503ServiceUnavailable)
        {
            http.Response.Headers.RetryAfter = ComeAgainAfter;
        }

        if (answer.FileName is { } name)
        {
            http.Response.Headers.ContentDisposition = name.All(char.IsAscii) ? $"attachment; filename=\"{name}\"" : $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}";
        }

        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        if (file is not null)
        {
            await file.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        else
        {
            await http.Response.Body.WriteAsync(content, http.RequestAborted);
        }
    }

    /// <summary>The whole body, or null when it is too large: also when no length was announced.</summary>
    private static async Task<byte[]?> Body(HttpContext http)
    {
        var tooLarge = http.Request.ContentLength > LargestBody;
        if (tooLarge && http.Request.Headers.Expect.Count > 0)
        {
            return null;
        }

        // The server's own limit would end the connection; ours answers with a sentence.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        using var whole = new MemoryStream();
        var buffer = new byte[65_536];
        var dropped = 0L;
        int read;
        while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0 && dropped < MostDropped)
        {
            tooLarge = tooLarge || whole.Length + read > LargestBody;
            if (tooLarge)
            {
                dropped += read;
            }
            else
            {
                whole.Write(buffer, 0, read);
            }
        }

        return tooLarge ? null : whole.ToArray();
    }
}
