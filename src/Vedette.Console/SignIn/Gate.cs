using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Vedette.Engine.Access;

namespace Vedette.Console.SignIn;

/// <summary>
/// Stands before every page and socket of the console: no page and no circuit without a session, no socket from a foreign page, and
/// what a browser may load and run is said with each answer.
/// </summary>
internal sealed class Gate(RequestDelegate next, IAccess access, Seats seats)
{
    /// <summary>
    /// Everything from here and nothing inline. Styles too: bars and graphs are SVG with attributes, so no style attribute is needed.
    /// </summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public async Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";

        var path = http.Request.Path;
        if (path.StartsWithSegments("/assets") || path.StartsWithSegments("/login") || path.StartsWithSegments("/logout"))
        {
            await next(http);
            return;
        }

        var isCircuit = path.StartsWithSegments("/_blazor");
        if (isCircuit && IsForeign(http))
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        var cookie = http.Request.Cookies[Seat.SessionCookie] ?? "";
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (!(await access.BySession(cookie, null, false, address, http.RequestAborted)).Ok(out var caller, out _))
        {
            if (isCircuit || !HttpMethods.IsGet(http.Request.Method))
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            http.Response.Redirect(path == "/" && !http.Request.QueryString.HasValue ? "/login" : $"/login?to={Uri.EscapeDataString(path + http.Request.QueryString)}");
            return;
        }

        if (caller.MustChangePassword && !isCircuit && path != "/password")
        {
            http.Response.Redirect("/password");
            return;
        }

        http.User = Seat.PrincipalOf(caller, cookie, address);
        using var line = isCircuit ? seats.Hold(cookie, http) : null;
        await next(http);
    }

    /// <summary>A browser names the page's origin with every socket and every post.</summary>
    private static bool IsForeign(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return http.Request.Headers.Upgrade.Count > 0 || !HttpMethods.IsGet(http.Request.Method);
        }

        return !string.Equals(origin, $"{http.Request.Scheme}://{http.Request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
