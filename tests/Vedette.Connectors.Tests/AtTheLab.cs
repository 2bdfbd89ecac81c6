using System.Net.Http.Json;
using System.Text.Json;
using Vedette.Model;
using Vedette.Sdk;
using Vedette.WayOut;

namespace Vedette.Connectors.Tests;

/// <summary>The lab of one test, and a real connector pointed at it.</summary>
internal sealed class AtTheLab : IAsyncDisposable
{
    public const string Effect = "0123456789abcdef0123456789abcdef";

    private readonly WayOutFactory _factory = new();
    private readonly HttpClient _http = new();

    private AtTheLab(Lab.Lab lab) => Lab = lab;

    public Lab.Lab Lab { get; }

    /// <summary>What the last action told the reader of the run.</summary>
    public List<string> Progress { get; } = [];

    /// <summary>Called with each line of progress, in the middle of the action.</summary>
    public Action<string> OnProgress { get; set; } = static _ => { };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<AtTheLab> Start(Lab.LabOptions? options = null) => new(await Vedette.Lab.Lab.Start(options ?? new(), Ct));

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _factory.Dispose();
        await Lab.DisposeAsync();
    }

    public async Task Behave(object behaviour)
    {
        using var answer = await _http.PostAsJsonAsync($"{Lab.Url}/_lab/behaviour", behaviour, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>Ends when the lab has counted so many calls of the system.</summary>
    public Task Called(string system, int times = 1) => _http.GetStringAsync($"{Lab.Url}/_lab/calls?system={system}&at_least={times}", Ct);

    /// <summary>Ends when so many callers of the system have hung up before their answer.</summary>
    public Task HungUp(string system, int times = 1) => _http.GetStringAsync($"{Lab.Url}/_lab/hangups?system={system}&at_least={times}", Ct);

    public async Task<long> Calls(string system) =>
        (await _http.GetFromJsonAsync<Dictionary<string, long>>($"{Lab.Url}/_lab/calls", Ct))![system];

    public async Task<List<JsonElement>> Requests(string system) =>
        (await _http.GetFromJsonAsync<List<JsonElement>>($"{Lab.Url}/_lab/requests?system={system}", Ct))!;

    public Task<ActionAnswer> Run(IConnector connector, string action, object parameters, Dictionary<string, object?> settings, CancellationToken? ct = null)
    {
        Progress.Clear();
        return connector.Run(
            new ActionCall
            {
                Action = action,
                Parameters = JsonSerializer.SerializeToElement(parameters),
                Asset = new AssetSettings(new AssetId(1), "of the lab", JsonSerializer.SerializeToElement(settings)),
                Container = new ContainerId(7),
                EffectKey = Effect,
                SendBy = DateTimeOffset.MaxValue,
                WayOut = _factory.For(new WayOutScope("of the lab", ["127.0.0.1"])),
                Time = TimeProvider.System,
                Progress = line =>
                {
                    Progress.Add(line);
                    OnProgress(line);
                },
            },
            ct ?? Ct);
    }
}
