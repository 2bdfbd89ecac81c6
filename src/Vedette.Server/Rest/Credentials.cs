using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Server.Rest;

/// <summary>From what a request carries to who calls: token header first, then Basic, then the session cookie.</summary>
internal static class Credentials
{
    public const string SessionCookie = "sessionid";
    public const string CsrfCookie = "csrftoken";

    public static int Status(Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Unavailable => 503,
        RefusalKind.Forbidden when refusal.Code is "foreign_origin" or "csrf" => 403,
        RefusalKind.TooLarge => 429,
        _ => 401,
    };

    public static async ValueTask<Outcome<Caller>> Caller(HttpContext http)
    {
        var access = http.RequestServices.GetRequiredService<IAccess>();
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        var changing = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);
        var outcome = await Named(http, access, address, changing);
        return outcome.Ok(out var caller, out var refusal) ? caller with { CausedBy = $"request {http.TraceIdentifier}" } : refusal;
    }

    private static async ValueTask<Outcome<Caller>> Named(HttpContext http, IAccess access, string address, bool changing)
    {
        if (http.Request.Headers["ph-auth-token"].ToString() is { Length: > 0 } token)
        {
            return await access.ByToken(token, address, http.RequestAborted);
        }

        var csrf = http.Request.Headers["X-CSRFToken"].ToString();
        var cookie = http.Request.Cookies[SessionCookie];
        if (Basic(http.Request.Headers.Authorization.ToString()) is { } basic)
        {
            // A browser sends Basic by itself, also for a foreign page: then our origin and the session's token are needed as well.
            if (changing && ByBrowser(http))
            {
                if (Foreign(http) is { } foreign)
                {
                    return foreign;
                }

                if (cookie is null || csrf.Length == 0 || (await access.BySession(cookie, csrf, true, address, http.RequestAborted)).Refused)
                {
                    return new Refusal(RefusalKind.Forbidden, "csrf", "A changing request of a browser needs the CSRF token of its session.");
                }
            }

            return await access.ByBasic(basic.User, basic.Password, address, http.RequestAborted);
        }

        if (string.IsNullOrEmpty(cookie))
        {
            return new Refusal(RefusalKind.Forbidden, "no_credentials", "No supported auth information provided in request");
        }

        return changing && Foreign(http) is { } no ? no : await access.BySession(cookie, csrf.Length == 0 ? null : csrf, changing, address, http.RequestAborted);
    }

    private static bool ByBrowser(HttpContext http) => http.Request.Headers.ContainsKey("Origin") || http.Request.Headers.ContainsKey("Sec-Fetch-Site");

    /// <summary>A refusal unless Origin, or where there is none Referer, is our own.</summary>
    private static Refusal? Foreign(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString() is { Length: > 0 } named ? named : http.Request.Headers.Referer.ToString();
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && from.Scheme == http.Request.Scheme
            && string.Equals(from.Authority, new Uri($"{http.Request.Scheme}://{http.Request.Host}").Authority, StringComparison.OrdinalIgnoreCase)
            ? null
            : new Refusal(RefusalKind.Forbidden, "foreign_origin", "A changing request with a cookie has to come from this server's own pages (Origin or Referer).");
    }

    private static (string User, string Password)? Basic(string header)
    {
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length))
        {
            return ("", "");
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? ("", text) : (text[..colon], text[(colon + 1)..]);
    }

    /// <summary><c>POST /login</c> with username and password as a form opens a session.</summary>
    public static void MapLogin(this WebApplication app)
    {
        app.MapPost("/login", async (HttpContext http, IAccess access, IStore store) =>
        {
            if (Foreign(http) is { } foreign)
            {
                await RestEndpoints.Send(http, RestAnswer.Of(foreign), false);
                return;
            }

            var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
            var unit = new Unit();
            var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
            var outcome = await access.SignIn(unit, form["username"].ToString(), form["password"].ToString(), address, http.RequestAborted);

            // Committed whatever the answer: a failed attempt leaves its audit row too.
            if (!unit.Empty && !(await store.Commit(unit, http.RequestAborted)).IsDone)
            {
                await RestEndpoints.Send(http, RestAnswer.Of(Units.Unavailable), false);
                return;
            }

            if (!outcome.Ok(out var signedIn, out var refusal))
            {
                await RestEndpoints.Send(http, RestAnswer.Of(refusal) with { Status = Status(refusal) }, false);
                return;
            }

            var options = new CookieOptions { HttpOnly = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", Expires = signedIn.EndsAt };
            http.Response.Cookies.Append(SessionCookie, signedIn.Cookie, options);
            http.Response.Cookies.Append(CsrfCookie, signedIn.Csrf, new CookieOptions { Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", Expires = signedIn.EndsAt });
            await RestEndpoints.Send(http, RestAnswer.Ok(new JsonObject { ["success"] = true, ["must_change_password"] = signedIn.MustChangePassword }), false);
        });
    }
}
