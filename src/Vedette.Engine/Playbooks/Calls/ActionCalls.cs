using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Actions;
using Vedette.Engine.Approvals;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Asking for actions and custom functions, and reading what came of them.</summary>
internal static class ActionCalls
{
    public static async Task<string> Act(Turn turn, JsonElement arguments)
    {
        var row = turn.Run.Row;
        if (row.ActionsAsked >= row.ActionLimit)
        {
            throw new TurnCallException("RuntimeError", $"This run has asked for {row.ActionsAsked} actions, and its limit is {row.ActionLimit}. phantom.set_action_limit in on_start raises it.");
        }

        var parameters = arguments.Get("parameters") is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(Used)] : new List<JsonElement>();
        var name = arguments.Text("name") ?? "";
        var action = arguments.Text("action") ?? throw new TurnCallException("ValueError", "phantom.act needs the name of an action.");
        var named = arguments.Texts("assets");
        var assets = await AssetCalls.Chosen(turn, action, named, arguments.Texts("tags"), arguments.Texts("asset_type"));
        IReadOnlyList<string> reviewers = [.. (arguments.Texts("reviewer") ?? []).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        var asked = await turn.Services.Approvals.Act(turn.Asked, turn.Caller, new ActionRequest
        {
            Id = new ActionRunId(turn.NextAskedId<ActionRunRow>()),
            Action = action,
            Name = name,
            Container = new ContainerId(row.ContainerId),
            Targets = [new ActionTarget(assets, parameters, AppName(arguments)) { Named = named is not null }],
            Run = new AskingRun(
                new PlaybookRunId(row.Id),
                new PlaybookId(row.PlaybookId),
                row.TargetsAsked,
                arguments.Text("callback"),
                arguments.Get("handle")?.GetRawText(),
                arguments.Text("loop_state"),
                StartAfter(turn, arguments)),
        }, reviewers);
        if (!asked.Ok(out var made, out var refusal))
        {
            await turn.Note(refusal);
            throw new TurnCallException("RuntimeError", refusal.Message);
        }

        turn.Run.Row = row with { ActionsAsked = row.ActionsAsked + 1, TargetsAsked = row.TargetsAsked + made.Targets };
        turn.Run.Results.Remove(name);
        turn.Run.Completed["actions"].Remove(name);
        turn.NewlyPending++;
        return made.Id.Value.ToString(CultureInfo.InvariantCulture);
    }

