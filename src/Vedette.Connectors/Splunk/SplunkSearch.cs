using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.Splunk;

/// <summary>
/// The way of a search: 1. make the query's text, 2. sign in, 3. have it parsed, 4. create the job, 5. wait until it is done,
/// 6. fetch the rows page by page.
/// </summary>
internal sealed class SplunkSearch(ActionCall call, SplunkClient client)
{
    /// <summary>Each row becomes an item of the result; more than this is no work for a playbook.</summary>
    private const int MostRows = 10_000;

    private const int PageRows = 500;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan CancelWithin = TimeSpan.FromSeconds(2);

    private readonly JsonObject _summary = new() { ["sid"] = "Search ID not created" };

    /// <summary>From 9.0.2 on the paths have a generation; before, they have none.</summary>
    private string _generation = "v2/";

    public async Task<ActionAnswer> Run(CancellationToken ct)
    {
        var query = Query();
        await SplunkConnector.Named("Error occurred while connecting to the Splunk server. Details: ", () => client.SignIn(ct));
        await SplunkConnector.Named("Failed to connect to splunk server. ", () => Parse(query, ct), _summary);
        var sid = "";
        await SplunkConnector.Named("Failed to get a job id from splunk server. ", async () => sid = await Create(query, ct), _summary);
        _summary["sid"] = sid;
        JsonArray rows = [];
        List<string> said = [];
        var found = 0L;
        await SplunkConnector.Named("Error retrieving results. ", async () => (rows, said) = await Rows(sid, found = await Awaited(sid, ct), ct), _summary);
        if (call.Flag("attach_result", otherwise: false))
        {
            call.Progress("The rows were not attached as a file: connectors have no way into the vault.");
        }

        _summary["total_events"] = rows.Count;
        var message = AutomaticMessage.From(_summary);
        if (rows.Count < found)
        {
            message += string.Create(CultureInfo.InvariantCulture, $". Only the first {rows.Count} of {found} rows were taken; narrow the search to see the others");
            _summary["rows_left_out"] = found - rows.Count;
        }
        else if (rows.Count == 0 && said.Count > 0)
        {
            message += $". {string.Join(" ", said)}";
        }

        return new ActionAnswer { Success = true, Data = rows, Summary = _summary, Message = message };
    }

    private string Query()
    {
        var query = call.Required("query");
        if (query.Contains('\0', StringComparison.Ordinal))
        {
            throw Inputs.Invalid("query");
        }

        if (call.Text("command") is { Length: > 0 } command)
        {
            return $"{command} {query}";
        }

        return query.StartsWith('|') || query.StartsWith("search", StringComparison.Ordinal) ? query : $"search {query}";
    }

