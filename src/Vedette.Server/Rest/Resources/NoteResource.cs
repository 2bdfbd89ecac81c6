using Vedette.Engine.Access;
using Vedette.Engine.Notes;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>note</c>, and <c>container_note</c>, its older name.</summary>
internal sealed class NoteResource(INotes notes, Records records) : IResource
{
    private static readonly Shape Body = new Shape("NoteBody", "A note on an event.")
        .With("id", Kind.Whole, "In a list: the note to change. Ignored in a single object.")
        .With("container_id", Kind.Whole, "The event. Needed for a new note.", "container")
        .With("title", Kind.Text, "The heading.")
        .With("content", Kind.Text, "The text.")
        .With("note_type", Kind.Text, "`general`, `task` or `artifact`. New notes only.")
        .With("note_format", Kind.Text, "`markdown` or `html`.")
        .With("phase_id", Kind.Whole, "The phase it belongs to. New notes only.", "phase")
        .With("task_id", Kind.Whole, "The task it belongs to. New notes only.", "task")
        .With("artifact_id", Kind.Whole, "The artifact it belongs to. New notes only.", "artifact");

    public IEnumerable<Route> Routes => new[] { "note", "container_note" }.SelectMany(Named);

    private IEnumerable<Route> Named(string name) =>
    [
        Route.List(name, "List notes", RecordTypes.Note, records),
        Route.Post(name, "Write a note", Body, call => Arrays.Each(call, Body, Post, Change)) with { Needed = Permissions.EditEvents, TakesLists = true, Answers = Shapes.Written },
        Route.One($"{name}/{{id}}", "Read a note", RecordTypes.Note, records),
        Route.Post($"{name}/{{id}}", "Change a note", Body, call => Change(call, call.Body(Body), call.Number, 0)) with { Needed = Permissions.EditEvents, Answers = Shapes.Written },
        Route.Delete($"{name}/{{id}}", "Delete a note", call => call.Work.Write(unit => notes.DeleteNote(unit, call.Caller, new NoteId(call.Number)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Description = "By a person, not by a token.", Needed = Permissions.EditEvents,
        },
    ];

    private Task<RestAnswer> Change(RestCall call, Posted body, long id, int part)
    {
        var change = new NoteChange(body.Text("title"), body.Text("content"), body.Text("note_format"));
        return call.Work.Write(unit => notes.ChangeNote(unit, call.Caller, new NoteId(id), change), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct, part);
    }

    private Task<RestAnswer> Post(RestCall call, Posted body, int part)
    {
        var draft = new NoteDraft
        {
            Container = new ContainerId(body.NeedWhole("container_id", "container")),
            Title = body.Text("title") ?? "",
            Content = body.Text("content") ?? "",
            NoteType = body.Text("note_type") ?? "general",
            NoteFormat = body.Text("note_format") ?? "markdown",
            PhaseId = body.Whole("phase_id", "phase"),
            TaskId = body.Whole("task_id", "task"),
            Artifact = body.Whole("artifact_id", "artifact") is { } artifact ? new ArtifactId(artifact) : null,
        };
        return call.Work.Write(unit => notes.AddNote(unit, call.Caller, draft), id => RestAnswer.Ok(Wire.Success(id.Value)), call.Ct, part);
    }
}
