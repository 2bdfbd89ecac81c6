using System.Text.Json;
using Vedette.Engine.Containers;
using Vedette.Engine.Notes;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Engine.Workbooks;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Notes, comments, artifacts, and the event's own fields.</summary>
internal static class EventCalls
{
    public static async Task<string> AddNote(Turn turn, JsonElement arguments) => await PlaybookCalls.Said(
        turn,
        await turn.Services.Notes.AddNote(turn.Unit, turn.Caller, new NoteDraft
        {
            Container = Container(turn, arguments),
            Title = arguments.Text("title") ?? "",
            Content = arguments.Text("content") ?? "",
            NoteType = (arguments.Text("note_type") ?? "general").ToLowerInvariant(),
            NoteFormat = (arguments.Text("note_format") ?? "html").ToLowerInvariant(),
            TaskId = arguments.Number("task_id"),
            PhaseId = arguments.Number("phase_id"),
            Artifact = arguments.Number("artifact_id") is { } artifact ? new ArtifactId(artifact) : null,
        }),
        withId: true,
        id => id.Value);

    public static async Task<string> GetNotes(Turn turn, JsonElement arguments)
    {
        await turn.CommitSoFar();
        var outcome = await turn.Services.Notes.NotesOf(turn.Caller, Container(turn, arguments));
        if (!outcome.Ok(out var notes, out var refusal))
        {
            await turn.Note(refusal);
            return $"[false,{JsonSerializer.Serialize(refusal.Message)},[]]";
        }

        var (artifact, task) = (arguments.Number("artifact_id"), arguments.Number("task_id"));
        return JsonSerializer.Serialize(new object[]
        {
            true,
            "",
            notes.Where(note => (artifact is null || note.ArtifactId == artifact) && (task is null || note.TaskId == task)).Select(note => new
            {
                id = note.Id,
                title = note.Title,
                content = note.Content,
                note_type = note.NoteType,
                note_format = note.NoteFormat,
                container = note.ContainerId,
                author = note.AuthorId,
                phase = note.PhaseId,
                task = note.TaskId,
                artifact = note.ArtifactId,
                create_time = PlaybookJson.Time(note.CreatedAt),
                modified_time = PlaybookJson.Time(note.UpdatedAt),
            }),
        });
    }

    public static async Task<string> Comment(Turn turn, JsonElement arguments) =>
        await PlaybookCalls.Said(turn, await turn.Services.Notes.AddComment(turn.Unit, turn.Caller, Container(turn, arguments), arguments.Text("comment") ?? ""), withId: false);

    public static Task<string> SetSeverity(Turn turn, JsonElement arguments) =>
        Change(turn, arguments, new ContainerChange { Severity = arguments.Text("severity")?.ToLowerInvariant() ?? "" });

    public static Task<string> SetStatus(Turn turn, JsonElement arguments) =>
        Change(turn, arguments, new ContainerChange { Status = Status(arguments.Text("status")) });

    /// <summary>Of the event, or with <c>task_id</c> of a task.</summary>
    public static async Task<string> SetOwner(Turn turn, JsonElement arguments)
    {
        Set<string?>? role = arguments.Text("role") is { } named ? new Set<string?>(named) : null;
        Set<string?>? user = role is null ? new Set<string?>(arguments.Text("user") is { Length: > 0 } who ? who : null) : null;
        return arguments.Number("task_id") is { } task
            ? await PlaybookCalls.Said(turn, await turn.Services.Workbooks.ChangeTask(turn.Unit, turn.Caller, new TaskId(task), new TaskChange { Owner = user, Role = role }), withId: false)
            : await Change(turn, arguments, new ContainerChange { Owner = user, Role = role });
    }

