using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vedette.Server.Tests;

namespace Vedette.Console.Tests;

/// <summary>A server with a lab, and people before browsers.</summary>
internal sealed class Desk(Site site, Chromium chromium) : IAsyncDisposable
{
    /// <summary>A machine that builds at the same time is slow; what is waited for comes or the test is wrong.</summary>
    private const float Patience = 45_000;

    private readonly List<IBrowserContext> _windows = [];

    public Site Site => site;

    /// <summary>What no page may ever do: ask another host, break the policy, open a dialog of the browser.</summary>
    public ConcurrentQueue<string> Offences { get; } = [];

    public static async Task<Desk> Open(Chromium chromium) => new(await Site.Open(), chromium);

    /// <summary>A person with these roles; their password is the site's.</summary>
    public async Task<long> Person(string username, params string[] roles) => (await Post("/rest/ph_user", new JsonObject
    {
        ["username"] = username,
        ["password"] = site.Password,
        ["type"] = "normal",
        ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]),
    })).GetProperty("id").GetInt64();

    public async Task<long> Event(string name = "quiet", JsonObject? cef = null) => (await Post("/rest/container", new JsonObject
    {
        ["name"] = name,
        ["label"] = "events",
        ["run_automation"] = false,
        ["artifacts"] = cef is null ? [] : new JsonArray(new JsonObject { ["name"] = "evidence", ["run_automation"] = false, ["cef"] = cef }),
    })).GetProperty("id").GetInt64();

    /// <summary>Takes a playbook without a drawing into the repository <c>local</c>.</summary>
    public async Task<long> Import(string name, string source)
    {
        using var packed = new MemoryStream();
        await using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip))
        {
            foreach (var (file, text) in new[] { ($"{name}.py", source), ($"{name}.json", "{}") })
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) }, TestContext.Current.CancellationToken);
            }
        }

        await Post("/rest/import_playbook", new JsonObject { ["playbook"] = Convert.ToBase64String(packed.ToArray()), ["scm"] = "local", ["force"] = true });
        return (await site.Get($"/rest/playbook?_filter_name=\"{name}\"")).GetProperty("data")[0].GetProperty("id").GetInt64();
    }

    /// <summary>Runs a playbook of <c>local</c> on an event.</summary>
    public async Task<long> Run(string playbook, long id) =>
        long.Parse((await Post("/rest/playbook_run", new JsonObject { ["container_id"] = id, ["playbook_id"] = $"local/{playbook}", ["scope"] = "all", ["run"] = true })).GetProperty("playbook_run_id").GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    public async Task<JsonElement> Post(string path, JsonObject body)
    {
        using var response = await site.Admin.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>A window in which nobody is signed in.</summary>
    public async Task<IPage> Window(int width = 1440, int height = 900)
    {
        var window = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = site.Server.Url.ToString(), ViewportSize = new ViewportSize { Width = width, Height = height } });
        window.SetDefaultTimeout(Patience);
        _windows.Add(window);
        var page = await window.NewPageAsync();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.Server.Url.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                Offences.Enqueue($"asked {request.Url}");
            }
        };
        page.Console += (_, said) =>
        {
            if (said.Text.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase))
            {
                Offences.Enqueue(said.Text);
            }
        };
        page.Dialog += async (_, dialog) =>
        {
            Offences.Enqueue($"dialog {dialog.Message}");
            await dialog.DismissAsync();
        };
        return page;
    }

    public async Task<IPage> SignedIn(string path, string username = "admin", int width = 1440, int height = 900)
    {
        var page = await Window(width, height);
        await page.GotoAsync($"/login?to={Uri.EscapeDataString(path)}");
        await SignIn(page, username, site.Password);
        await Live(page);
        return page;
    }

    public static async Task SignIn(IPage page, string username, string password)
    {
        await page.FillAsync("#username", username);
        await page.FillAsync("#password", password);
        await page.ClickAsync("button[type=submit]");
    }

    /// <summary>The page says itself when its circuit runs.</summary>
    public static Task Live(IPage page) => page.Locator("html[data-circuit=on]").WaitForAsync();

    /// <summary>The page has come to this address. Playwright's own waiting also wants a load event, which may be over before it listens.</summary>
    /// <param name="address">A regular expression.</param>
    public static Task At(IPage page, string address) => Assertions.Expect(page).ToHaveURLAsync(new Regex(address), new() { Timeout = Patience });

    /// <summary>A client that has signed in as a browser does, and follows no redirect.</summary>
    public async Task<HttpClient> Cookied(string username)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = site.Server.Url };
        client.DefaultRequestHeaders.Add("Origin", site.Server.Url.GetLeftPart(UriPartial.Authority));
        using var first = await client.GetAsync("/login", TestContext.Current.CancellationToken);
        var csrf = first.Headers.GetValues("Set-Cookie").First(cookie => cookie.StartsWith("csrftoken=", StringComparison.Ordinal)).Split(';')[0]["csrftoken=".Length..];
        using var form = new FormUrlEncodedContent([new("username", username), new("password", site.Password), new("csrfmiddlewaretoken", csrf)]);
        using var answer = await client.PostAsync("/login", form, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var window in _windows)
        {
            foreach (var page in window.Pages)
            {
                // Printed where the test failed.
                TestContext.Current.TestOutputHelper?.WriteLine($"{page.Url} showed at the end:\n{await page.InnerTextAsync("body")}");
            }

            await window.CloseAsync();
        }

        await site.DisposeAsync();
    }
}
