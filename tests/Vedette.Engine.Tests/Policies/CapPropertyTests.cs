using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Vedette.Engine.Policies;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Storage;

namespace Vedette.Engine.Tests.Policies;

/// <summary>Starts side by side under caps drawn by chance, with simulated time, the store closed and opened in between: no trace passes a cap.</summary>
public sealed class CapPropertyTests
{
    private const int Schedules = 1_000;

    /// <summary>The store is closed and opened after so many.</summary>
    private const int Life = 250;

    private static readonly string[] Hosts = ["wks-1", "wks-2", "wks-3", "wks-4"];

    [Fact]
    public async Task T21_NoTracePassesACap()
    {
        var seed = Random.Shared.Next();
        var dice = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        var clock = new Clock();
        var started = 0;
        for (var schedule = 0; schedule < Schedules;)
        {
            await using var store = await SqliteStore.Open(new SqliteStoreOptions { Folder = folder, TimeProvider = clock }, TestContext.Current.CancellationToken);
            await using var services = new ServiceCollection().AddSingleton<IStore>(store).AddSingleton<TimeProvider>(clock).AddPolicies().BuildServiceProvider();
            var policies = services.GetRequiredService<IPolicies>();
            for (var life = 0; life < Life && schedule < Schedules; life++, schedule++)
            {
                started += await Schedule(policies, store, clock, dice, $"seed {seed}, schedule {schedule}");
            }
        }

        // A cap that lets nothing through would pass as well.
        Assert.True(started > Schedules, $"seed {seed}: only {started} were started.");
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<int> Schedule(IPolicies policies, SqliteStore store, Clock clock, Random dice, string why)
    {
        var caps = Enumerable.Range(0, dice.Next(1, 4)).Select(i => new DrawnCap($"{why} {i}", dice.Next(0, 5), dice.Next(2) == 0, Chance.One(dice, ["all", "run", "target", "asset"]), dice.Next(1, 90))).ToList();
        var set = await Units.Decide(store, unit => policies.Set(unit, Caller.Platform, JsonSerializer.SerializeToElement(new JsonObject { ["level"] = "full", ["caps"] = new JsonArray([.. caps.Select(cap => cap.Json())]) })), TestContext.Current.CancellationToken);
        Assert.False(set.Refused, set.Refusal?.Message);
        var trace = new List<(DateTimeOffset At, string Host, long Run, long Asset)>();
        for (var step = 0; step < 4; step++)
        {
            var asked = Enumerable.Range(0, dice.Next(1, 7)).Select(_ => (Host: Chance.One(dice, Hosts), Run: (long)dice.Next(1, 3), Asset: (long)dice.Next(1, 3))).ToList();
            var now = clock.GetUtcNow();
            var went = await Task.WhenAll(asked.Select(one => Start(policies, store, one.Host, one.Run, one.Asset)));
            trace.AddRange(asked.Zip(went).Where(pair => pair.Second).Select(pair => (now, pair.First.Host, pair.First.Run, pair.First.Asset)));
            clock.Pass(TimeSpan.FromMinutes(dice.Next(0, 40)));
        }

        foreach (var cap in caps)
        {
            foreach (var end in trace)
            {
                var window = trace.Where(one => one.At <= end.At && one.At > end.At - TimeSpan.FromMinutes(cap.Minutes) && cap.Together(one, end)).ToList();
                var used = cap.OfTargets ? window.Select(one => one.Host).Distinct().Count() : window.Count;
                Assert.True(used <= cap.Most, $"{cap} was passed: {used}. {string.Join("; ", trace)}");
            }
        }

        return trace.Count;
    }

    private static async Task<bool> Start(IPolicies policies, SqliteStore store, string host, long run, long asset)
    {
        var question = new PolicyQuestion
        {
            Action = "isolate",
            App = "EDR",
            Asset = new AssetRow { Id = asset, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch, Name = $"edr {asset}", AppId = 1 },
            Reach = Reach.Changes,
            AssetNamed = true,
            Parameters = JsonSerializer.SerializeToElement(new { host }),
            Targets = [host],
            Run = new PlaybookRunId(run),
        };
        var ruling = await policies.Decide(question);
        Assert.Equal(RulingKind.Run, ruling.Kind);
        var unit = new Unit();
        policies.Expect(unit, ruling);
        policies.Count(unit, ruling, new ActionResultRow { Id = 1, AppRunId = 1, ActionRunId = 1, AssetId = asset, CreatedAt = default, UpdatedAt = default, Position = 0, State = ActionState.Allowed, Reach = Reach.Changes, Settling = Settling.Unknown, EffectKey = "", Parameter = "{}" });
        var commit = await store.Commit(unit, TestContext.Current.CancellationToken);
        Assert.True(commit.Kind is CommitKind.Done || policies.CapSentence(ruling, commit) is not null, commit.ToString());
        return commit.IsDone;
    }

    private sealed record DrawnCap(string Name, int Most, bool Targets, string Per, int Minutes)
    {
        public bool OfTargets => Targets && Per != "target";

        public JsonObject Json() => new() { ["name"] = Name, ["most"] = Most, ["of"] = OfTargets ? "targets" : "actions", ["per"] = Per, ["within_minutes"] = Minutes };

        public bool Together((DateTimeOffset At, string Host, long Run, long Asset) one, (DateTimeOffset At, string Host, long Run, long Asset) other) => Per switch
        {
            "run" => one.Run == other.Run,
            "target" => one.Host == other.Host,
            "asset" => one.Asset == other.Asset,
            _ => true,
        };
    }
}