    public static async Task<string> Update(Turn turn, JsonElement arguments)
    {
        var with = arguments.Get("update") ?? default;
        if ((with.Text("current_phase") ?? with.Text("current_phase_id")) is { Length: > 0 } phase
            && (await turn.Services.Workbooks.SetPhase(turn.Unit, turn.Caller, Container(turn, arguments), phase)).Refusal is { } no)
        {
            return await PlaybookCalls.Said<Done>(turn, no, withId: false);
        }

        return await Change(turn, arguments, new ContainerChange
        {
            Name = with.Text("name"),
            Label = with.Text("label"),
            Description = with.Text("description"),
            ContainerType = with.Text("container_type"),
            Status = with.Text("status") is { } status ? Status(status) : null,
            Severity = with.Text("severity")?.ToLowerInvariant(),
            Sensitivity = with.Text("sensitivity"),
            Tags = with.Texts("tags"),
            CustomFields = with.Get("custom_fields"),
            Data = with.Get("data"),
            Owner = with.Text("owner_id") is { } owner ? new Set<string?>(owner) : null,
            Role = with.Text("role_id") is { } role ? new Set<string?>(role) : null,
        });
    }

    public static async Task<string> AddArtifact(Turn turn, JsonElement arguments)
    {
        var container = Container(turn, arguments);
        var outcome = await turn.Services.Containers.AddArtifact(turn.Unit, turn.Caller, new ArtifactDraft
        {
            Container = container,
            Name = arguments.Text("name"),
            Label = arguments.Text("label"),
            Severity = arguments.Text("severity")?.ToLowerInvariant(),
            Type = arguments.Text("artifact_type"),
            SourceDataIdentifier = arguments.Text("identifier"),
            Cef = arguments.Get("cef_data"),
            CefTypes = arguments.Get("field_mapping"),
            Data = arguments.Get("raw_data") is { ValueKind: JsonValueKind.Object } raw ? raw : null,
            RunAutomation = arguments.Flag("run_automation"),
        });
        if (!outcome.Refused && container.Value == turn.Run.Row.ContainerId)
        {
            await turn.Data.See(turn.Unit.Writes.OfType<InsertArtifact>().Last().Artifact);
        }

        if (!outcome.Refused && !arguments.Flag("run_automation"))
        {
            Triggers.ForIndicators(turn.Unit, turn.Services.Store, turn.Services.Bell, turn.Caller, container.Value, turn.Services.Time.GetUtcNow());
        }
        else if (!outcome.Refused)
        {
            turn.Unit.Add(new InsertTrigger(new TriggerRow
            {
                Id = turn.Services.Store.NextId<TriggerRow>(),
                TenantId = turn.Caller.TenantId,
                ContainerId = container.Value,
                UserId = turn.Caller.UserId,
                CreatedAt = turn.Services.Time.GetUtcNow(),
                Trace = Telemetry.Here,
            }));
            turn.Unit.Afterward(() => turn.Services.Bell.Ring(container.Value));
        }

        return await PlaybookCalls.Said(turn, outcome, withId: true, id => id.Value);
    }

    public static async Task<string> GetContainer(Turn turn, JsonElement arguments)
    {
        var id = arguments.Number("container_id") ?? 0;
        if (id == turn.Run.Row.ContainerId)
        {
            return turn.Data.Container.GetRawText();
        }

        // One that this turn made has to be committed to be there for the door.
        await turn.CommitSoFar();
        var outcome = await turn.Services.Containers.Get(turn.Caller, new ContainerId(id));
        await turn.Note(outcome.Refusal);
        return outcome.Ok(out var row, out _) ? PlaybookJson.Container(row, turn.Services.Options.BaseUrl, turn.Run.Row.Id).GetRawText() : "null";
    }

    internal static async Task<string> Change(Turn turn, JsonElement arguments, ContainerChange change)
    {
        var id = Container(turn, arguments);
        if (turn.Unit.Writes.Any(write => write is Upsert { Row: SavedObjectRow }))
        {
            // Resolving the event deletes what is kept for it, and deletes what is committed.
            await turn.CommitSoFar();
        }

        var outcome = await turn.Services.Containers.Change(turn.Unit, turn.Caller, id, change);
        if (!outcome.Refused && id.Value == turn.Run.Row.ContainerId && await turn.Unit.Find<ContainerRow>(turn.Services.Store, id.Value) is { } changed)
        {
            turn.Data.See(changed);
        }

        return await PlaybookCalls.Said(turn, outcome, withId: false);
    }

    internal static ContainerId Container(Turn turn, JsonElement arguments) => new(arguments.Number("container") ?? turn.Run.Row.ContainerId);

    private static string Status(string? status) => status?.ToLowerInvariant() switch
    {
        "resolved" => "closed",
        { } name => name,
        null => "",
    };
}
