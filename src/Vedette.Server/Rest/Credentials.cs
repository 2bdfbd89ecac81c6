using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Console;
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
            if (changing && (cookie is not null || ByBrowser(http)))
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

            return await access.ByBasic(basic.User, basic.Password, address, http.Request.Headers["X-Second-Factor"].ToString(), http.RequestAborted);
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

    /// <summary><c>/login</c> opens a session, <c>/logout</c> ends it; as the field's clients do it, with a form, cookies and a CSRF token.</summary>
    public static void MapSessions(this WebApplication app)
    {
        app.MapGet("/login", (HttpContext http) =>
        {
            var csrf = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            Keep(http, CsrfCookie, csrf, null);
            if (IsPage(http))
            {
                return Page(http, csrf, http.Request.Query["to"].ToString(), null, StatusCodes.Status200OK);
            }

            return RestEndpoints.Send(http, RestAnswer.Ok(new JsonObject { ["success"] = true, ["message"] = $"POST username, password and csrfmiddlewaretoken (the value of the cookie {CsrfCookie}) here as a form." }), false);
        });
        app.MapPost("/login", async (HttpContext http, IAccess access, IStore store) =>
        {
            var answer = await SignIn(http, access, store);
            await (IsPage(http) ? Led(http, answer) : RestEndpoints.Send(http, answer, false));
        }).DisableAntiforgery();
        app.MapPost("/logout", async (HttpContext http, IAccess access, IStore store) => await RestEndpoints.Send(http, await SignOut(http, access, store), false));
    }

    /// <summary>A person before a browser, who wants a page and not JSON.</summary>
    private static bool IsPage(HttpContext http) => http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>After signing in on the page: to where one wanted to go, or to the page again with what was wrong.</summary>
    private static async Task Led(HttpContext http, RestAnswer answer)
    {
        var to = http.Request.HasFormContentType ? (await http.Request.ReadFormAsync(http.RequestAborted))["to"].ToString() : "";
        if (answer.Status == StatusCodes.Status200OK)
        {
            http.Response.Redirect(Local(to));
            return;
        }

        var csrf = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        Keep(http, CsrfCookie, csrf, null);
        await Page(http, csrf, to, answer.Body?["message"]?.ToString() ?? "Signing in failed.", answer.Status);
    }

    private static Task Page(HttpContext http, string csrf, string to, string? refusal, int status)
    {
        http.Response.Headers.CacheControl = "no-store";
        return ConsoleHosting.SignInPage(csrf, Local(to), refusal, status).ExecuteAsync(http);
    }

    /// <summary>Only a path of this server: a link that signs somebody in may not lead them away.</summary>
    private static string Local(string to) => to.StartsWith('/') && !to.StartsWith("//", StringComparison.Ordinal) && !to.StartsWith("/\\", StringComparison.Ordinal) && !to.Any(char.IsControl) ? to : "/";

    private static async Task<RestAnswer> SignIn(HttpContext http, IAccess access, IStore store)
    {
        var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;
        var posted = form["csrfmiddlewaretoken"].ToString() is { Length: > 0 } field ? field : http.Request.Headers["X-CSRFToken"].ToString();
        if ((Foreign(http) ?? Unasked(http, posted)) is { } no)
        {
            return Denied(no);
        }

        var unit = new Unit();
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        var outcome = await access.SignIn(unit, form["username"].ToString(), form["password"].ToString(), address, form["code"].ToString(), http.RequestAborted);

        // Committed whatever the answer: a failed attempt leaves its audit row too.
        if (!unit.Empty && !(await store.Commit(unit, http.RequestAborted)).IsDone)
        {
            return RestAnswer.Of(Units.Unavailable);
        }

        if (!outcome.Ok(out var signedIn, out var refusal))
        {
            return Denied(refusal);
        }

        Keep(http, SessionCookie, signedIn.Cookie, signedIn.EndsAt);
        Keep(http, CsrfCookie, signedIn.Csrf, signedIn.EndsAt);
        return RestAnswer.Ok(new JsonObject { ["success"] = true, ["must_change_password"] = signedIn.MustChangePassword });
    }

    private static async Task<RestAnswer> SignOut(HttpContext http, IAccess access, IStore store)
    {
        if (http.Request.Cookies[SessionCookie] is not { Length: > 0 } cookie)
        {
            return RestAnswer.Failed(400, "There is no session to end: the request carries no session cookie.");
        }

        if (!(await Caller(http)).Ok(out var caller, out var refusal))
        {
            return Denied(refusal);
        }

        var outcome = await Units.Decide(store, async unit => await access.SignOut(unit, caller, cookie, http.RequestAborted), http.RequestAborted);
        if (outcome.Refused)
        {
            return RestAnswer.Of(outcome.Refusal!);
        }

        http.Response.Cookies.Delete(SessionCookie);
        http.Response.Cookies.Delete(CsrfCookie);
        return RestAnswer.Ok(Wire.Success());
    }

    private static RestAnswer Denied(Refusal refusal) => RestAnswer.Of(refusal) with { Status = Status(refusal) };

    /// <summary>A refusal unless the form comes from who has our cookie: signing somebody in as somebody else is an attack as well.</summary>
    private static Refusal? Unasked(HttpContext http, string posted) =>
        http.Request.Cookies[CsrfCookie] is { Length: > 0 } cookie && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(cookie), Encoding.UTF8.GetBytes(posted))
            ? null
            : new Refusal(RefusalKind.Forbidden, "csrf", $"Signing in needs csrfmiddlewaretoken with the value of the cookie {CsrfCookie}: GET /login sets it.");

    /// <summary>The session's cookie is not for scripts; the CSRF token's is, as they have to send it back.</summary>
    private static void Keep(HttpContext http, string name, string value, DateTimeOffset? until) => http.Response.Cookies.Append(
        name,
        value,
        new CookieOptions { HttpOnly = name == SessionCookie, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, Path = "/", Expires = until });
}
