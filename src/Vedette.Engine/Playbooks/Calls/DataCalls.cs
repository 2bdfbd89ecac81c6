using System.Text;
using System.Text.Json;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model.Conditions;
using Vedette.Model.Datapaths;
using Vedette.Model.Formats;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Reading by datapath, deciding, formatting.</summary>
internal static class DataCalls
{
    public static async Task<string> Collect2(Turn turn, JsonElement arguments)
    {
        var paths = arguments.Texts("datapath") ?? [];
        return Rows(Collect.Rows(await OtherEvent.OrOwn(turn, arguments, paths), Request(arguments, paths)));
    }

    public static async Task<string> CollectOld(Turn turn, JsonElement arguments)
    {
        var paths = arguments.Texts("datapath") ?? [];
        var data = await OtherEvent.OrOwn(turn, arguments, paths);
        var request = Request(arguments, paths) with
        {
            ActionResults = arguments.Get("container") is { ValueKind: JsonValueKind.Array } results ? results : null,
            FilterArtifacts = arguments.Numbers("filter_artifact_ids"),
        };
        if (arguments.Flag("none_if_first"))
        {
            request = request with { Scope = request.Scope with { NoneIfFirst = true } };
        }

        return arguments.Get("datapath") is { ValueKind: JsonValueKind.Array }
            ? Rows(Collect.Rows(data, request))
            : Values(Collect.Flat(data, paths[0], request));
    }

    public static async Task<string> Condition(Turn turn, JsonElement arguments)
    {
        var result = await Evaluate(turn, arguments);
        return $"[[{string.Join(',', result.MatchedArtifacts)}],{result.MatchedResults.GetRawText()}]";
    }

    public static async Task<string> Decision(Turn turn, JsonElement arguments) => (await Evaluate(turn, arguments)).Any ? "true" : "false";

    public static async Task<string> FormatText(Turn turn, JsonElement arguments)
    {
        var formatted = await Formatted(turn, arguments, arguments.Text("template") ?? "");
        if (arguments.Text("name") is { } name)
        {
            var value = new FormatValue(formatted.Text, formatted.List);
            turn.Run.Formats[name] = value;
            turn.Values[(RunValueKinds.Format, name)] = JsonSerializer.Serialize(value);
        }

        return JsonSerializer.Serialize(new { text = formatted.Text, list = formatted.List });
    }

    internal static async Task<Formatted> Formatted(Turn turn, JsonElement arguments, string template)
    {
        var parameters = arguments.Get("parameters") is { } given ? FormatRequest.ParseParameters(given) : [];
        var data = await OtherEvent.OrOwn(turn, arguments, parameters.Where(parameter => parameter.ValueKind == JsonValueKind.String).Select(parameter => parameter.GetString()!));
        var request = new FormatRequest(template, parameters)
        {
            Scope = Scope(arguments),
            FilterArtifacts = arguments.Numbers("filter_artifact_ids"),
            DropNone = arguments.Flag("drop_none"),
        };
        return Format.Render(data, arguments.Text("separator") is { } separator ? request with { Separator = separator } : request);
    }

    /// <summary>What a condition kept under a name: results, then ids of artifacts.</summary>
    public static Task<string> GetFilteredData(Turn turn, JsonElement arguments)
    {
        var kept = turn.Run.Filtered.GetValueOrDefault(arguments.Text("name") ?? "") ?? FilteredData.Empty;
        return Task.FromResult($"[{kept.Results.GetRawText()},[{string.Join(',', kept.Artifacts)}]]");
    }

    private static async Task<ConditionResult> Evaluate(Turn turn, JsonElement arguments)
    {
        var lines = arguments.Get("conditions") is { } given ? ConditionLine.ParseAll(given) : [];
        var data = await OtherEvent.OrOwn(turn, arguments, lines.SelectMany(line => new[] { line.Left, line.Right })
            .Where(side => side.ValueKind == JsonValueKind.String)
            .Select(side => side.GetString()!));
        var result = Model.Conditions.Condition.Evaluate(data, new ConditionRequest(lines)
        {
            All = arguments.Text("logical_operator") == "and",
            Scope = Scope(arguments),
            ActionResults = arguments.Get("action_results"),
            FilteredArtifacts = arguments.Numbers("filtered_artifacts"),
            FilteredResults = arguments.Get("filtered_results"),
            Limit = (int)(arguments.Number("limit") ?? 2000),
            CaseSensitive = arguments.Flag("case_sensitive", otherwise: true),
            Delimiter = arguments.Text("delimiter"),
        });
        if (arguments.Text("name") is { } name)
        {
            turn.Run.Filtered[name] = result.Kept;
            turn.Values[(RunValueKinds.Filter, name)] = result.Kept.ToJson();
        }

        return result;
    }

    private static CollectRequest Request(JsonElement arguments, IReadOnlyList<string> paths) => new(paths)
    {
        ActionResults = arguments.Get("action_results"),
        FilterArtifacts = arguments.Numbers("filter_artifacts"),
        Tags = arguments.Texts("tags"),
        Scope = Scope(arguments),
        Limit = (int)(arguments.Number("limit") ?? 2000),
    };

    internal static ScopeRequest Scope(JsonElement arguments) => arguments.Get("scope") switch
    {
        { ValueKind: JsonValueKind.Array } => ScopeRequest.Of(arguments.Numbers("scope")!),
        { ValueKind: JsonValueKind.String } text when text.ValueEquals("all") => ScopeRequest.All,
        { ValueKind: JsonValueKind.String } text when text.ValueEquals("new") => ScopeRequest.New,
        _ => ScopeRequest.OfRun,
    };

    private static string Rows(List<JsonElement[]> rows)
    {
        var text = new StringBuilder("[");
        foreach (var row in rows)
        {
            text.Append(text.Length == 1 ? "[" : ",[").AppendJoin(',', row.Select(Raw)).Append(']');
        }

        return text.Append(']').ToString();
    }

    private static string Values(List<JsonElement> values) => $"[{string.Join(',', values.Select(Raw))}]";

    private static string Raw(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "null" : value.GetRawText();
}
