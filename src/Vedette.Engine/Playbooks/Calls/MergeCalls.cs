using System.Text.Json;
using Vedette.Engine.Cases;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>An event becomes a case, or is put into one.</summary>
internal static class MergeCalls
{
    /// <summary>A template that is named and not there is said in the log, and the case is made.</summary>
    public static async Task<string> Promote(Turn turn, JsonElement arguments)
    {
        var id = EventCalls.Container(turn, arguments);
        var outcome = await turn.Services.Cases.Promote(turn.Unit, turn.Caller, id, arguments.Text("template"));
        if (outcome.Refusal is { Code: "no_workbook_template" } missing)
        {
            turn.Log(40, $"{missing.Message}. The case was made without a workbook.");
            outcome = default(Done);
        }

        await WorkbookCalls.See(turn, id);
        return await PlaybookCalls.Said(turn, outcome, withId: false);
    }

    public static async Task<string> Merge(Turn turn, JsonElement arguments)
    {
        // What this turn wrote on the event is to be copied too.
        await turn.CommitSoFar();
        var merged = await turn.Services.Cases.Merge(turn.Unit, turn.Caller, new MergeRequest
        {
            Case = new ContainerId(arguments.Number("case") ?? 0),
            Container = new ContainerId(arguments.Number("container_id") ?? turn.Run.Row.ContainerId),
            OnlyArtifact = arguments.Number("artifact_id") is { } artifact ? new ArtifactId(artifact) : null,
            OnlyFile = arguments.Text("vault_id"),
            NoteTitle = arguments.Text("note_title"),
            NoteText = arguments.Text("note_description"),
        });
        // One transaction with its answer: a turn that runs again must not put it in a second time.
        var answer = await PlaybookCalls.Said(turn, merged, withId: false);
        await turn.CommitSoFar(("merge", arguments.GetRawText(), answer));
        return answer;
    }
}
