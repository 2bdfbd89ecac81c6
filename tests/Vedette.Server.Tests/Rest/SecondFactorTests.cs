using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Server.Tests.Policies;
using Vedette.Server.Tests.Threats;

namespace Vedette.Server.Tests.Rest;

/// <summary>A code beside the password, and signing out everywhere.</summary>
public sealed class SecondFactorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetUp_PasswordAloneDoesNoMore_AndACodeOpensOneSession()
    {
        await using var site = await Site.Open();
        var key = await SetUp(site, site.Admin);

        var (alone, why) = await Read(site, null);
        Assert.Equal(HttpStatusCode.Unauthorized, alone);
        Assert.Equal("second_factor_needed", why.GetProperty("code").GetString());
        var (guessed, wrong) = await Read(site, "000000", password: "not-the-password");
        Assert.Equal((HttpStatusCode.Unauthorized, "Invalid username or password"), (guessed, wrong.GetProperty("message").GetString()));

        var code = Code(key, Now());
        Assert.Equal(HttpStatusCode.OK, (await Read(site, code)).Status);
        // A client sends the same with each of its requests.
        Assert.Equal(HttpStatusCode.OK, (await Read(site, code)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, await Login(site, code));
        Assert.Equal(HttpStatusCode.OK, await Login(site, Code(key, Now() + 1)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Login(site, Code(key, Now() + 1)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Login(site, ""));
        // Tokens stay what they are.
        Assert.True((await site.Get("/rest/container")).TryGetProperty("count", out _));
        var acts = (await site.Server.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Object), "second_factor")), Ct)).Select(row => row.Act);
        Assert.Equal(["began", "set_up"], acts);
        Assert.DoesNotContain(key, (await site.Server.Store.Select<SecondFactorRow>(new Query(), Ct))[0].Sealed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LostDevice_IsRemovedByWhoMayEditUsers_AndByNobodyElse()
    {
        await using var site = await Site.Open();
        using var one = await site.NewPerson("one", "Analyst");
        using var two = await site.NewPerson("two", "Analyst");
        await SetUp(site, one);
        var user = (await site.Get("/rest/ph_user?_filter_username=\"one\"")).GetProperty("data")[0].GetProperty("id");

        Assert.Equal(403, await Delete(two, $"/rest/ph_user/{user}/second_factor"));
        Assert.Equal(403, await Delete(site.Client, $"/rest/ph_user/{user}/second_factor"));
        Assert.Equal(403, (await site.Post("/rest/second_factor", "{}")).Status);
        Assert.Equal(200, await Delete(site.Admin, $"/rest/ph_user/{user}/second_factor"));
        Assert.Equal(404, await Delete(site.Admin, $"/rest/ph_user/{user}/second_factor"));

        using var again = site.As("one", site.Password);
        Assert.True((await again.Said(HttpMethod.Get, "/rest/container")).TryGetProperty("count", out _));
    }

    [Fact]
    public async Task OwnSecondFactor_IsRemovedWithANewCodeOnly()
    {
        await using var site = await Site.Open();
        var key = await SetUp(site, site.Admin);
        var code = Code(key, Now());
        site.Admin.DefaultRequestHeaders.Add("X-Second-Factor", code);

        Assert.Equal(400, (await site.PostAsAdmin("/rest/second_factor/remove", $$"""{"code":"{{code}}"}""")).Status);
        Assert.Equal(200, (await site.PostAsAdmin("/rest/second_factor/remove", $$"""{"code":"{{Code(key, Now() + 1)}}"}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Read(site, null)).Status);
    }

    [Fact]
    public async Task T18_SignedOutEverywhere_SessionsOfTheUserEnd()
    {
        await using var site = await Site.Open();
        var (first, second) = (await Session.SignIn(site), await Session.SignIn(site));
        using var browser = site.Nobody();
        (await browser.Ask("GET", "/rest/container", null, first.Headers)).Good();
        using var two = await site.NewPerson("two", "Analyst");

        Assert.Equal(403, await Delete(two, "/rest/ph_user/1/sessions"));
        Assert.Equal(200, await Delete(site.Admin, "/rest/ph_user/1/sessions"));

        Assert.All(new[] { first, second }, session => (browser.Ask("GET", "/rest/container", null, session.Headers).GetAwaiter().GetResult()).Refused(HttpStatusCode.Unauthorized));
    }

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30;

    /// <summary>Confirmed with the code of the half minute before, so that this one and the next are still there to use.</summary>
    private static async Task<string> SetUp(Site site, HttpClient person)
    {
        var begun = await person.Said(HttpMethod.Post, "/rest/second_factor", new { });
        var key = begun.GetProperty("secret").GetString()!;
        Assert.StartsWith($"otpauth://totp/Vedette:", begun.GetProperty("uri").GetString(), StringComparison.Ordinal);
        Assert.True((await person.Said(HttpMethod.Get, "/rest/container")).TryGetProperty("count", out _), "It counts only once it is confirmed.");
        Assert.True((await person.Said(HttpMethod.Post, "/rest/second_factor/confirm", new { code = "12345" })).TryGetProperty("failed", out _));
        Assert.True((await person.Said(HttpMethod.Post, "/rest/second_factor/confirm", new { code = Code(key, Now() - 1) })).TryGetProperty("success", out _));
        _ = site;
        return key;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Read(Site site, string? code, string? password = null)
    {
        using var client = site.As("admin", password ?? site.Password);
        if (code is not null)
        {
            client.DefaultRequestHeaders.Add("X-Second-Factor", code);
        }

        using var answer = await client.GetAsync("/rest/container", Ct);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Ct)));
    }

    private static async Task<int> Delete(HttpClient by, string path)
    {
        using var answer = await by.DeleteAsync(path, Ct);
        return (int)answer.StatusCode;
    }

    private static async Task<HttpStatusCode> Login(Site site, string code)
    {
        using var browser = site.Nobody();
        using var page = await browser.GetAsync("/login", Ct);
        var csrf = page.Headers.GetValues("Set-Cookie").First(line => line.StartsWith("csrftoken=", StringComparison.Ordinal)).Split('=', ';')[1];
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "admin", ["password"] = site.Password, ["code"] = code, ["csrfmiddlewaretoken"] = csrf });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/login") { Content = form };
        request.Headers.Add("Cookie", $"csrftoken={csrf}");
        request.Headers.Referrer = new Uri(site.Server.Url, "/login");
        using var response = await browser.SendAsync(request, Ct);
        return response.StatusCode;
    }

    /// <summary>As an authenticator app makes it (RFC 6238), from the key as a person types it.</summary>
    private static string Code(string key, long step)
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var bytes = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = BitConverter.GetBytes(step);
        Array.Reverse(counter);
#pragma warning disable CA5350 // What the apps do.
        var digest = HMACSHA1.HashData(bytes, counter);
#pragma warning restore CA5350
        var at = digest[19] & 15;
        var number = ((digest[at] & 127) << 24) | (digest[at + 1] << 16) | (digest[at + 2] << 8) | digest[at + 3];
        return $"{number % 1_000_000:D6}";
    }
}
