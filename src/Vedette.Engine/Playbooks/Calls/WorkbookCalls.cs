using System.Text.Json;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Engine.Workbooks;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>The workbook of an event: phases, and tasks.</summary>
internal static class WorkbookCalls
{
    public static async Task<string> Add(Turn turn, JsonElement arguments)
    {
        var id = EventCalls.Container(turn, arguments);
        var outcome = await turn.Services.Workbooks.Add(turn.Unit, turn.Caller, id, arguments.Text("workbook_id"));
        await See(turn, id);
        return await PlaybookCalls.Said(turn, outcome, withId: false);
    }

    public static async Task<string> SetPhase(Turn turn, JsonElement arguments)
    {
        var id = EventCalls.Container(turn, arguments);
        var outcome = await turn.Services.Workbooks.SetPhase(turn.Unit, turn.Caller, id, arguments.Text("phase") ?? "");
        await See(turn, id);
        return await PlaybookCalls.Said(turn, outcome, withId: false);
    }

    /// <summary><c>(ok, message, number, name)</c> of the current phase.</summary>
    public static async Task<string> GetPhase(Turn turn, JsonElement arguments)
    {
        await turn.CommitSoFar();
        var id = EventCalls.Container(turn, arguments);
        var container = await turn.Services.Containers.Get(turn.Caller, id);
        if (!container.Ok(out var on, out var refusal))
        {
            await turn.Note(refusal);
            return JsonSerializer.Serialize(new object?[] { false, refusal.Message, null, null });
        }

        var phases = await turn.Services.Workbooks.PhasesOf(turn.Caller, id);
        return phases.Value.FirstOrDefault(phase => phase.Id == on.CurrentPhaseId) is { } current
            ? JsonSerializer.Serialize(new object?[] { true, "", current.Id, current.Name })
            : JsonSerializer.Serialize(new object?[] { false, "The event has no current phase.", null, null });
    }

    public static async Task<string> AddTask(Turn turn, JsonElement arguments) => await PlaybookCalls.Said(
        turn,
        await turn.Services.Workbooks.AddTask(turn.Unit, turn.Caller, new TaskDraft
        {
            Container = EventCalls.Container(turn, arguments),
            Phase = arguments.Number("phase_id") is { } phase ? new PhaseId(phase) : null,
            Name = arguments.Text("name") ?? "",
            Description = arguments.Text("description") ?? "",
            Owner = arguments.Text("owner"),
            Role = arguments.Text("role"),
        }),
        withId: true,
        id => id.Value);

    public static async Task<string> GetTasks(Turn turn, JsonElement arguments)
    {
        await turn.CommitSoFar();
        var container = EventCalls.Container(turn, arguments);
        if (!(await turn.Services.Workbooks.TasksOf(turn.Caller, container)).Ok(out var tasks, out var refusal))
        {
            await turn.Note(refusal);
            return $"[false,{JsonSerializer.Serialize(refusal.Message)},[]]";
        }

        var notes = await turn.Services.Notes.NotesOf(turn.Caller, container);
        return JsonSerializer.Serialize(new object[]
        {
            true,
            "",
            tasks.Select(task => new
            {
                id = task.Id,
                name = task.Name,
                order = task.Position,
                description = task.Description,
                status = task.Status,
                owner = task.OwnerId,
                role = task.RoleId,
                phase = task.PhaseId,
                container = task.ContainerId,
                is_note_required = task.IsNoteRequired,
                suggestions = JsonSerializer.Deserialize<JsonElement>(task.Suggestions),
                notes = notes.Value.Where(note => note.TaskId == task.Id).Select(note => new { id = note.Id, title = note.Title, content = note.Content, note_format = note.NoteFormat }),
                sla = task.Sla,
                start_time = task.StartTime is { } start ? PlaybookJson.Time(start) : null,
                end_time = task.EndTime is { } end ? PlaybookJson.Time(end) : null,
                create_time = PlaybookJson.Time(task.CreatedAt),
            }),
        });
    }

    /// <summary>The event as this turn made it.</summary>
    internal static async Task See(Turn turn, ContainerId id)
    {
        if (id.Value == turn.Run.Row.ContainerId && await turn.Unit.Find<ContainerRow>(turn.Services.Store, id.Value) is { } changed)
        {
            turn.Data.See(changed);
        }
    }
}
