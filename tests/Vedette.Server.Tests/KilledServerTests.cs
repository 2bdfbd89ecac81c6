using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Lab;
using Vedette.Lab.Alerts;

namespace Vedette.Server.Tests;

/// <summary>The server as a process of its own, ended by SIGKILL in the middle of its work.</summary>
public sealed class KilledServerTests
{
    [Theory(Timeout = 120_000)]
    [InlineData(4)]
    [InlineData(9)]
    public async Task KilledDuringRuns_AfterRestartEachAlertHasOneTicket(int alerts)
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        using var control = new HttpClient { BaseAddress = new Uri(lab.Url) };
        using var slow = new StringContent("""{"system":"servicenow","latency_ms":150}""");
        (await control.PostAsync("/_lab/behaviour", slow, ct)).EnsureSuccessStatusCode();

        using (var first = await ServerProcess.Start(folder, new Uri(lab.Url), token))
        {
            using var client = new HttpClient { BaseAddress = first.Url };
            var stories = new SplunkAlerts("a", TimeProvider.System);
            await Task.WhenAll(WithTicket(stories).Take(alerts).Select(i => new SplunkPusher(client, token, stories).Push(i, ct)));
            await lab.TicketsReached(1, ct);
            first.Kill();
        }

        using var second = await ServerProcess.Start(folder, new Uri(lab.Url), token);
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

    /// <summary>The stories that end with a ticket: a connection to the company's own domain ends with a note.</summary>
    private static IEnumerable<int> WithTicket(SplunkAlerts stories) => Enumerable.Range(0, SplunkAlerts.Stories)
        .Where(i => !((string)stories.Artifact(i, 0)["cef"]!["destinationDnsDomain"]!).EndsWith("halden.example", StringComparison.Ordinal));
}
