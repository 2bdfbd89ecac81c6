using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Model.Datapaths;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Playbooks that a playbook starts.</summary>
internal static class ChildCalls
{
    /// <summary>Runs above each other; one more is refused.</summary>
    public const int Deepest = 16;

    /// <summary>Answers the id of the run, and null for one that cannot be started: the callback is called all the same.</summary>
    public static async Task<string> Playbook(Turn turn, JsonElement arguments)
    {
        var asked = arguments.Text("playbook") ?? "";
        var id = turn.NextAskedId<PlaybookRunRow>();
        var call = new ChildCall(
            arguments.Text("name") ?? $"{asked.Replace('/', '_')}_{id}",
            arguments.Text("callback"),
            arguments.Get("handle")?.GetRawText(),
            arguments.Text("loop_state"));
        turn.Run.Completed["playbooks"].Remove(call.Name);
        turn.NewlyPending += call.Waited ? 1 : 0;
        var made = await Make(turn, arguments, asked, id, call);
        if (made.Ok(out var run, out var refusal))
        {
            turn.Services.Starts.Write(turn.Asked, turn.Caller, run);
            turn.Run.Row = turn.Run.Row with { TargetsAsked = turn.Run.Row.TargetsAsked + 1 };
            return run.Id.ToString(CultureInfo.InvariantCulture);
        }

        await turn.Note(refusal);
        turn.Log(40, refusal.Message);
        if (call.Waited)
        {
            turn.Asked.Add(new AppendMessage(new MessageRow
            {
                RunId = turn.Run.Row.Id,
                MessageId = $"child {id}",
                Kind = "child_refused",
                Payload = new JsonObject { ["name"] = call.Name, ["asked"] = call.ToJson(), ["message"] = refusal.Message }.ToJsonString(),
                CreatedAt = turn.Services.Time.GetUtcNow(),
            }));
        }

        return "null";
    }

    private static async Task<Outcome<PlaybookRunRow>> Make(Turn turn, JsonElement arguments, string asked, long id, ChildCall call)
    {
        var row = turn.Run.Row;
        if (turn.Caller.Lacks(Permissions.RunPlaybooks) is { } lacks)
        {
            return lacks;
        }

        var caps = turn.Services.Options.Caps;
        if (row.TargetsAsked >= caps.ActionsPerRun)
        {
            return new Refusal(RefusalKind.Invalid, "too_many_actions", caps.ActionsSentence($"playbook \"{asked}\""));
        }

        if (await Depth(turn, row) >= Deepest)
        {
            return new Refusal(RefusalKind.Invalid, "too_deep", $"Playbook \"{asked}\" was not started: {Deepest} runs have started each other already.");
        }

        if (!(await turn.Services.Starts.Find(asked)).Ok(out var playbook, out var missing))
        {
            return missing;
        }

        var container = EventCalls.Container(turn, arguments);
        if (!(await turn.Services.Containers.Get(turn.Caller, container)).Ok(out var on, out var no))
        {
            return no;
        }

        return turn.Services.Starts.New(playbook, on, turn.Caller, id) with
        {
            ParentRunId = row.Id,
            Asked = call.ToJson(),
            Scope = arguments.Flag("inherit_scope", otherwise: true) && on.Id == row.ContainerId ? await Scope(turn, row) : "new",
            Inputs = arguments.Get("inputs") is { ValueKind: JsonValueKind.Object } inputs ? inputs.GetRawText() : "{}",
        };
    }

    /// <summary>What the parent sees at this moment, also what it added itself.</summary>
    private static async Task<string> Scope(Turn turn, PlaybookRunRow row)
    {
        if (row.Scope == "all")
        {
            return row.Scope;
        }

        await turn.Data.Artifacts();
        return JsonSerializer.Serialize(turn.Data.Artifacts(ScopeRequest.OfRun).Select(artifact => artifact.Id));
    }

    private static async Task<int> Depth(Turn turn, PlaybookRunRow row)
    {
        var depth = 1;
        for (var above = row.ParentRunId; above is { } id && depth < Deepest; depth++)
        {
            above = (await turn.Services.Store.Find<PlaybookRunRow>(id))?.ParentRunId;
        }

        return depth;
    }
}
