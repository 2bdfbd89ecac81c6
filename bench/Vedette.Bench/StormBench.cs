using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Lab.Alerts;

namespace Vedette.Bench;

/// <summary>
/// A storm: as many alerts as the server takes, one in a hundred of them distinct and the rest repeats, from one source; in the middle one of high
/// severity from another source. All answered, then all worked off.
/// </summary>
internal sealed class StormBench(Target target, LoadDriver driver) : IDisposable
{
    /// <summary>Alerts that are sent and not acknowledged at any moment.</summary>
    private const int Senders = 16;

    // Every number has a domain of its own; the same number again is a repeat.
    private static readonly SplunkAlerts Alerts = new("storm", TimeProvider.System, distinct: true);

    private readonly HttpClient _reads = Reads(target);

    public async Task<StormSeen> Run(int alerts)
    {
        var distinct = Math.Max(1, alerts / 100);
        var acknowledged = new Samples();
        var (next, refused, gate) = (0, 0L, new Lock());
        (DateTimeOffset At, long Container)? urgent = null;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(async _ =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) <= alerts;)
            {
                if (i == alerts / 2)
                {
                    urgent = await Urgent(alerts + 1);
                    continue;
                }

                var began = Stopwatch.GetTimestamp();
                while (!await Send(i % distinct, $"storm-{i}", "medium", "storm"))
                {
                    Interlocked.Increment(ref refused);
                    await Task.Delay(TimeSpan.FromMilliseconds(200));
                }

                lock (gate)
                {
                    acknowledged.Add(Stopwatch.GetElapsedTime(began));
                }
            }
        }));
        var sending = watch.Elapsed;
        var (waits, drainsIn) = await Backlog();
        var firstAction = await FirstAction(urgent!.Value.Container) - urgent.Value.At;
        while ((await Open()) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        var tickets = await driver.Tickets();
        return new StormSeen(
            alerts,
            distinct,
            sending,
            acknowledged,
            refused,
            await Count("container"),
            await Count("artifact"),
            await Count("playbook_run"),
            tickets.Count,
            tickets.Count(ticket => ticket.Count() > 1),
            firstAction,
            waits,
            drainsIn,
            watch.Elapsed - sending);
    }

    public void Dispose() => _reads.Dispose();

    private static HttpClient Reads(Target target)
    {
        var http = new HttpClient { BaseAddress = target.Client.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{target.Password}")));
        return http;
    }

    /// <summary>False where it is told to come again.</summary>
    private async Task<bool> Send(int number, string identifier, string severity, string sender)
    {
        using var response = await Post(number, identifier, severity, sender);
        return response.StatusCode != System.Net.HttpStatusCode.ServiceUnavailable && response.EnsureSuccessStatusCode() is not null;
    }

    private async Task<(DateTimeOffset At, long Container)> Urgent(int number)
    {
        while (true)
        {
            var at = DateTimeOffset.UtcNow;
            using var response = await Post(number, "urgent", "high", "urgent");
            if (response.IsSuccessStatusCode)
            {
                return (at, (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private async Task<HttpResponseMessage> Post(int number, string identifier, string severity, string sender)
    {
        var body = Alerts.Container(number);
        var artifact = Alerts.Artifact(number, 0);
        artifact.Remove("container_id");
        (body["source_data_identifier"], artifact["source_data_identifier"]) = (identifier, identifier);
        (body["severity"], artifact["severity"]) = (severity, severity);
        body["tags"] = new JsonArray(sender);
        body["artifacts"] = new JsonArray(artifact);
        using var request = new HttpRequestMessage(HttpMethod.Post, "rest/container") { Content = JsonContent.Create(body) };
        request.Headers.Add("ph-auth-token", target.Token);
        return await target.Client.SendAsync(request);
    }

    private async Task<long> Count(string what) => (await _reads.GetFromJsonAsync<JsonElement>($"rest/{what}?page_size=1")).GetProperty("count").GetInt64();

    private async Task<long> Open()
    {
        var health = await _reads.GetFromJsonAsync<JsonElement>("rest/health");
        return health.GetProperty("outbox").GetInt64() + health.GetProperty("runs_pending").GetInt64() + health.GetProperty("runs_running").GetInt64();
    }

    private async Task<(long Waits, double? DrainsIn)> Backlog()
    {
        var health = await _reads.GetFromJsonAsync<JsonElement>("rest/health");
        return (health.GetProperty("backlog").GetInt64(), health.GetProperty("backlog_drains_in_seconds") is { ValueKind: JsonValueKind.Number } seconds ? seconds.GetDouble() : null);
    }

    private async Task<DateTimeOffset> FirstAction(long container)
    {
        while (true)
        {
            var asked = (await _reads.GetFromJsonAsync<JsonElement>($"rest/action_run?_filter_container={container}&sort=id&order=asc&page_size=1")).GetProperty("data");
            if (asked.GetArrayLength() > 0)
            {
                return asked[0].GetProperty("create_time").GetDateTimeOffset();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }
    }
}

/// <param name="Refused">Sendings that were told to come again.</param>
/// <param name="Containers">All that are stored: each alert is one.</param>
/// <param name="FirstAction">Of the one of high severity, from its sending on.</param>
/// <param name="Waits">The backlog when the last was acknowledged.</param>
/// <param name="DrainsIn">Seconds that the server said it would take; null where it did not know.</param>
/// <param name="Drained">How long it took.</param>
internal sealed record StormSeen(
    int Alerts, int Distinct, TimeSpan Sending, Samples Acknowledged, long Refused, long Containers, long Artifacts, long Runs, int Tickets, int Doubled, TimeSpan FirstAction, long Waits, double? DrainsIn, TimeSpan Drained);