    public static Task<string> CustomFunction(Turn turn, JsonElement arguments)
    {
        var function = arguments.Text("custom_function") ?? throw new TurnCallException("ValueError", "phantom.custom_function needs the name of a custom function.");
        var id = turn.NextAskedId<ActionRunRow>();
        var name = arguments.Text("name") ?? $"{function.Replace('/', '_')}_{id}";
        turn.Asked.Add(new AppendMessage(new MessageRow
        {
            RunId = turn.Run.Row.Id,
            MessageId = $"function {id}",
            Kind = "function",
            Payload = new JsonObject
            {
                ["id"] = id,
                ["name"] = name,
                ["custom_function"] = function,
                ["parameters"] = arguments.Get("parameters") is { } p ? JsonNode.Parse(p.GetRawText()) : new JsonArray(new JsonObject()),
                ["callback"] = arguments.Text("callback"),
                ["loop_state"] = arguments.Text("loop_state"),
            }.ToJsonString(),
            CreatedAt = turn.Services.Time.GetUtcNow(),
        }));
        turn.Run.FunctionResults.Remove(name);
        turn.Run.Completed["functions"].Remove(name);
        turn.NewlyPending++;
        return Task.FromResult(id.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The results of this run's actions, or of another run's that the user may see; without <c>result_data</c> all but what they found.</summary>
    public static async Task<string> GetActionResults(Turn turn, JsonElement arguments)
    {
        var (results, appRun, found) = (new JsonArray(), arguments.Number("app_run_id") ?? 0, arguments.Flag("result_data", otherwise: true));
        foreach (var run in await Runs(turn, arguments))
        {
            var record = (await turn.Services.Actions.Read(new ActionRunId(run.Id)))!;
            foreach (var element in (await turn.Data.Load(record)).EnumerateArray().Where(one => appRun == 0 || one.Number("app_run_id") == appRun))
            {
                var result = JsonNode.Parse(element.GetRawText())!;
                foreach (var one in found ? [] : result["action_results"]!.AsArray())
                {
                    one!.AsObject().Remove("data");
                }

                results.Add(result);
            }
        }

        if (!arguments.Flag("flatten", otherwise: true))
        {
            return results.ToJsonString();
        }

        var flat = new JsonArray();
        foreach (var app in results.Select(node => node!.AsObject()))
        {
            foreach (var result in app["action_results"]!.AsArray())
            {
                var one = (JsonObject)app.DeepClone();
                one.Remove("action_results");
                foreach (var (key, value) in result!.AsObject())
                {
                    one[key] = value?.DeepClone();
                }

                flat.Add(one);
            }
        }

        return flat.ToJsonString();
    }

    /// <summary>The results of one custom function of this run, or of all.</summary>
    public static Task<string> GetFunctionResults(Turn turn, JsonElement arguments)
    {
        var (name, id) = (arguments.Text("custom_function_name"), arguments.Number("custom_function_run_id"));
        var found = turn.Run.FunctionResults.Values
            .SelectMany(results => results.EnumerateArray())
            .Where(result => (name is null || result.Text("name") == name || result.Text("custom_function_name") == name) && (id is null or 0 || result.Number("custom_function_run_id") == id))
            .Select(result => result.GetRawText());
        return Task.FromResult($"[{string.Join(',', found)}]");
    }

    public static async Task<string> GetSummary(Turn turn, JsonElement arguments) =>
        await Run(turn, arguments) is { } run ? (await RunSummary.Of(turn.Services.Store, run)).ToJsonString() : "{}";

    /// <summary>This run, or the other one that is named, if its user may see the event that it is on.</summary>
    private static async Task<PlaybookRunRow?> Run(Turn turn, JsonElement arguments)
    {
        var own = turn.Run.Row;
        var id = arguments.Number("playbook_run_id") ?? 0;
        if (id == 0 || id == own.Id)
        {
            return own;
        }

        if (await turn.Services.Store.Find<PlaybookRunRow>(id) is not { } other || other.TenantId != own.TenantId)
        {
            turn.Log(40, $"There is no playbook run {id}.");
            return null;
        }

        if ((await turn.Services.Containers.Get(turn.Caller, new ContainerId(other.ContainerId))).Refusal is { } refusal)
        {
            await turn.Note(refusal);
            turn.Log(40, refusal.Message);
            return null;
        }

        return other;
    }

    private static async Task<IReadOnlyList<ActionRunRow>> Runs(Turn turn, JsonElement arguments)
    {
        if (await Run(turn, arguments) is not { } run)
        {
            return [];
        }

        var ofRun = Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id);
        var id = arguments.Number("action_run_id") is { } given and > 0
            ? given
            : arguments.Get("action") is { ValueKind: JsonValueKind.Object } action ? action.Number("action_run_id") : null;
        var where = id is { } one
            ? ofRun & Where.Is(nameof(ActionRunRow.Id), one)
            : arguments.Text("action_name") is { } name ? ofRun & Where.Is(nameof(ActionRunRow.Name), name) : ofRun;
        return [.. (await turn.Services.Store.Select<ActionRunRow>(Query.For(where))).Where(action => action.EndedAt is not null)];
    }

    /// <summary>A parameter without a value is one that the block does not use.</summary>
    private static JsonElement Used(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            return parameters;
        }

        var unused = parameters.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.Null || (one.Value is { ValueKind: JsonValueKind.String } text && text.ValueEquals(""u8))).Select(one => one.Name).ToList();
        if (unused.Count == 0)
        {
            return parameters;
        }

        var used = JsonObject.Create(parameters)!;
        foreach (var name in unused)
        {
            used.Remove(name);
        }

        return JsonSerializer.SerializeToElement(used);
    }

    /// <summary>The time that was given, or the pause of the loop that this is a further round of.</summary>
    private static DateTimeOffset? StartAfter(Turn turn, JsonElement arguments)
    {
        if (arguments.Text("start_time") is { } at && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when))
        {
            return when;
        }

        if (arguments.Text("loop_state") is not { } text || !text.StartsWith('{'))
        {
            return null;
        }

        var loop = JsonSerializer.Deserialize<JsonElement>(text);
        return loop.Number("current_iteration") > 1 && loop.Number("delay_time") is > 0 and < 366 * 86_400 and var seconds
            ? turn.Services.Time.GetUtcNow().AddSeconds(seconds)
            : null;
    }

    private static string? AppName(JsonElement arguments) => arguments.Get("app") switch
    {
        { ValueKind: JsonValueKind.Object } app => app.Text("name"),
        { ValueKind: JsonValueKind.String } name => name.GetString(),
        _ => null,
    };
}
