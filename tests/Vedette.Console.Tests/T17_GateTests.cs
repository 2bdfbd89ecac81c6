using System.Net;
using System.Net.WebSockets;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.Playwright;

namespace Vedette.Console.Tests;

/// <summary>No page, no circuit and no socket without a session of our own origin.</summary>
public sealed partial class T17_GateTests(Chromium chromium)
{
    /// <summary>Every page there is, with numbers filled in.</summary>
    public static TheoryData<string> Routes =>
    [
        .. typeof(ConsoleHosting).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>())
            .Select(route => Number().Replace(route.Template, "1").Replace("{*path}", "no-such-page", StringComparison.Ordinal).Replace("{Doing}", "new", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"\{\w+:long\}")]
    private static partial Regex Number();

    [Fact]
    public async Task T17_NotSignedIn_NoPageAndNoCircuit()
    {
        await using var desk = await Desk.Open(chromium);
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = desk.Site.Server.Url };
        foreach (var route in Routes.Select(row => row.Data))
        {
            using var page = await stranger.GetAsync(route, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
            Assert.StartsWith("/login", page.Headers.Location!.ToString(), StringComparison.Ordinal);
        }

        using var negotiate = await stranger.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, negotiate.StatusCode);
        stranger.DefaultRequestHeaders.Add("Origin", Origin(desk));
        using var ours = await stranger.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, ours.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await Socket(desk, Origin(desk), ""));
    }

    [Fact]
    public async Task T17_SocketOfForeignPage_IsRefused()
    {
        await using var desk = await Desk.Open(chromium);
        var page = await desk.SignedIn("/events");
        var cookie = string.Join("; ", (await page.Context.CookiesAsync()).Select(one => $"{one.Name}={one.Value}"));

        Assert.Equal(HttpStatusCode.Forbidden, await Socket(desk, "https://evil.example", cookie));
        Assert.Equal(HttpStatusCode.Forbidden, await Socket(desk, null, cookie));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await Socket(desk, Origin(desk), cookie));
    }

    [Fact]
    public async Task T17_Answers_CarryAPolicyThatLetsNothingInlineRun()
    {
        await using var desk = await Desk.Open(chromium);
        using var client = await desk.Cookied("admin");
        foreach (var path in new[] { "/login", "/events", "/assets/console.js" })
        {
            using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        }

        using var rest = await client.GetAsync("/rest/version", TestContext.Current.CancellationToken);
        Assert.False(rest.Headers.Contains("Content-Security-Policy"), "What is under /rest does not pass the gate of the console.");
    }

    [Fact]
    public async Task T17_Session_IsACookieNoScriptAndNoOtherSiteHas()
    {
        await using var desk = await Desk.Open(chromium);
        var page = await desk.SignedIn("/events");

        var session = Assert.Single(await page.Context.CookiesAsync(), cookie => cookie.Name == "sessionid");
        Assert.True(session.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, session.SameSite);
    }

    [Fact]
    public async Task WrongPassword_PageSaysSo_AndTheRightOneLeadsToWhereOneWanted()
    {
        await using var desk = await Desk.Open(chromium);
        var page = await desk.Window();
        await page.GotoAsync("/approvals");
        await Desk.SignIn(page, "admin", "not-the-password");
        Assert.Equal("Invalid username or password", (await page.Locator("[role=alert]").InnerTextAsync()).Trim());

        await Desk.SignIn(page, "admin", desk.Site.Password);

        await Desk.At(page, @"/approvals$");
        await Desk.Live(page);
        Assert.Empty(desk.Offences);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task T17_LinkThatSignsIn_LeadsNowhereElse(string to)
    {
        await using var desk = await Desk.Open(chromium);

        var page = await desk.SignedIn(to);

        Assert.Equal(desk.Site.Server.Url.Authority, new Uri(page.Url).Authority);
        Assert.Empty(desk.Offences);
    }

    private static string Origin(Desk desk) => desk.Site.Server.Url.GetLeftPart(UriPartial.Authority);

    private static async Task<HttpStatusCode> Socket(Desk desk, string? origin, string cookie)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        socket.Options.SetRequestHeader("Cookie", cookie);
        try
        {
            await socket.ConnectAsync(new UriBuilder(desk.Site.Server.Url) { Scheme = "ws", Path = "/_blazor" }.Uri, TestContext.Current.CancellationToken);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        return socket.HttpStatusCode;
    }
}
