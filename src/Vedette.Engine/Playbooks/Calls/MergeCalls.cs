using System.Text.Json;
using Vedette.Engine.Notes;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>An event put into a case: artifacts, notes and comments are copied.</summary>
internal static class MergeCalls
{
    public static async Task<string> Merge(Turn turn, JsonElement arguments)
    {
        // What this turn wrote on the event is to be copied too.
        await turn.CommitSoFar();
        var into = new ContainerId(arguments.Number("case") ?? 0);
        var from = new ContainerId(arguments.Number("container_id") ?? turn.Run.Row.ContainerId);
        ArtifactId? only = arguments.Number("artifact_id") is { } artifact ? new ArtifactId(artifact) : null;
        var merged = await turn.Services.Containers.AddToCase(turn.Unit, turn.Caller, into, from, only);
        var outcome = merged.Refused ? merged : await Written(turn, arguments, into, only is null ? from : null);
        await turn.CommitSoFar();
        return await PlaybookCalls.Said(turn, outcome, withId: false);
    }

    private static async Task<Outcome<Done>> Written(Turn turn, JsonElement arguments, ContainerId into, ContainerId? from)
    {
        var (unit, caller, notes) = (turn.Unit, turn.Caller, turn.Services.Notes);
        var drafts = new List<NoteDraft>();
        if (arguments.Text("note_title") is { } title)
        {
            drafts.Add(new NoteDraft { Container = into, Title = title, Content = arguments.Text("note_description") ?? "" });
        }

        if (from is { } container)
        {
            if (!(await notes.NotesOf(caller, container)).Ok(out var written, out var no))
            {
                return no;
            }

            drafts.AddRange(written.Select(note => new NoteDraft { Container = into, Title = note.Title, Content = note.Content, NoteFormat = note.NoteFormat }));
            if (!(await notes.CommentsOf(caller, container)).Ok(out var comments, out no))
            {
                return no;
            }

            foreach (var comment in comments)
            {
                if ((await notes.AddComment(unit, caller, into, comment.Comment)).Refusal is { } refused)
                {
                    return refused;
                }
            }
        }

        foreach (var draft in drafts)
        {
            if ((await notes.AddNote(unit, caller, draft)).Refusal is { } refused)
            {
                return refused;
            }
        }

        return default(Done);
    }
}
