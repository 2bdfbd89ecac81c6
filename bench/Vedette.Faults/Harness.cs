using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Lab;
using Vedette.Lab.Alerts;

namespace Vedette.Faults;

/// <summary>
/// Kills the server at every commit on the way of an alert, and at any moment of many, starts it again, and counts what the lab has in the end: one ticket
/// for each alert. An alert whose acknowledgement was lost is sent again, as every sender does.
/// </summary>
internal sealed partial class Harness : IAsyncDisposable
{
    private static readonly SplunkAlerts Alerts = new("fault", TimeProvider.System, distinct: true);

    private readonly string _folder = Directory.CreateTempSubdirectory("vedette-faults-").FullName;
    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
    private readonly Lab.Lab _lab;
    private readonly HttpClient _control;
    private readonly string? _store;
    private NodeProcess _node = null!;
    private int _next;

    private Harness(Lab.Lab lab, string? store) => (_lab, _store, _control) = (lab, store, new HttpClient { BaseAddress = new Uri(lab.Url) });

    public Tally Tally { get; } = new();

    /// <param name="store">Connection string of an empty database; null for a file.</param>
    public static async Task<Harness> Open(string? store)
    {
        var harness = new Harness(await Vedette.Lab.Lab.Start(new LabOptions { LateWorkAfter = TimeSpan.FromMilliseconds(300) }, CancellationToken.None), store);
        harness._node = await NodeProcess.Start(harness._folder, harness._lab.Url, harness._token, store);
        return harness;
    }

    /// <summary>The commits of one alert's way that is not disturbed. The first one's shows that the ticket system takes our key.</summary>
    public async Task<IReadOnlyList<string>> Way()
    {
        await Through(await Send(_node, Interlocked.Increment(ref _next)));
        await _node.Arm(null, after: true);
        await Through(await Send(_node, Interlocked.Increment(ref _next)));
        return _node.Commits;
    }

    /// <summary>One alert, with the server killed at a commit of its way.</summary>
    /// <param name="behaviour">How the ticket system behaves until then; null for well.</param>
    /// <returns>What the killed commit had written, whether the alert had been acknowledged, and its tickets.</returns>
    public async Task<(string Commit, bool Acknowledged, int Tickets)> KilledAt(int commit, bool after, string? behaviour = null)
    {
        await Order("behaviour", behaviour ?? """{"system":"servicenow"}""");
        await _node.Arm(commit, after);
        var number = Interlocked.Increment(ref _next);
        var acknowledged = await Send(_node, number);

        // Where the way was shorter than the last one's, it ends without reaching the commit.
        await Task.WhenAny(_node.Ended, Through(acknowledged));
        var killed = _node.Commits;
        await Again();
        await Order("behaviour", """{"system":"servicenow"}""");
        await Through(acknowledged ?? await Send(_node, number));
        return (killed.Count >= commit ? killed[commit - 1] : $"{commit} was not reached", acknowledged is not null, await Count([number]));
    }

    /// <summary>So many alerts at once, with the server killed after a while, again and again until all are through.</summary>
    public async Task KilledAtRandom(int alerts, int kills, Random chance)
    {
        var numbers = Enumerable.Range(0, alerts).Select(_ => Interlocked.Increment(ref _next)).ToList();
        var open = numbers.ToHashSet();
        for (var kill = 0; kill < kills; kill++)
        {
            var node = _node;
            var sending = Task.WhenAll(open.ToList().Select(async number => (Number: number, Id: await Send(node, number))));
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(20, 1200)));
            node.Kill();
            open.ExceptWith((await sending).Where(sent => sent.Id is not null).Select(sent => sent.Number));
            await Again();
        }

        foreach (var number in open)
        {
            await Send(_node, number);
        }

        await Drained();
        await Count(numbers);
    }

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        _control.Dispose();
        await _lab.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Again()
    {
        _node.Dispose();
        Tally.Kills++;
        _node = await NodeProcess.Start(_folder, _lab.Url, _token, _store);
    }

    /// <summary>The number of the event; null where no answer came.</summary>
    private static async Task<long?> Send(NodeProcess node, int number)
    {
        var body = Alerts.Container(number);
        var artifact = Alerts.Artifact(number, 0);
        artifact.Remove("container_id");
        body["artifacts"] = new JsonArray(artifact);
        try
        {
            using var response = await node.Http.PostAsJsonAsync("/rest/container", body);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

            // Stored before its acknowledgement was lost: it is told so, with the number it has.
            return answer.TryGetProperty("id", out var id) ? id.GetInt64() : answer.GetProperty("existing_container_id").GetInt64();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Ends when the runs of the event have ended, or wait for a person; never where the node ends before.</summary>
    private async Task Through(long? container)
    {
        var node = _node;
        try
        {
            while (container is not null)
            {
                var runs = (await node.Http.GetFromJsonAsync<JsonElement>($"/rest/playbook_run?_filter_container={container}")).GetProperty("data").EnumerateArray().ToList();
                var health = await node.Http.GetFromJsonAsync<JsonElement>("/rest/health");
                if (runs.Count > 0 && (runs.All(run => run.GetProperty("status").GetString() is not ("pending" or "running")) || health.GetProperty("outcomes_in_doubt").GetInt64() > 0))
                {
                    return;
                }
            }
        }
        catch (HttpRequestException)
        {
            // It was killed.
        }

        await node.Ended;
    }

    private async Task Drained()
    {
        JsonElement health;
        do
        {
            health = await _node.Http.GetFromJsonAsync<JsonElement>("/rest/health");
        }
        while (health.GetProperty("outbox").GetInt64() > 0 || health.GetProperty("runs_pending").GetInt64() + health.GetProperty("runs_running").GetInt64() > health.GetProperty("outcomes_in_doubt").GetInt64());
    }

    /// <summary>Looks what became of alerts: in the lab, and in the server's own account.</summary>
    /// <returns>Their tickets.</returns>
    private async Task<int> Count(IReadOnlyList<int> numbers)
    {
        // Each alert has a domain of its own, which its ticket names.
        var all = (await _control.GetFromJsonAsync<JsonElement>("/_lab/tickets")).EnumerateArray()
            .ToLookup(ticket => int.Parse(Named().Match(ticket.GetProperty("fields").GetRawText()).Groups[1].Value, CultureInfo.InvariantCulture));
        var tickets = 0;
        foreach (var number in numbers)
        {
            var its = all[number].Count();
            tickets += its;
            Tally.Lost += its == 0 ? 1 : 0;
            Tally.Doubled += its > 1 ? 1 : 0;
        }

        Tally.Alerts += numbers.Count;
        var health = await _node.Http.GetFromJsonAsync<JsonElement>("/rest/health");
        Tally.Unknown = (int)health.GetProperty("outcomes_in_doubt").GetInt64();
        Tally.Failed = (int)(await _node.Http.GetFromJsonAsync<JsonElement>("/rest/playbook_run?_filter_status=\"failed\"&page_size=1")).GetProperty("count").GetInt64();
        return tickets;
    }

    private async Task Order(string path, string json)
    {
        using var body = new StringContent(json);
        (await _control.PostAsync("/_lab/" + path, body)).EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"load-(\d+)")]
    private static partial Regex Named();
}
