using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Splunk;

/// <summary>splunkd's management interface as a connector uses it: login, parser, search jobs, receivers, server info.</summary>
internal sealed class SplunkStandIn(SearchJobs jobs, LabOptions options) : IHttpStandIn
{
    internal const string Version = "9.3.1";

    private const string NoSearch =
        "The required 'search' parameter for the Splunk platform REST API search/jobs endpoint is not specified. "
        + "Specify the 'search' parameter and try again.";

    private static readonly string[] Controls =
    [
        "cancel", "pause", "unpause", "finalize", "touch", "setttl", "setpriority", "save", "unsave", "enablepreview", "disablepreview",
    ];

    private readonly ConcurrentDictionary<string, byte> _sessions = new(StringComparer.Ordinal);

    public LabSystem System => LabSystem.Splunk;

    public (string ContentType, string Body) Error(int status, string text) => ("application/json", Wire.JsonText(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        json.WriteStartObject();
        json.WriteString("type", "ERROR");
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }));

    public async Task Answer(HttpContext context, string path, Mishap mishap)
    {
        var request = context.Request;
        var parts = path.Split('/');
        var below = parts switch
        {
            ["services", .. var rest] => rest,
            ["servicesNS", _, _, .. var rest] => rest,
            _ => null,
        };
        // receivers/simple carries an event as its body, which must not be read as a form.
        var isEvent = below is ["receivers", "simple"];
        var form = !isEvent && request.HasFormContentType ? await request.ReadFormAsync(context.RequestAborted) : null;
        string? Word(string name) => form is not null && form.TryGetValue(name, out var posted) ? posted.ToString()
            : request.Query.TryGetValue(name, out var asked) ? asked.ToString() : null;
        var json = Word("output_mode") is "json" or "json_rows" or "json_cols";

        if (below is ["auth", "login"] && request.Method == "POST")
        {
            await Login(context, json, Word("username"), Word("password"));
            return;
        }

        if (mishap is Mishap.Expired)
        {
            _sessions.Clear();
        }

        if (Refusal(request) is { } refusal)
        {
            if (refusal.Challenge)
            {
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"/splunk\"";
            }

            await SplunkAnswer.Message(context, json, 401, refusal.Type, refusal.Text);
            return;
        }

        // Both generations of the search paths answer the same.
        var target = below is ["search", "v2", .. var newer] && !options.SplunkIsOld ? ["search", .. newer] : below ?? [];
        await ((request.Method, target) switch
        {
            ("GET", ["server", "info"]) => SplunkAnswer.Feed(context, json, "server-info", ("server-info",
                [("version", Version), ("instance_type", "download"), ("serverName", "splunk-lab"), ("isFree", false), ("product_type", "enterprise")])),
            ("GET", ["authentication", "users"]) => SplunkAnswer.Feed(context, json, "users", (LabCredentials.SplunkUser, [("realname", "Lab SOAR"), ("type", "Splunk")])),
            ("GET", ["authentication", "current-context"]) => SplunkAnswer.Feed(context, json, "current-context", ("context", [("username", LabCredentials.SplunkUser)])),
            ("POST", ["search", "parser"]) => Parser(context, json, Word("q")),
            ("GET", ["search", "parser"]) when options.SplunkIsOld => Parser(context, json, Word("q")),
            ("GET", ["search", "parser"]) => NotAllowed(context, json, "POST"),
            ("POST", ["search", "jobs"]) => Create(context, json, Word),
            ("GET", ["search", "jobs", var sid]) => Job(context, json, sid, job => Status(context, json, job)),
            ("GET" or "POST", ["search", "jobs", var sid, "results"]) => Job(context, json, sid, job => Results(context, json, job, Word)),
            ("POST", ["search", "jobs", var sid, "control"]) => Job(context, json, sid, job => Control(context, json, job, Word("action"))),
            ("DELETE", ["search", "jobs", var sid]) => Job(context, json, sid, job => Delete(context, json, job)),
            ("DELETE", ["search", "jobs"]) => SplunkAnswer.Message(context, json, 400, "ERROR", "Cannot perform action \"DELETE\" without a target name to act on."),
            ("POST", ["receivers", "simple"]) => Receive(context),
            ("GET", ["apps", "local", var app]) => SplunkAnswer.Message(context, json, 404, "ERROR", $"Could not find object id={app}"),
            (_, ["search", ..]) => SplunkAnswer.Message(context, json, 404, "FATAL", "Unknown endpoint."),
            _ => SplunkAnswer.Message(context, json, 404, "ERROR", "Not Found"),
        });
    }

    private Task Login(HttpContext context, bool json, string? user, string? password)
    {
        if (string.IsNullOrEmpty(user) || string.IsNullOrEmpty(password))
        {
            return SplunkAnswer.Message(context, json, 400, "WARN", "Login failed");
        }

        if ((user, password) != (LabCredentials.SplunkUser, LabCredentials.SplunkPassword))
        {
            return SplunkAnswer.Message(context, json, 401, "WARN", "Login failed", "incorrect_username_or_password");
        }

        var key = RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_^", 64);
        _sessions.TryAdd(key, 0);
        return SplunkAnswer.Flat(context, json, 200, ("sessionKey", key), ("message", ""), ("code", ""));
    }

    private (bool Challenge, string Type, string Text)? Refusal(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        var parts = header.Split(' ', 2);
        return parts switch
        {
            ["Splunk", var key] => _sessions.ContainsKey(key) || key == LabCredentials.SplunkToken ? null : (false, "WARN", "call not properly authenticated"),
            ["Bearer", var token] => token == LabCredentials.SplunkToken ? null : (false, "WARN", "call not properly authenticated"),
            _ when Wire.Basic(request) == (LabCredentials.SplunkUser, LabCredentials.SplunkPassword) => null,
            _ => (true, "ERROR", "Unauthorized"),
        };
    }

    private static Task Parser(HttpContext context, bool json, string? query)
    {
        SplunkSearch search;
        try
        {
            search = SplunkSearch.Parse(query ?? "");
        }
        catch (SearchFault fault)
        {
            return SplunkAnswer.Message(context, json, 400, "FATAL", fault.Message);
        }

        return json ? Wire.Json(context, 200, writer => ParsedJson(writer, search, query ?? ""))
            : SplunkAnswer.Flat(context, false, 200, ("eventsSearch", query ?? ""), ("normalizedSearch", query ?? ""));
    }

    private static void ParsedJson(Utf8JsonWriter writer, SplunkSearch search, string query)
    {
        writer.WriteStartObject();
        writer.WriteString("remoteSearch", query);
        writer.WriteBoolean("isStreamingSearch", search.Commands.Count == 1);
        writer.WriteBoolean("canSummarize", false);
        writer.WriteString("normalizedSearch", query);
        writer.WriteString("eventsSearch", query);
        writer.WriteString("reportsSearch", "");
        writer.WriteStartArray("commands");
        foreach (var command in search.Commands)
        {
            writer.WriteStartObject();
            writer.WriteString("command", command.Name);
            writer.WriteString("rawargs", command.Arguments);
            writer.WriteString("pipeline", command.Name is "stats" or "sort" or "table" ? "report" : "streaming");
            writer.WriteString("streamType", command.Name is "stats" or "sort" or "table" ? "SP_RPORT" : "SP_STREAM");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private async Task Create(HttpContext context, bool json, Func<string, string?> word)
    {
        if (word("search") is not { Length: > 0 } text)
        {
            await SplunkAnswer.Message(context, json, 400, "FATAL", NoSearch);
            return;
        }

        SearchJob job;
        try
        {
            job = jobs.Make(text, word("earliest_time"), word("latest_time"), Number(word("max_count")));
        }
        catch (SearchFault fault)
        {
            await SplunkAnswer.Message(context, json, 400, "FATAL", fault.Message);
            return;
        }

        var mode = word("exec_mode");
        if (mode is "blocking" or "oneshot")
        {
            await Task.Delay(job.Search.NeverEnds ? Timeout.InfiniteTimeSpan : options.SplunkSearchTime, options.Clock, context.RequestAborted);
            job.Finish(options.Clock.GetUtcNow());
        }

        await (mode == "oneshot" ? Results(context, json, job, word) : SplunkAnswer.Flat(context, json, 201, ("sid", job.Sid)));
    }

    private Task Job(HttpContext context, bool json, string sid, Func<SearchJob, Task> answer) =>
        jobs.Find(sid) is { } job ? answer(job) : SplunkAnswer.Message(context, json, 404, "FATAL", "Unknown sid.");

    private Task Status(HttpContext context, bool json, SearchJob job)
    {
        var now = options.Clock.GetUtcNow();
        var done = job.IsDone(now);
        var count = done ? job.Rows.Count : 0;
        var ran = Math.Round(((done ? job.ReadyAt : now) - job.MadeAt).TotalSeconds, 3);
        return SplunkAnswer.Feed(context, json, "job", (job.Text,
        [
            ("sid", job.Sid), ("dispatchState", job.State(now)), ("isDone", done), ("isFailed", done && job.Fault is not null),
            ("isPaused", false), ("isZombie", false), ("isFinalized", false), ("isSaved", false), ("doneProgress", done ? 1.0 : 0.0),
            ("eventCount", count), ("resultCount", count), ("scanCount", count * 3), ("eventAvailableCount", count), ("runDuration", ran),
            ("ttl", 600), ("search", job.Text), ("messages", new Told(job.Fault)),
        ]));
    }

    private Task Results(HttpContext context, bool json, SearchJob job, Func<string, string?> word)
    {
        if (!job.IsDone(options.Clock.GetUtcNow()))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        var offset = Number(word("offset")) ?? 0;
        var count = Number(word("count")) ?? 100;
        var rows = job.Rows.Skip(offset).Take(count == 0 ? int.MaxValue : count).ToList();
        return SplunkAnswer.Results(context, json, rows, offset, job.Fault);
    }

    private Task Control(HttpContext context, bool json, SearchJob job, string? action)
    {
        if (!Controls.Contains(action))
        {
            return SplunkAnswer.Message(context, json, 400, "FATAL", $"Invalid action '{action}'.");
        }

        if (action == "cancel")
        {
            jobs.Remove(job.Sid);
        }
        else if (action == "finalize")
        {
            job.Finish(options.Clock.GetUtcNow());
        }

        return SplunkAnswer.Message(context, json, 200, "INFO", action == "cancel" ? "Search job cancelled." : "Search job changed.");
    }

    private Task Delete(HttpContext context, bool json, SearchJob job)
    {
        jobs.Remove(job.Sid);
        return SplunkAnswer.Message(context, json, 200, "INFO", "Search job cancelled.");
    }

    private async Task Receive(HttpContext context)
    {
        var query = context.Request.Query;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        jobs.Take(
            query["index"] is [{ Length: > 0 } into] ? into : "main", query["host"].ToString(), query["source"].ToString(), query["sourcetype"].ToString(),
            Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length));
        await SplunkAnswer.Xml(context, 200, writer =>
        {
            writer.WriteStartElement("response");
            writer.WriteStartElement("results");
            writer.WriteStartElement("result");
            foreach (var (name, value) in ((string, string)[])
                [
                    ("_index", query["index"] is [{ Length: > 0 } index] ? index : "default"), ("bytes", body.Length.ToString(CultureInfo.InvariantCulture)),
                    ("host", query["host"].ToString()), ("source", query["source"].ToString()), ("sourcetype", query["sourcetype"].ToString()),
                ])
            {
                writer.WriteStartElement("field");
                writer.WriteAttributeString("k", name);
                writer.WriteStartElement("value");
                writer.WriteElementString("text", value);
                writer.WriteEndElement();
                writer.WriteEndElement();
            }
        });
    }

    private static Task NotAllowed(HttpContext context, bool json, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return SplunkAnswer.Message(context, json, 405, "FATAL", "The method is not allowed.");
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
