using System.Net;
using System.Text.Json;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

public sealed class SqliteHealthTests() : HealthTests(() => Task.FromResult<string?>(null));

public sealed class PostgresHealthTests(SharedPostgres shared) : HealthTests(async () => await (await shared.Cluster).NewDatabase());

/// <param name="store">Makes a database, and gives its connection string; null is a file.</param>
public abstract class HealthTests(Func<Task<string?>> store)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithoutSignIn_OneWordIsSaidAndNothingMore()
    {
        await using var site = await Site.Open(store: await store());
        using var stranger = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = site.Server.Url };

        Assert.Equal("live", await stranger.GetStringAsync("/health/live", Ct));
        Assert.Equal("ready", await stranger.GetStringAsync("/health/ready", Ct));
        using var posted = await stranger.PostAsync("/health/live", null, Ct);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        using var details = await stranger.GetAsync("/rest/health", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, details.StatusCode);
    }

    [Fact]
    public async Task SignedIn_WhatIsOpenIsCountedWithItsAge()
    {
        await using var site = await Site.Open(store: await store());
        Assert.Equal(200, (await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"a test"}""")).Status);
        var container = await site.SendAlert();

        // The look-ups of the run wait for the switch, and the run for them.
        JsonElement health;
        do
        {
            health = await site.Get("/rest/health");
        }
        while (health.GetProperty("actions_open").GetInt64() == 0 || health.GetProperty("indicators").GetInt64() > 0);

        Assert.True(health.GetProperty("stopped").GetBoolean());
        Assert.True(health.GetProperty("store_reached").GetBoolean());
        Assert.True(health.GetProperty("playbooks_run").GetBoolean());
        Assert.Equal(1, health.GetProperty("runs_running").GetInt64());
        Assert.True(health.GetProperty("runs_running_oldest_seconds").GetDouble() >= 0);
        Assert.Equal(0, health.GetProperty("outbox").GetInt64());
        Assert.Equal(JsonValueKind.Null, health.GetProperty("outbox_oldest_seconds").ValueKind);
        Assert.InRange(health.GetProperty("disk_free_bytes").GetInt64(), 1, health.GetProperty("disk_size_bytes").GetInt64());

        Assert.Equal(200, (await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false,"reason":"a test"}""")).Status);
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        health = await site.Get("/rest/health");
        Assert.Equal((0, 0), (health.GetProperty("backlog").GetInt64(), health.GetProperty("backlog_drains_in_seconds").GetDouble()));
        Assert.Equal(0, health.GetProperty("runs_running").GetInt64() + health.GetProperty("actions_open").GetInt64() + health.GetProperty("outcomes_in_doubt").GetInt64());
    }

    [Fact]
    public async Task AnsweredNever_TheOutcomeInDoubtIsCounted()
    {
        await using var site = await Site.Open(store: await store());
        await site.Change("servicenow", "landed_within_seconds", 0);
        await site.Behave("""{"system":"servicenow","fail":"cut"}""");
        await site.InDoubt(await site.Ask("create ticket", "servicenow", new { short_description = "x" }));

        var health = await site.Get("/rest/health");

        Assert.Equal(1, health.GetProperty("outcomes_in_doubt").GetInt64());
        Assert.Equal(1, health.GetProperty("actions_open").GetInt64());
    }
}
