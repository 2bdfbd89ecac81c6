using System.Text.Json;
using Vedette.Engine;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

public sealed class SqliteRetentionTests() : RetentionTests(() => Task.FromResult<string?>(null));

public sealed class PostgresRetentionTests(SharedPostgres shared) : RetentionTests(async () => await (await shared.Cluster).NewDatabase());

/// <summary>Forty days pass between two starts of a server that keeps things for thirty.</summary>
/// <param name="store">Makes a database, and gives its connection string; null is a file.</param>
public abstract class RetentionTests(Func<Task<string?>> store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ClosedAndOld_GoesWithAllThatHangsOnIt_AndWhatHasToStayStays()
    {
        await using var site = await Site.Open(store: await store());
        var old = await Investigated(site, 0);
        await Close(site, old);
        var repeat = await site.SendAlert(1);
        await site.RunEnded(repeat);
        var held = await Investigated(site, 2);
        await Close(site, held);
        Assert.Equal(200, (await site.Post($"/rest/container/{held}", """{"tags":["hold"]}""")).Status);
        var doubtful = await Doubtful(site);
        await Close(site, doubtful);

        await Later(site, new RetentionOptions { Keep = TimeSpan.FromDays(30) });

        // In the order of their numbers: the last to go is what the run on the open event did.
        await Gone(site, $"/rest/app_run?_filter_container={repeat}");
        Assert.Equal(0, await Count(site, $"/rest/container?_filter_id={old}"));
        foreach (var type in new[] { "playbook_run", "action_run", "app_run", "artifact", "note" })
        {
            Assert.Equal(0, await Count(site, $"/rest/{type}?_filter_container={old}"));
            Assert.NotEqual(0, await Count(site, $"/rest/{type}?_filter_container={held}"));
        }

        Assert.Equal(1, await Count(site, $"/rest/container?_filter_id={doubtful}"));
        Assert.Equal(1, (await site.Get("/rest/health")).GetProperty("outcomes_in_doubt").GetInt64());

        // An open event stays as it was, and its playbook knows what it has seen.
        Assert.Equal(1, await Count(site, $"/rest/container?_filter_id={repeat}"));
        Assert.NotEqual(0, await Count(site, $"/rest/note?_filter_container={repeat}"));
        var tickets = (await site.Tickets()).GetArrayLength();
        var (status, body) = await site.Post("/rest/playbook_run", $$"""{"container_id":{{repeat}},"playbook_id":"community/investigate_suspicious_outbound_connection","scope":"new"}""");
        Assert.True(status == 200, body.ToString());
        await site.RunEnded(repeat);
        Assert.Equal(tickets, (await site.Tickets()).GetArrayLength());
        Assert.Contains(await Rows<AuditRow>(site), row => row is { CausedBy: "retention", Act: "deleted", Object: "container" } && row.ObjectId == old);
    }

    [Fact]
    public async Task NotOldYet_NothingGoes()
    {
        await using var site = await Site.Open(store: await store());
        var closed = await Investigated(site, 0);
        await Close(site, closed);
        var before = (await Rows<AuditRow>(site))[^1].At;

        await Later(site, new RetentionOptions { Keep = TimeSpan.FromDays(50), KeepRecord = TimeSpan.FromDays(30) });

        // The contents go last: once they are gone, all else has been looked at.
        while ((await Rows<AuditRow>(site)).Any(row => row.At <= before && row.Content != AuditChain.Emptied))
        {
            await Task.Yield();
        }

        Assert.NotEqual(0, await Count(site, $"/rest/app_run?_filter_container={closed}"));
    }

    [Fact]
    public async Task ContentsOfTheRecordGo_AndItStillVerifies()
    {
        await using var site = await Site.Open(store: await store());
        await Close(site, await Investigated(site, 0));
        var before = await Rows<AuditRow>(site);

        await Later(site, new RetentionOptions { KeepRecord = TimeSpan.FromDays(30) });
        IReadOnlyList<AuditRow> after;
        do
        {
            after = await Rows<AuditRow>(site);
        }
        while (after.Any(row => row.Content != AuditChain.Emptied && before.Any(old => old.Id == row.Id)));

        Assert.Equal(before.Select(row => row.Hash), after.Take(before.Count).Select(row => row.Hash));
        Assert.DoesNotContain(AuditChain.Verify(after), finding => finding.IsBroken);
        Assert.Contains(after, row => row is { CausedBy: "retention", Act: "emptied" });
    }

    private static async Task<long> Investigated(Site site, int index)
    {
        var container = await site.SendAlert(index);
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        return container;
    }

    private static async Task<long> Doubtful(Site site)
    {
        await site.Change("servicenow", "landed_within_seconds", 0);
        await site.Behave("""{"system":"servicenow","fail":"cut"}""");
        var asked = await site.InDoubt(await site.Ask("create ticket", "servicenow", new { short_description = "x" }));
        return asked.ContainerId!.Value;
    }

    private static async Task Close(Site site, long container) => Assert.Equal(200, (await site.Post($"/rest/container/{container}", """{"status":"closed"}""")).Status);

    private static async Task Later(Site site, RetentionOptions retention)
    {
        await site.Server.DisposeAsync();
        site.Setup = options => options with { Retention = retention, Time = new LaterClock(TimeSpan.FromDays(40)) };
        await site.StartServer();
    }

    private static async Task Gone(Site site, string list)
    {
        while (await Count(site, list) > 0)
        {
            await Task.Yield();
        }
    }

    private static async Task<long> Count(Site site, string list) => (await site.Get(list)).GetProperty("count").GetInt64();

    private static async Task<IReadOnlyList<T>> Rows<T>(Site site)
        where T : class, IRow => await site.Server.Store.Select<T>(new Query { Order = [("Id", false)] }, Ct);

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
