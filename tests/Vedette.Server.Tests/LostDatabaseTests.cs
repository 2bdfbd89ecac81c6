using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

/// <summary>The database is started again while runs are in the middle of their work.</summary>
public sealed class LostDatabaseTests
{
    [Theory(Timeout = 180_000)]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task DatabaseStartedAgainDuringRuns_EachAlertHasOneTicketAndIntakeSaysWhenToComeAgain(string mode)
    {
        const int Alerts = 5;
        var ct = TestContext.Current.CancellationToken;
        await using var cluster = await PostgresCluster.Start();
        await using var site = await Site.Open(store: await cluster.NewDatabase());
        await site.Behave("""{"system":"servicenow","latency_ms":150}""");
        var stories = new SplunkAlerts("a", TimeProvider.System);
        await Task.WhenAll(KilledServerTests.WithTicket(stories).Take(Alerts).Select(i => new SplunkPusher(site.Client, site.Token, stories).Push(i, ct)));
        await site.Lab.TicketsReached(1, ct);

        await cluster.Down(mode);
        using var refused = await site.Client.PostAsJsonAsync("/rest/container", new { name = "comes again", label = "events", source_data_identifier = "again" }, ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(5, refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Contains("Nothing was stored", (await refused.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("message").GetString(), StringComparison.Ordinal);

        await cluster.Up();
        while (!site.Server.Store.Reachable)
        {
            await Task.Yield();
        }

        using var taken = await site.Client.PostAsJsonAsync("/rest/container", new { name = "comes again", label = "events", source_data_identifier = "again" }, ct);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        await site.Lab.TicketsReached(Alerts, ct);
        while (await site.Server.Store.Count<PlaybookRunRow>(Where.In(nameof(PlaybookRunRow.Status), ["pending", "running"]), ct) > 0)
        {
            await Task.Yield();
        }

        var tickets = await site.Tickets();
        Assert.Equal(Alerts, tickets.GetArrayLength());
        Assert.Equal(Alerts, tickets.EnumerateArray().Select(ticket => ticket.GetProperty("correlation_id").GetString()).Distinct().Count());
        Assert.All(await site.Server.Store.Select<PlaybookRunRow>(new Query(), ct), run => Assert.Equal("success", run.Status));
    }
}
