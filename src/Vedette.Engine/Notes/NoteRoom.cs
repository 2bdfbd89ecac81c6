using Vedette.Engine.Containers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Notes;

internal sealed class NoteRoom(IStore store, TimeProvider clock, IContainers containers) : INotes
{
    private static readonly string[] PinTypes = ["data", "card_small", "card_medium", "card_large"];
    private static readonly string[] PinStyles = ["", "white", "grey", "blue", "purple", "red"];

    public async Task<Outcome<NoteId>> AddNote(Unit unit, Caller caller, NoteDraft draft)
    {
        var faults = new Faults();
        var now = clock.GetUtcNow();
        var row = new NoteRow
        {
            Id = store.NextId<NoteRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = draft.Container.Value,
            Title = faults.Text("title", draft.Title, Limits.NameLength)!,
            Content = faults.Text("content", draft.Content, Limits.NoteLength)!,
            NoteType = faults.Word("note_type", draft.NoteType, "general", "general", "task", "artifact"),
            NoteFormat = faults.Word("note_format", draft.NoteFormat, "markdown", "markdown", "html"),
            AuthorId = caller.Author,
            PhaseId = draft.PhaseId,
            TaskId = draft.TaskId,
            ArtifactId = draft.Artifact?.Value,
            PlaybookRunId = caller.Run?.Value,
        };
        return await Insert(unit, caller, row, "note", faults) is { } refusal ? refusal : new NoteId(row.Id);
    }

    public Task<Outcome<Done>> ChangeNote(Unit unit, Caller caller, NoteId id, NoteChange change) => Change<NoteRow>(unit, caller, id.Value, "note", (row, columns, faults) =>
    {
        columns.Move(nameof(row.Title), row.Title, faults.Text("title", change.Title, Limits.NameLength) ?? row.Title);
        columns.Move(nameof(row.Content), row.Content, faults.Text("content", change.Content, Limits.NoteLength) ?? row.Content);
        columns.Move(nameof(row.NoteFormat), row.NoteFormat, faults.Word("note_format", change.NoteFormat, row.NoteFormat, "markdown", "html"));
    });

    public Task<Outcome<Done>> DeleteNote(Unit unit, Caller caller, NoteId id) => Remove<NoteRow>(unit, caller, id.Value, "note");

    public async Task<Outcome<CommentId>> AddComment(Unit unit, Caller caller, ContainerId container, string comment)
    {
        var faults = new Faults();
        var now = clock.GetUtcNow();
        var row = new CommentRow
        {
            Id = store.NextId<CommentRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = container.Value,
            Comment = faults.Text("comment", comment, Limits.CommentLength)!,
            AuthorId = caller.Author,
            PlaybookRunId = caller.Run?.Value,
        };
        return await Insert(unit, caller, row, "comment", faults) is { } refusal ? refusal : new CommentId(row.Id);
    }

    public async Task<Outcome<PinId>> AddPin(Unit unit, Caller caller, PinDraft draft)
    {
        var faults = new Faults();
        var now = clock.GetUtcNow();
        var row = new PinRow
        {
            Id = store.NextId<PinRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = draft.Container.Value,
            Name = faults.Text("name", draft.Name, Limits.NameLength),
            Message = faults.Text("message", draft.Message, Limits.PinLength)!,
            Data = faults.Text("data", draft.Data, Limits.PinLength)!,
            PinType = faults.Word("pin_type", draft.PinType, "data", PinTypes),
            PinStyle = faults.Word("pin_style", draft.PinStyle, "", PinStyles),
            AuthorId = caller.Author,
            PlaybookId = draft.Playbook?.Value,
            PlaybookRunId = caller.Run?.Value,
        };
        return await Insert(unit, caller, row, "container_pin", faults) is { } refusal ? refusal : new PinId(row.Id);
    }

    public Task<Outcome<Done>> ChangePin(Unit unit, Caller caller, PinId id, PinChange change) => Change<PinRow>(unit, caller, id.Value, "container_pin", (row, columns, faults) =>
    {
        columns.Move(nameof(row.Message), row.Message, faults.Text("message", change.Message, Limits.PinLength) ?? row.Message);
        columns.Move(nameof(row.Data), row.Data, faults.Text("data", change.Data, Limits.PinLength) ?? row.Data);
        columns.Move(nameof(row.Name), row.Name, faults.Text("name", change.Name, Limits.NameLength) ?? row.Name);
        columns.Move(nameof(row.PinType), row.PinType, faults.Word("pin_type", change.PinType, row.PinType, PinTypes));
        columns.Move(nameof(row.PinStyle), row.PinStyle, faults.Word("pin_style", change.PinStyle, row.PinStyle, PinStyles));
    });

    public Task<Outcome<Done>> DeletePin(Unit unit, Caller caller, PinId id) => Remove<PinRow>(unit, caller, id.Value, "container_pin");

    public Task<Outcome<IReadOnlyList<NoteRow>>> NotesOf(Caller caller, ContainerId container) => Of<NoteRow>(caller, container);

    public Task<Outcome<IReadOnlyList<CommentRow>>> CommentsOf(Caller caller, ContainerId container) => Of<CommentRow>(caller, container);

    public Task<Outcome<IReadOnlyList<PinRow>>> PinsOf(Caller caller, ContainerId container) => Of<PinRow>(caller, container);

    private async Task<Refusal?> Insert(Unit unit, Caller caller, IEventRow row, string what, Faults faults)
    {
        if ((await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, row.ContainerId, "container")).Refusal is { } refusal)
        {
            return refusal;
        }

        if (!faults.None)
        {
            return faults.Refusal;
        }

        unit.Insert(row);
        unit.Audit(caller, row.CreatedAt, "created", what, row.Id, row.ContainerId);
        return null;
    }

    private async Task<Outcome<Done>> Change<T>(Unit unit, Caller caller, long id, string what, Action<T, ChangedColumns, Faults> change)
        where T : class, IEventRow
    {
        if (!(await unit.Own<T>(store, caller, Permissions.EditEvents, id, what)).Ok(out var row, out var no))
        {
            return no;
        }

        var (columns, faults) = (new ChangedColumns(), new Faults());
        change(row, columns, faults);
        if (!faults.None)
        {
            return faults.Refusal;
        }

        if (columns.Values.Count > 0)
        {
            unit.Update<T>(row.Id, unit.VersionToBuildOn<T>(row.Id, row.Version), [.. columns.Values]);
            unit.Audit(caller, clock.GetUtcNow(), "changed", what, row.Id, row.ContainerId, ChangedColumns.ForAudit(columns.Values));
        }

        return default(Done);
    }

    private async Task<Outcome<Done>> Remove<T>(Unit unit, Caller caller, long id, string what)
        where T : class, IEventRow
    {
        if (!(await unit.Own<T>(store, caller, Permissions.EditEvents, id, what)).Ok(out var row, out var no))
        {
            return no;
        }

        if (caller.LacksToDelete(Permissions.EditEvents) is { } lacks)
        {
            return lacks;
        }

        unit.Delete<T>(id);
        unit.Audit(caller, clock.GetUtcNow(), "deleted", what, id, row.ContainerId);
        return default(Done);
    }

    private async Task<Outcome<IReadOnlyList<T>>> Of<T>(Caller caller, ContainerId container)
        where T : class, IRow
    {
        if ((await containers.Get(caller, container)).Refusal is { } refusal)
        {
            return refusal;
        }

        return Outcomes.Of(await store.Select<T>(Query.For(Where.Is("ContainerId", container.Value))));
    }
}
