using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest;

/// <summary>The audit trail as the field reads it: a bare list of rows with names in capitals, or the same as CSV.</summary>
internal sealed class AuditLists(IStore store)
{
    private const int Days = 30;

    /// <summary>Stands between several ids in one parameter.</summary>
    private const char Between = '\u001e';

    private static readonly string[] Columns =
        ["AUDIT ID", "USER ID", "USER", "TIME", "IP ADDRESS", "OBJECT TYPE", "OBJECT ID", "AUDIT SOURCE", "ACTION", "CHANGED FIELD", "OLD VALUE", "NEW VALUE", "NOTE", "RELATED OBJECT ID"];

    private static readonly Shape Row = Columns.Aggregate(new Shape("AuditRow", "What somebody did."), (shape, column) => shape.With(column, Kind.Any, column switch
    {
        "USER ID" => "Who did it; null for the platform itself.",
        "AUDIT SOURCE" => "`rest`, `console`, `playbook`, `system` or another way it came.",
        "ACTION" => "A verb in the past tense.",
        "NEW VALUE" => "What changed, as JSON, without secrets.",
        "CHANGED FIELD" => "The names of what changed.",
        "OLD VALUE" => "Always empty: what was before is in the row before.",
        "NOTE" => "The request or turn that caused it.",
        "RELATED OBJECT ID" => "The event it belongs to.",
        _ => column[..1] + column[1..].ToLowerInvariant() + ".",
    }));

    private static readonly (string, string)[] Parameters =
    [
        ("format", "`json`, or `csv`."),
        ("sort", "`asc` or `desc`, by time."),
        ("start", $"Rows from this time on; {Days} days ago if nothing is said."),
        ("end", "Rows before this time."),
        ("user", "Rows of these users: a number or a username; several with %1E between them."),
        ("container", "Rows of these events; several with %1E between them."),
        ("authentication", "Signing in and out only."),
        ("administration", "Users, tokens, assets, settings and playbooks only."),
    ];

    /// <param name="fixedTo">The parameter that the path's number stands for.</param>
    public Route Of(string path, string summary, string? fixedTo) => Route.Get(path, summary, call => Read(call, fixedTo)) with
    {
        Needed = Permissions.ViewAudit,
        Answers = Row,
        AnswersList = true,
        Parameters = [.. Parameters.Where(parameter => parameter.Item1 != fixedTo)],
        Description = $"At most {Records.Most} rows: name a shorter time for less.",
    };

    private async Task<RestAnswer> Read(RestCall call, string? fixedTo)
    {
        var where = Where.Is(nameof(AuditRow.TenantId), call.Caller.TenantId)
            & new Compare(nameof(AuditRow.At), Comparison.GreaterOrEqual, Time(call, "start") ?? call.Work.Now.AddDays(-Days));
        if (Time(call, "end") is { } end)
        {
            where &= new Compare(nameof(AuditRow.At), Comparison.Less, end);
        }

        if ((fixedTo == "user" ? [call.Path[1]] : Ids(call, "user")) is { Length: > 0 } users)
        {
            where &= await Users(users, call.Ct);
        }

        if ((fixedTo == "container" ? [call.Path[1]] : Ids(call, "container")) is { Length: > 0 } containers)
        {
            where &= Where.In(nameof(AuditRow.ContainerId), containers.Select(id => (object?)(RestCall.Id(id) ?? throw new BadQueryException("container takes numbers of events."))));
        }

        if (call.Flag("authentication"))
        {
            where &= Where.In(nameof(AuditRow.Object), ["session"]);
        }

        if (call.Flag("administration"))
        {
            where &= Where.In(nameof(AuditRow.Object), ["ph_user", "token", "asset", "playbook", "setting", "stop_switch", "sandbox_level", "app", "installation"]);
        }

        if (await store.Count<AuditRow>(where, call.Ct) is var count && count > Records.Most)
        {
            return RestAnswer.Failed(400, $"{count} rows match; {Records.Most} are given at once. Name a shorter time with start and end.");
        }

        var rows = await store.Select<AuditRow>(new Query { Where = where, Order = [("Id", call.Param("sort") == "desc")] }, call.Ct);
        var names = (await store.Select<UserRow>(new Query(), call.Ct)).ToDictionary(user => user.Id, user => user.Username);
        var shown = rows.Select(row => Shown(row, names));
        return call.Param("format") switch
        {
            null or "" or "json" => RestAnswer.Ok(new JsonArray([.. shown.Select(row => (JsonNode)row)])),
            "csv" => new RestAnswer(200, null, Encoding.UTF8.GetBytes(Text(shown)), "text/csv; charset=utf-8", "audit.csv"),
            var other => RestAnswer.Failed(400, $"format is \"{other}\"; it may be json or csv."),
        };
    }

    private static JsonObject Shown(AuditRow row, Dictionary<long, string> names)
    {
        var content = JsonNode.Parse(row.Content) as JsonObject;
        return new JsonObject
        {
            ["AUDIT ID"] = row.Id,
            ["USER ID"] = row.UserId,
            ["USER"] = row.UserId is { } user ? names.GetValueOrDefault(user) : "platform",
            ["TIME"] = Wire.Time(row.At),
            ["IP ADDRESS"] = row.Address,
            ["OBJECT TYPE"] = row.Object,
            ["OBJECT ID"] = row.ObjectId,
            ["AUDIT SOURCE"] = row.Channel.ToString().ToLowerInvariant(),
            ["ACTION"] = row.Act,
            ["CHANGED FIELD"] = content is null ? "" : string.Join(", ", content.Select(pair => pair.Key)),
            ["OLD VALUE"] = "",
            ["NEW VALUE"] = row.Content == "{}" ? "" : row.Content,
            ["NOTE"] = row.CausedBy,
            ["RELATED OBJECT ID"] = row.ContainerId,
        };
    }

    private static string Text(IEnumerable<JsonObject> rows)
    {
        var text = new StringBuilder().AppendJoin(',', Columns).Append('\n');
        foreach (var row in rows)
        {
            text.AppendJoin(',', Columns.Select(column => Csv.Cell(row[column]?.ToString() ?? ""))).Append('\n');
        }

        return text.ToString();
    }

    private async Task<Where> Users(string[] users, CancellationToken ct)
    {
        var ids = new List<object?>();
        foreach (var user in users)
        {
            ids.AddRange(RestCall.Id(user) is { } id ? [id] : (await store.Select<UserRow>(Query.For(Where.Is(nameof(UserRow.Username), user.ToLowerInvariant())), ct)).Select(row => (object?)row.Id));
        }

        return Where.In(nameof(AuditRow.UserId), ids);
    }

    private static string[] Ids(RestCall call, string name) => (call.Param(name) ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static DateTimeOffset? Time(RestCall call, string name) => call.Param(name) is { Length: > 0 } text
        ? Wire.Time(text.Trim('"', '\'')) ?? throw new BadQueryException(string.Create(CultureInfo.InvariantCulture, $"{name} is no time in ISO 8601."))
        : null;
}
