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
            AuthorId = Author(caller),
            PhaseId = draft.PhaseId,
            TaskId = draft.TaskId,
            ArtifactId = draft.Artifact?.Value,
            PlaybookRunId = caller.Run?.Value,
        };
        return await Insert(unit, caller, row, row.ContainerId, "note", now, faults) is { } refusal ? refusal : new NoteId(row.Id);
    }

    public async Task<Outcome<Done>> ChangeNote(Unit unit, Caller caller, NoteId id, NoteChange change)
    {
        var faults = new Faults();
        var columns = new ChangedColumns();
        if (await Mine<NoteRow>(unit, caller, id.Value) is not { } row)
        {
            return NotThere(caller, "note");
        }

        columns.Move(nameof(row.Title), row.Title, faults.Text("title", change.Title, Limits.NameLength) ?? row.Title);
        columns.Move(nameof(row.Content), row.Content, faults.Text("content", change.Content, Limits.NoteLength) ?? row.Content);
        columns.Move(nameof(row.NoteFormat), row.NoteFormat, faults.Word("note_format", change.NoteFormat, row.NoteFormat, "markdown", "html"));
        return Change<NoteRow>(unit, caller, row, row.ContainerId, "note", columns, faults);
    }

    public async Task<Outcome<Done>> DeleteNote(Unit unit, Caller caller, NoteId id) =>
        await Mine<NoteRow>(unit, caller, id.Value) is { } row ? Remove<NoteRow>(unit, caller, row.Id, row.ContainerId, "note") : NotThere(caller, "note");

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
            AuthorId = Author(caller),
            PlaybookRunId = caller.Run?.Value,
        };
        return await Insert(unit, caller, row, row.ContainerId, "comment", now, faults) is { } refusal ? refusal : new CommentId(row.Id);
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
            AuthorId = Author(caller),
            PlaybookId = draft.Playbook?.Value,
            PlaybookRunId = caller.Run?.Value,
        };
        return await Insert(unit, caller, row, row.ContainerId, "pin", now, faults) is { } refusal ? refusal : new PinId(row.Id);
    }

    public async Task<Outcome<Done>> ChangePin(Unit unit, Caller caller, PinId id, PinChange change)
    {
        var faults = new Faults();
        var columns = new ChangedColumns();
        if (await Mine<PinRow>(unit, caller, id.Value) is not { } row)
        {
            return NotThere(caller, "container_pin");
        }

        columns.Move(nameof(row.Message), row.Message, faults.Text("message", change.Message, Limits.PinLength) ?? row.Message);
        columns.Move(nameof(row.Data), row.Data, faults.Text("data", change.Data, Limits.PinLength) ?? row.Data);
        columns.Move(nameof(row.Name), row.Name, faults.Text("name", change.Name, Limits.NameLength) ?? row.Name);
        columns.Move(nameof(row.PinType), row.PinType, faults.Word("pin_type", change.PinType, row.PinType, PinTypes));
        columns.Move(nameof(row.PinStyle), row.PinStyle, faults.Word("pin_style", change.PinStyle, row.PinStyle, PinStyles));
        return Change<PinRow>(unit, caller, row, row.ContainerId, "pin", columns, faults);
    }

    public async Task<Outcome<Done>> DeletePin(Unit unit, Caller caller, PinId id) =>
        await Mine<PinRow>(unit, caller, id.Value) is { } row ? Remove<PinRow>(unit, caller, row.Id, row.ContainerId, "pin") : NotThere(caller, "container_pin");

    public Task<Outcome<IReadOnlyList<NoteRow>>> NotesOf(Caller caller, ContainerId container) => Of<NoteRow>(caller, container);

    public Task<Outcome<IReadOnlyList<CommentRow>>> CommentsOf(Caller caller, ContainerId container) => Of<CommentRow>(caller, container);

    public Task<Outcome<IReadOnlyList<PinRow>>> PinsOf(Caller caller, ContainerId container) => Of<PinRow>(caller, container);

    private static long? Author(Caller caller) => caller.UserId == 0 ? null : caller.UserId;

    private static Refusal NotThere(Caller caller, string what) =>
        caller.Lacks(Permissions.EditEvents) ?? new Refusal(RefusalKind.NotFound, $"no_{what}", $"{what} item not found");

    private async ValueTask<T?> Mine<T>(Unit unit, Caller caller, long id)
        where T : class, INounRow =>
        caller.Lacks(Permissions.EditEvents) is null && await unit.Find<T>(store, id) is { } row && row.TenantId == caller.TenantId ? row : null;

    private async ValueTask<Refusal?> Insert(Unit unit, Caller caller, INounRow row, long container, string what, DateTimeOffset now, Faults faults)
    {
        if (caller.Lacks(Permissions.EditEvents) is { } lacks)
        {
            return lacks;
        }

        if (await unit.Find<ContainerRow>(store, container) is not { } holder || holder.TenantId != caller.TenantId)
        {
            return new Refusal(RefusalKind.NotFound, "no_container", "container item not found");
        }

        if (!faults.None)
        {
            return faults.Refusal;
        }

        unit.Insert(row);
        unit.Audit(caller, now, "created", what, row.Id, container);
        return null;
    }

    private Outcome<Done> Change<T>(Unit unit, Caller caller, T row, long container, string what, ChangedColumns columns, Faults faults)
        where T : class, INounRow
    {
        if (!faults.None)
        {
            return faults.Refusal;
        }

        if (columns.Values.Count > 0)
        {
            unit.Update<T>(row.Id, unit.VersionToBuildOn<T>(row.Id, row.Version), [.. columns.Values]);
            unit.Audit(caller, clock.GetUtcNow(), "changed", what, row.Id, container, ChangedColumns.ForAudit(columns.Values));
        }

        return default(Done);
    }

    private Outcome<Done> Remove<T>(Unit unit, Caller caller, long id, long container, string what)
        where T : class, INounRow
    {
        if (caller.ByToken)
        {
            return new Refusal(RefusalKind.Forbidden, "token_deletes", "Who came by a token does not have permission to delete; sign in as a person.");
        }

        unit.Delete<T>(id);
        unit.Audit(caller, clock.GetUtcNow(), "deleted", what, id, container);
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
