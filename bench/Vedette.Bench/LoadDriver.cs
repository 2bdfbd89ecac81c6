using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Lab.Alerts;

namespace Vedette.Bench;

/// <summary>Posts alerts and sees the tickets arrive at the lab, which lives in this process so that both read one clock.</summary>
internal sealed partial class LoadDriver(Lab.Lab lab) : IDisposable
{
    // Every alert has a domain of its own, by which its ticket is known again.
    private static readonly SplunkAlerts Alerts = new("bench", TimeProvider.System, distinct: true);

    private readonly HttpClient _lab = new() { BaseAddress = new Uri(lab.Url) };
    private int _next;

    public Lab.Lab Lab => lab;

    public async Task Reset(int latency)
    {
        await Order("reset", "{}");
        foreach (var system in latency > 0 ? (string[])["ldap", "whois", "rdap", "shodan", "servicenow"] : [])
        {
            await Order("behaviour", $$"""{"system":"{{system}}","latency_ms":{{latency}}}""");
        }
    }

    /// <summary>One alert with its artifact in one request; gives its number and when it was sent, and how long the acknowledgement took.</summary>
    public async Task<Sent> Send(Target target)
    {
        var number = Interlocked.Increment(ref _next);
        var body = Alerts.Container(number);
        var artifact = Alerts.Artifact(number, 0);
        artifact.Remove("container_id");
        body["artifacts"] = new JsonArray(artifact);
        using var request = new HttpRequestMessage(HttpMethod.Post, "rest/container") { Content = JsonContent.Create(body) };
        request.Headers.Add("ph-auth-token", target.Token);
        var at = DateTimeOffset.UtcNow;
        var watch = Stopwatch.StartNew();
        using var response = await target.Client.SendAsync(request);
        var acknowledged = watch.Elapsed;
        response.EnsureSuccessStatusCode();
        return new(number, at, acknowledged);
    }

    /// <summary>The Splunk app's way: the container, then its artifact.</summary>
    public async Task<Sent> SendInTwo(Target target)
    {
        var number = Interlocked.Increment(ref _next);
        var at = DateTimeOffset.UtcNow;
        var watch = Stopwatch.StartNew();
        await new SplunkPusher(target.Client, target.Token, Alerts).Push(number, CancellationToken.None);
        return new(number, at, watch.Elapsed);
    }

    /// <summary>When each alert's tickets were made.</summary>
    public async Task<ILookup<int, DateTimeOffset>> Tickets() =>
        (await _lab.GetFromJsonAsync<JsonElement>("/_lab/tickets")).EnumerateArray().ToLookup(
            ticket => int.Parse(Number().Match(ticket.GetProperty("fields").GetProperty("description").GetString() + ticket.GetProperty("fields").GetProperty("short_description").GetString()).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture),
            ticket => ticket.GetProperty("made_at").GetDateTimeOffset());

    /// <summary>When the last question reached a system that is only asked; the lab has to remember one request of each.</summary>
    public async Task<DateTimeOffset> LastLookUp() =>
        (await _lab.GetFromJsonAsync<JsonElement>("/_lab/requests")).EnumerateArray()
            .Where(request => request.GetProperty("system").GetString() is not ("servicenow" or "splunk"))
            .Max(request => request.GetProperty("at").GetDateTimeOffset());

    public void Dispose() => _lab.Dispose();

    private async Task Order(string path, string json)
    {
        using var body = new StringContent(json);
        (await _lab.PostAsync("/_lab/" + path, body)).EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"load-(\d+)")]
    private static partial Regex Number();
}

/// <param name="Acknowledged">From sending to the whole answer.</param>
internal readonly record struct Sent(int Number, DateTimeOffset At, TimeSpan Acknowledged);
