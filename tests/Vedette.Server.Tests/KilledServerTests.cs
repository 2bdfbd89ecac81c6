using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Server.Tests.Threats;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

public sealed class SqliteKilledServerTests() : KilledServerTests(() => Task.FromResult<string?>(null));

public sealed class PostgresKilledServerTests(SharedPostgres shared) : KilledServerTests(async () => await (await shared.Cluster).NewDatabase());

/// <summary>The server as a process of its own, on each store, ended by SIGKILL in the middle of its work.</summary>
/// <param name="newStore">Makes a database, and gives its connection string; null is a file.</param>
public abstract class KilledServerTests(Func<Task<string?>> newStore)
{
    [Theory(Timeout = 120_000)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task KilledDuringRuns_AfterRestartEachAlertHasOneTicket(int alerts)
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        var store = await newStore();
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        using var control = new HttpClient { BaseAddress = new Uri(lab.Url) };
        using var slow = new StringContent("""{"system":"servicenow","latency_ms":150}""");
        (await control.PostAsync("/_lab/behaviour", slow, ct)).EnsureSuccessStatusCode();

        using (var first = await ServerProcess.Start(folder, new Uri(lab.Url), token, store: store))
        {
            using var client = new HttpClient { BaseAddress = first.Url };
            var stories = new SplunkAlerts("a", TimeProvider.System);
            await Task.WhenAll(WithTicket(stories).Take(alerts).Select(i => new SplunkPusher(client, token, stories).Push(i, ct)));
            await lab.TicketsReached(1, ct);
            first.Kill();
        }

        using var second = await ServerProcess.Start(folder, new Uri(lab.Url), token, store: store);
        await lab.TicketsReached(alerts, ct);
        using var after = new HttpClient { BaseAddress = second.Url };
        after.DefaultRequestHeaders.Add("ph-auth-token", token);
        while ((await after.GetFromJsonAsync<JsonElement>("/rest/playbook_run?_filter_status__in=[\"pending\",\"running\"]", ct)).GetProperty("count").GetInt64() > 0)
        {
            await Task.Yield();
        }

        var tickets = await control.GetFromJsonAsync<JsonElement>("/_lab/tickets", ct);
        Assert.Equal(alerts, tickets.GetArrayLength());
        Assert.Equal(alerts, tickets.EnumerateArray().Select(ticket => ticket.GetProperty("correlation_id").GetString()).Distinct().Count());
        second.Kill();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>In the middle of a turn that has put an event into a case, which is committed, and has written a note and attached a file, which is not.</summary>
    [Fact(Timeout = 120_000)]
    public async Task KilledBetweenCallsOfATurn_AfterRestartEachIsDoneOnceAndNoFileIsLeftOver()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        var store = await newStore();
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        long child, run;
        using (var first = await ServerProcess.Start(folder, new Uri(lab.Url), token, store: store))
        {
            using var admin = Admin(first);
            await admin.Import("gathers", """
                import phantom.rules as phantom
                def on_start(container):
                    assert phantom.promote(container)[0]
                    url = phantom.build_phantom_rest_url("container", container["id"])
                    answer = phantom.requests.post(url, json={"add_to_case": True, "container_id": int(container["description"]), "copy_artifacts": True}, verify=False).json()
                    assert answer["success"], answer
                    assert phantom.add_note(container=container, title="gathered", content="once")[0]
                    with open("/opt/phantom/vault/tmp/proof", "w") as file:
                        file.write("proof")
                    assert phantom.vault_add(container, "/opt/phantom/vault/tmp/proof")[0]
                    # A call that commits nothing, and not too many of it.
                    while not phantom.get_assets(tags=["go on"]):
                        for _ in range(200_000):
                            pass
                    phantom.comment(container=container, comment="done")
                """);
            child = await admin.NewEvent();
            await admin.Said(HttpMethod.Post, "/rest/artifact", new { container_id = child, name = "a", label = "event", source_data_identifier = "a", run_automation = false });
            var into = (await admin.Said(HttpMethod.Post, "/rest/container", new { name = "case", label = "events", description = $"{child}" })).GetProperty("id").GetInt64();
            run = long.Parse((await admin.Said(HttpMethod.Post, "/rest/playbook_run", new { container_id = into, playbook_id = "local/gathers" })).GetProperty("playbook_run_id").GetString()!, CultureInfo.InvariantCulture);
            while (Files(folder).Length == 0)
            {
                await Task.Yield();
                ct.ThrowIfCancellationRequested();
            }

            first.Kill();
        }

        using var second = await ServerProcess.Start(folder, new Uri(lab.Url), token, store: store);
        using var after = Admin(second);
        var asset = (await after.Said(HttpMethod.Get, "/rest/asset?_filter_name=\"whois\"")).GetProperty("data")[0].GetProperty("id");
        await after.Said(HttpMethod.Post, $"/rest/asset/{asset}", new { tags = new[] { "go on" } });
        JsonElement ended;
        while ((ended = await after.Said(HttpMethod.Get, $"/rest/playbook_run/{run}")).GetProperty("status").GetString() is "pending" or "running")
        {
            await Task.Yield();
        }

        Assert.True(ended.GetProperty("status").GetString() == "success", ended.ToString());
        var container = ended.GetProperty("container");
        foreach (var list in new[] { "artifacts", "comments", "attachments" })
        {
            Assert.Single((await after.Said(HttpMethod.Get, $"/rest/container/{container}/{list}")).GetProperty("data").EnumerateArray());
        }

        Assert.Single((await after.Said(HttpMethod.Get, $"/rest/note?_filter_container={container}")).GetProperty("data").EnumerateArray());
        Assert.True((await after.Said(HttpMethod.Get, $"/rest/container/{child}")).GetProperty("in_case").GetBoolean());
        Assert.Single(Files(folder));
        second.Kill();
        Directory.Delete(folder, recursive: true);
    }

    private static HttpClient Admin(ServerProcess server)
    {
        var admin = new HttpClient { BaseAddress = server.Url };
        admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:a-made-up-password-1"u8));
        return admin;
    }

    /// <summary>Whole files of the vault.</summary>
    private static string[] Files(string folder)
    {
        var vault = Path.Combine(folder, "vault");
        return Directory.Exists(vault) ? [.. Directory.EnumerateFiles(vault, "*", SearchOption.AllDirectories).Where(file => !file.Contains("unfinished", StringComparison.Ordinal))] : [];
    }

    /// <summary>The stories that end with a ticket: a connection to the company's own domain ends with a note.</summary>
    internal static IEnumerable<int> WithTicket(SplunkAlerts stories) => Enumerable.Range(0, SplunkAlerts.Stories)
        .Where(i => !((string)stories.Artifact(i, 0)["cef"]!["destinationDnsDomain"]!).EndsWith("halden.example", StringComparison.Ordinal));
}
