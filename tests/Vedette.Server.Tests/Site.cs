using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vedette.Engine;
using Vedette.Engine.Storage;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Server.Hosting;
using Vedette.Storage;

namespace Vedette.Server.Tests;

/// <summary>A server with a lab of its own, in a folder of its own.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TimeSpan? _turnDeadline;
    private readonly Caps? _caps;
    private readonly string? _store;

    private Site(Lab.Lab lab, TimeSpan? turnDeadline, Caps? caps, string? store) => (Lab, _turnDeadline, _caps, _store) = (lab, turnDeadline, caps, store);

    /// <summary>Changes how the server is set up, from its next start on.</summary>
    public Func<ServerOptions, ServerOptions> Setup { get; set; } = options => options;

    public string Folder { get; } = Directory.CreateTempSubdirectory("vedette-test-").FullName;

    public Lab.Lab Lab { get; }

    public VedetteServer Server { get; private set; } = null!;

    /// <summary>Comes as the automation user, by its token.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Comes as the administrator, by password.</summary>
    public HttpClient Admin { get; private set; } = null!;

    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public string Password { get; } = "a-made-up-password-1";

    /// <param name="store">Connection string of a database; null for a file.</param>
    /// <param name="setup">Changes how the server is set up.</param>
    public static async Task<Site> Open(LabOptions? lab = null, TimeSpan? turnDeadline = null, Caps? caps = null, string? store = null, Func<ServerOptions, ServerOptions>? setup = null)
    {
        var site = new Site(await Vedette.Lab.Lab.Start(lab ?? new LabOptions(), TestContext.Current.CancellationToken), turnDeadline, caps, store);
        site.Setup = setup ?? site.Setup;
        await site.StartServer();
        return site;
    }

    public async Task StartServer()
    {
        var options = new ServerOptions { DataFolder = Folder, Urls = "http://127.0.0.1:0", Lab = new Uri(Lab.Url), AutomationToken = Token, AdminPassword = Password, LogLevel = "Error", Caps = _caps ?? new Caps(), Store = _store is null ? null : PostgresAddress.Parse(_store) };
        Server = await VedetteServer.Start(Setup(_turnDeadline is { } deadline ? options with { TurnDeadline = deadline } : options), TestContext.Current.CancellationToken);
        Client = new HttpClient { BaseAddress = Server.Url };
        Client.DefaultRequestHeaders.Add("ph-auth-token", Token);
        Admin = new HttpClient { BaseAddress = Server.Url };
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{Password}")));
    }

    /// <param name="index">Which story the alert tells.</param>
    /// <param name="batch">Another batch is another alert of the same story.</param>
    public async Task<long> SendAlert(int index = 0, string batch = "a") =>
        (await new SplunkPusher(Client, Token, new SplunkAlerts(batch, TimeProvider.System)).Push(index, TestContext.Current.CancellationToken)).ContainerId;

    /// <summary>Ends when so many runs of the event have ended.</summary>
    public async Task<PlaybookRunRow> RunEnded(long container, int count = 1)
    {
        while (true)
        {
            var runs = await Server.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ContainerId), container)), TestContext.Current.CancellationToken);
            if (runs.Count >= count && runs.All(run => run.EndedAt is not null))
            {
                return runs[^1];
            }

            await Task.Yield();
        }
    }

    public async Task<JsonElement> Tickets()
    {
        using var lab = new HttpClient { BaseAddress = new Uri(Lab.Url) };
        return await lab.GetFromJsonAsync<JsonElement>("/_lab/tickets", TestContext.Current.CancellationToken);
    }

    /// <summary>How often the system was asked to write, on this path.</summary>
    public async Task<int> WritesSentTo(string system, string path = "")
    {
        using var lab = new HttpClient { BaseAddress = new Uri(Lab.Url) };
        var requests = await lab.GetFromJsonAsync<JsonElement>($"/_lab/requests?system={system}", TestContext.Current.CancellationToken);
        return requests.EnumerateArray().Count(request => request.GetProperty("method").GetString() != "GET" && request.GetProperty("path").GetString()!.Contains(path, StringComparison.Ordinal));
    }

    public async Task Behave(string json)
    {
        using var lab = new HttpClient { BaseAddress = new Uri(Lab.Url) };
        using var content = new StringContent(json);
        (await lab.PostAsync("/_lab/behaviour", content, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
    }

    public Task<(int Status, JsonElement Body)> Post(string path, string json) => Post(Client, path, new StringContent(json));

    public Task<(int Status, JsonElement Body)> Post(string path, HttpContent content) => Post(Client, path, content);

    public Task<(int Status, JsonElement Body)> PostAsAdmin(string path, string json) => Post(Admin, path, new StringContent(json));

    private static async Task<(int Status, JsonElement Body)> Post(HttpClient by, string path, HttpContent content)
    {
        using (content)
        {
            using var response = await by.PostAsync(path, content, TestContext.Current.CancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
        }
    }

    /// <summary>An event that starts nothing by itself.</summary>
    public async Task<long> QuietEvent() => (await Post("/rest/container", """{"name":"quiet","label":"events"}""")).Body.GetProperty("id").GetInt64();

    /// <summary>A normal alert of a story that nothing before has told becomes one more ticket.</summary>
    public async Task AlertStillBecomesTicket()
    {
        var before = (await Tickets()).GetArrayLength();
        Assert.Equal("success", (await RunEnded(await SendAlert())).Status);
        Assert.Equal(before + 1, (await Tickets()).GetArrayLength());
    }

    public async Task<JsonElement> Get(string path) => await Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Admin.Dispose();
        await Server.DisposeAsync();
        await Lab.DisposeAsync();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException)
        {
            // A page that was open looks at the store with a connection of its own, which leaves files while the folder goes.
            Directory.Delete(Folder, recursive: true);
        }
    }
}