    private async Task Parse(string query, CancellationToken ct)
    {
        KeyValuePair<string, string>[] fields = [new("q", query), new("parse_only", call.Flag("parse_only", false) ? "True" : "False")];
        var reply = await client.Post("search/v2/parser", fields, ct);
        if (reply.Status == 404)
        {
            _generation = "";
            reply = await client.Get($"search/parser?output_mode=json&{string.Join('&', fields.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}"))}", ct);
            if (reply.Status == 405)
            {
                reply = await client.Post("search/parser", fields, ct);
            }
        }

        if (!reply.Ok)
        {
            throw reply.Status == 400
                ? new CallException(reply.Fault, $"Query invalid '{query}'. {SplunkClient.Said(reply)}")
                : new CallException(reply.Fault, SplunkClient.Said(reply));
        }
    }

    private async Task<string> Create(string query, CancellationToken ct)
    {
        List<KeyValuePair<string, string>> fields =
            [new("search", query), new("exec_mode", "normal"), new("adhoc_search_level", call.Text("search_mode") ?? "smart")];
        Add("earliest_time", "start_time");
        Add("latest_time", "end_time");
        Add("time_format", "time_format");
        var reply = await client.Post($"search/{_generation}jobs", fields, ct);
        if (!reply.Ok)
        {
            throw new CallException(reply.Fault, SplunkClient.Said(reply));
        }

        return reply.Json("Splunk") is JsonObject body && body["sid"]?.ToString() is { Length: > 0 } sid
            ? sid
            : throw CallException.Unreadable("Splunk's answer has no sid.");

        void Add(string field, string parameter)
        {
            if (call.Text(parameter) is { Length: > 0 } value)
            {
                fields.Add(new(field, value));
            }
        }
    }

    /// <summary>Waits for the job; one that is given up is called off, or it would go on costing the other side.</summary>
    private async Task<long> Awaited(string sid, CancellationToken ct)
    {
        try
        {
            return await Finished(sid, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or CallException { Fault.Where: FaultKind.TimedOut })
        {
            await CallOff(sid);
            throw;
        }
    }

    private async Task CallOff(string sid)
    {
        using var limit = new CancellationTokenSource(CancelWithin, call.Time);
        try
        {
            await client.Post($"search/{_generation}jobs/{Inputs.Segment(sid, "sid")}/control", [new("action", "cancel")], limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WayOutException or CallException)
        {
            call.Progress($"The search {sid} could not be called off; Splunk ends it by itself.");
        }
    }

    /// <summary>Answers how many rows the job has.</summary>
    private async Task<long> Finished(string sid, CancellationToken ct)
    {
        var until = call.Time.GetUtcNow() + TimeSpan.FromSeconds(call.Asset.Number("splunk_job_timeout", 1200));
        var longest = TimeSpan.FromSeconds(Math.Clamp(call.Asset.Number("sleeptime_in_requests", 1), 1, 120));
        // Most searches of playbooks are short: look soon, then ever more seldom.
        for (var wait = FirstWait; ; wait = wait * 2 < longest ? wait * 2 : longest)
        {
            var reply = await client.Get($"search/{_generation}jobs/{Inputs.Segment(sid, "sid")}?output_mode=json", ct);
            if (!reply.Ok)
            {
                throw new CallException(reply.Fault, SplunkClient.Said(reply));
            }

            if (reply.Status != 204)
            {
                var state = ((reply.Json("Splunk")["entry"] as JsonArray)?.FirstOrDefault() as JsonObject)?["content"] as JsonObject
                    ?? throw CallException.Unreadable("Splunk's answer has no state of the job.");
                call.Progress(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Progress: {Number(state, "doneProgress") * 100:0.0}%   {Number(state, "scanCount")} scanned   {Number(state, "eventCount")} matched   {Number(state, "resultCount")} results"));
                if (IsTrue(state, "isFailed"))
                {
                    throw new CallException(new Fault(FaultKind.Refused), string.Join(" ", ["The search failed.", .. SplunkClient.Messages(state)]));
                }

                if (IsTrue(state, "isDone"))
                {
                    return state["resultCount"] is not null
                        ? (long)Number(state, "resultCount")
                        : throw CallException.Unreadable("Splunk's answer does not say how many rows the search has.");
                }
            }

            if (call.Time.GetUtcNow() >= until)
            {
                throw new CallException(new Fault(FaultKind.TimedOut), "Failed to retrieve splunk job results. The splunk job has timed out.");
            }

            await Task.Delay(wait, call.Time, ct);
        }
    }

    private async Task<(JsonArray Rows, List<string> Said)> Rows(string sid, long expected, CancellationToken ct)
    {
        JsonArray rows = [];
        List<string> said = [];
        var bytes = 0L;
        var keepRaw = call.Flag("add_raw_field", otherwise: true);
        var path = $"search/{_generation}jobs/{Inputs.Segment(sid, "sid")}/results";
        var most = Math.Min(expected, MostRows);
        while (true)
        {
            var count = Math.Clamp(most - rows.Count, 1, PageRows).ToString(CultureInfo.InvariantCulture);
            var offset = rows.Count.ToString(CultureInfo.InvariantCulture);
            var reply = _generation.Length == 0
                ? await client.Get($"{path}?output_mode=json&count={count}&offset={offset}", ct)
                : await client.Post(path, [new("count", count), new("offset", offset)], ct);
            if (!reply.Ok)
            {
                throw new CallException(reply.Fault, SplunkClient.Said(reply));
            }

            bytes += reply.Body.Length;
            if (reply.Status == 204 || bytes > Exchange.MostBytes)
            {
                return (rows, said);
            }

            var body = reply.Json("Splunk");
            said.AddRange(SplunkClient.Messages(body));
            var page = (body as JsonObject)?["results"] as JsonArray ?? throw CallException.Unreadable("Splunk's answer has no rows.");
            foreach (var row in page.OfType<JsonObject>().ToList())
            {
                page.Remove(row);
                if (!keepRaw)
                {
                    row.Remove("_raw");
                }

                rows.Add(row);
            }

            // The server may cut pages at a limit of its own; what is missing is asked for until nothing more comes.
            if (rows.Count >= most || rows.Count.ToString(CultureInfo.InvariantCulture) == offset)
            {
                return (rows, said);
            }
        }
    }

    private static double Number(JsonObject state, string name) =>
        double.TryParse(state[name]?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static bool IsTrue(JsonObject state, string name) => state[name]?.ToString() is "true" or "True" or "1";
}
