using System.Net;
using System.Text.RegularExpressions;

namespace Vedette.Server.Tests.Rest;

/// <summary>A signed-in browser.</summary>
internal sealed partial record Session(string Cookie, string Csrf, string Origin)
{
    public static async Task<Session> SignIn(Site site)
    {
        using var browser = site.Nobody();
        var origin = site.Server.Url.GetLeftPart(UriPartial.Authority);
        var ct = TestContext.Current.CancellationToken;
        using var page = await browser.GetAsync("/login", ct);
        var before = Cookies(page)["csrftoken"];
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "admin", ["password"] = site.Password, ["csrfmiddlewaretoken"] = before.Value });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = form };
        request.Headers.Add("Cookie", $"csrftoken={before.Value}");
        request.Headers.Referrer = new Uri(origin + "/login");
        using var response = await browser.SendAsync(request, ct);
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(ct));
        var cookies = Cookies(response);
        Assert.Contains("httponly", cookies["sessionid"].Flags, StringComparison.OrdinalIgnoreCase);
        Assert.All(cookies.Values, cookie => Assert.Contains("samesite=strict", cookie.Flags, StringComparison.OrdinalIgnoreCase));
        return new Session(cookies["sessionid"].Value, cookies["csrftoken"].Value, origin);
    }

    public (string, string)[] Headers => [("Cookie", $"sessionid={Cookie}; csrftoken={Csrf}"), ("X-CSRFToken", Csrf), ("Referer", Origin + "/")];

    private static Dictionary<string, (string Value, string Flags)> Cookies(HttpResponseMessage response) => response.Headers.GetValues("Set-Cookie")
        .Select(line => Line().Match(line)).ToDictionary(match => match.Groups[1].Value, match => (match.Groups[2].Value, match.Groups[3].Value));

    [GeneratedRegex("^([^=]+)=([^;]*);(.*)$")]
    private static partial Regex Line();
}

public sealed class SessionTests
{
    [Fact]
    public async Task SignedInAsTheFieldsClientsDo_SessionWorksUntilItIsEnded()
    {
        await using var site = await Site.Open();
        var session = await Session.SignIn(site);
        using var browser = site.Nobody();

        (await browser.Ask("GET", "/rest/container", null, session.Headers)).Good();
        var made = (await browser.Ask("POST", "/rest/container", """{"name":"x","label":"events"}""", session.Headers)).Good().GetProperty("id").GetInt64();
        (await browser.Ask("DELETE", $"/rest/container/{made}", null, session.Headers)).Good();
        (await browser.Ask("POST", "/logout", "", session.Headers)).Good();

        (await browser.Ask("GET", "/rest/container", null, session.Headers)).Refused(HttpStatusCode.Unauthorized);
        (await browser.Ask("POST", "/logout", "")).Refused(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task WrongPassword_OpensNoSessionAndIsInTheRecord()
    {
        await using var site = await Site.Open();
        using var browser = site.Nobody();
        using var admin = site.Person();
        var origin = site.Server.Url.GetLeftPart(UriPartial.Authority);

        Assert.Equal("Invalid username or password", (await browser.Ask("POST", "/login", "username=admin&password=wrong&csrfmiddlewaretoken=a", ("Cookie", "csrftoken=a"), ("Origin", origin))).Refused(HttpStatusCode.Unauthorized));

        Assert.Contains((await admin.Read("/rest/audit?authentication")).EnumerateArray(), row => row.GetProperty("ACTION").GetString() == "refused_sign_in");
    }
}
