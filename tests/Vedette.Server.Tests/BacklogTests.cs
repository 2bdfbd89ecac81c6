using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

public sealed class SqliteBacklogTests() : BacklogTests(() => Task.FromResult<string?>(null));

public sealed class PostgresBacklogTests(SharedPostgres shared) : BacklogTests(async () => await (await shared.Cluster).NewDatabase());

/// <param name="store">Makes a database, and gives its connection string; null is a file.</param>
public abstract class BacklogTests(Func<Task<string?>> store)
{
    private const string Playbook = "community/investigate_suspicious_outbound_connection";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TooManyWait_SendersComeAgainAndWhatWasAcceptedIsWorkedOff()
    {
        await using var site = await Site.Open(store: await store(), setup: options => options with { MostWaiting = 2 });
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"a test"}""");
        var first = await site.SendAlert();
        while ((await site.Get("/rest/health")).GetProperty("actions_open").GetInt64() == 0)
        {
            await Task.Yield();
        }

        // One run of a playbook at a time on an event: these wait behind the first.
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(200, (await site.Post("/rest/playbook_run", $$"""{"container_id":{{first}},"playbook_id":"{{Playbook}}","scope":"new"}""")).Status);
        }

        var health = await site.Get("/rest/health");
        Assert.Equal(2, health.GetProperty("backlog").GetInt64());
        Assert.True(health.GetProperty("backlog_oldest_seconds").GetDouble() >= 0);
        Assert.Equal(JsonValueKind.Null, health.GetProperty("backlog_drains_in_seconds").ValueKind);

        var accepted = new List<string>();
        HttpResponseMessage answer;
        for (var i = 0; (answer = await Send(site, $"alert {i}")).IsSuccessStatusCode; i++)
        {
            accepted.Add($"alert {i}");
            answer.Dispose();
        }

        using (answer)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(5, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
            Assert.Contains("most_waiting", (await answer.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false,"reason":"a test"}""");
        await site.RunEnded(first, 3);
        while (!(answer = await Send(site, "comes again")).IsSuccessStatusCode)
        {
            answer.Dispose();
        }

        answer.Dispose();
        var stored = await site.Server.Store.Select<ContainerRow>(new Query(), Ct);
        Assert.Equal(accepted.Append("comes again").Order(), stored.Where(row => row.Id != first).Select(row => row.SourceDataIdentifier).Order());
        Assert.All(await site.Server.Store.Select<PlaybookRunRow>(new Query(), Ct), run => Assert.Equal("success", run.Status));
    }

    [Fact]
    public async Task DiskNearlyFull_NoAlertIsTakenAndAllElseGoesOn()
    {
        await using var site = await Site.Open(store: await store(), setup: options => options with { LeastDiskFree = long.MaxValue });

        using var refused = await Send(site, "no room");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("least_disk_free", (await refused.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("message").GetString(), StringComparison.Ordinal);
        var (status, _) = await site.Post("/rest/container", """[{"name":"a","label":"events"},{"name":"b","label":"events"}]""");
        Assert.Equal(503, status);
        Assert.Equal(0, (await site.Get("/rest/container")).GetProperty("count").GetInt64());
        Assert.Equal(200, (await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"a test"}""")).Status);
    }

    private static Task<HttpResponseMessage> Send(Site site, string identifier) => site.Client.PostAsJsonAsync(
        "/rest/container", new { name = identifier, label = "events", source_data_identifier = identifier, run_automation = false, artifacts = new[] { new { cef = new { sourceAddress = "203.0.113.9" } } } }, Ct);
}
