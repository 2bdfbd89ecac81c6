using Vedette.Engine.Storage;
using Vedette.Engine.Workbooks;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary>Workbooks, under their names and the older ones that begin with <c>workflow</c>.</summary>
internal sealed class WorkbookResource(IWorkbooks workbooks, Records records) : IResource
{
    private static readonly Shape TaskTemplate = new Shape("TaskTemplateBody", "A task of a template.")
        .Needs("name", Kind.Text, "What people see.")
        .With("order", Kind.Whole, "Its place; that in the list unless said.")
        .With("description", Kind.Text, "What is to be done.")
        .With("owner_id", Kind.Text, "Whose it is: number or username.", "owner")
        .With("role_id", Kind.Text, "Or which role's: number or name.", "role")
        .With("actions", Kind.Any, "Names of actions to suggest.")
        .With("playbooks", Kind.Any, "Playbooks to suggest: objects with `scm` and `playbook`.")
        .With("is_note_required", Kind.Truth, "It is closed with a note only.")
        .With("sla", Kind.Whole, "Minutes.");

    private static readonly Shape PhaseTemplate = new Shape("PhaseTemplateBody", "A phase of a template.")
        .Needs("name", Kind.Text, "What people see.")
        .With("order", Kind.Whole, "Its place; that in the list unless said.")
        .ListOf("tasks", TaskTemplate, "Its tasks.");

    private static readonly Shape Template = new Shape("WorkbookTemplateBody", "A template with its phases and tasks.")
        .Needs("name", Kind.Text, "What people see; no two have the same.")
        .With("description", Kind.Text, "What it is for.")
        .With("is_default", Kind.Truth, "Taken for a case that names none; the one before is so no more.")
        .With("is_note_required", Kind.Truth, "Every task is closed with a note only.")
        .With("status", Kind.Text, "`published` or `draft`.")
        .ListOf("phases", PhaseTemplate, "Its phases.");

    private static readonly Shape Phase = new Shape("PhaseBody", "A phase for an event.")
        .Needs("container_id", Kind.Whole, "The event.", "container")
        .Needs("name", Kind.Text, "What people see.")
        .With("order", Kind.Whole, "Its place; the last unless said.");

    private static readonly Shape WorkbookTask = new Shape("TaskBody", "A task of an event's workbook.")
        .With("phase_id", Kind.Whole, "The phase it belongs to. New tasks only.", "phase")
        .With("container_id", Kind.Whole, "Or the event, for a task of its current phase. New tasks only.", "container")
        .With("name", Kind.Text, "What people see. Needed for a new task.")
        .With("order", Kind.Whole, "Its place.")
        .With("description", Kind.Text, "What is to be done.")
        .With("owner_id", Kind.Text, "Whose it is: number or username.", "owner")
        .With("role_id", Kind.Text, "Or which role's: number or name.", "role")
        .With("is_note_required", Kind.Truth, "It is closed with a note only. New tasks only.")
        .With("status", Kind.Whole, "0 not started, 2 in progress, 1 complete; from 0 to 1 by way of 2.")
        .With("note", Kind.Text, "A note to write on it.")
        .With("title", Kind.Text, "The heading of that note.")
        .With("note_format", Kind.Text, "`markdown` or `html`.");

    public IEnumerable<Route> Routes => new[] { "workbook", "workflow" }.SelectMany(Named);

    private IEnumerable<Route> Named(string name) =>
    [
        Route.List($"{name}_template", "List workbook templates", RecordTypes.WorkbookTemplate, records),
        Route.Post($"{name}_template", "Make a workbook template", Template, Make) with { Needed = Permissions.EditSettings, Answers = Shapes.Written },
        Route.One($"{name}_template/{{id}}", "Read a workbook template", RecordTypes.WorkbookTemplate, records),
        Route.Delete($"{name}_template/{{id}}", "Delete a workbook template", call => call.Work.Write(unit => workbooks.DeleteTemplate(unit, call.Caller, new WorkbookTemplateId(call.Number)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Description = "What was copied onto events stays. By a person, not by a token.", Needed = Permissions.EditSettings,
        },
        Route.List($"{name}_phase_template", "List phases of workbook templates", RecordTypes.WorkbookPhaseTemplate, records),
        Route.One($"{name}_phase_template/{{id}}", "Read a phase of a workbook template", RecordTypes.WorkbookPhaseTemplate, records),
        Route.List($"{name}_task_template", "List tasks of workbook templates", RecordTypes.WorkbookTaskTemplate, records),
        Route.One($"{name}_task_template/{{id}}", "Read a task of a workbook template", RecordTypes.WorkbookTaskTemplate, records),
        Route.List($"{name}_phase", "List phases of events", RecordTypes.WorkbookPhase, records),
        Route.Post($"{name}_phase", "Add a phase to an event", Phase, call => Arrays.Each(call, Phase, AddPhase)) with { Needed = Permissions.EditEvents, TakesLists = true, Answers = Shapes.Written },
        Route.One($"{name}_phase/{{id}}", "Read a phase", RecordTypes.WorkbookPhase, records),
        Route.List($"{name}_task", "List tasks of events", RecordTypes.WorkbookTask, records),
        Route.Post($"{name}_task", "Add a task to an event", WorkbookTask, call => Arrays.Each(call, WorkbookTask, AddTask)) with { Needed = Permissions.EditEvents, TakesLists = true, Answers = Shapes.Written },
        Route.One($"{name}_task/{{id}}", "Read a task", RecordTypes.WorkbookTask, records),
        Route.Post($"{name}_task/{{id}}", "Change a task, or write a note on it", WorkbookTask, Change) with
        {
            Needed = Permissions.EditEvents, Answers = Shapes.Written, Errors = [(400, "The status cannot go there from where it is, or a closing note is needed.")],
        },
    ];

    private Task<RestAnswer> Make(RestCall call)
    {
        var body = call.Body(Template);
        var draft = new WorkbookDraft
        {
            Name = body.NeedText("name"),
            Description = body.Text("description") ?? "",
            IsDefault = body.Truth("is_default") ?? false,
            IsNoteRequired = body.Truth("is_note_required") ?? false,
            Status = body.Text("status"),
            Phases = body.Each("phases", phase => new PhaseDraft(phase.NeedText("name"), phase.Whole("order"), phase.Each("tasks", TaskOf))),
        };
        return call.Work.Write(unit => workbooks.CreateTemplate(unit, call.Caller, draft), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct);
    }

    private static TaskDraft TaskOf(Posted task) => new()
    {
        Name = task.NeedText("name"),
        Position = task.Whole("order"),
        Description = task.Text("description") ?? "",
        Owner = task.Text("owner_id", "owner"),
        Role = task.Text("role_id", "role"),
        Actions = task.Value("actions"),
        Playbooks = task.Value("playbooks"),
        IsNoteRequired = task.Truth("is_note_required") ?? false,
        Sla = task.Whole("sla"),
    };

    private Task<RestAnswer> AddPhase(RestCall call, Posted body, int part)
    {
        var container = new ContainerId(body.NeedWhole("container_id", "container"));
        var (name, order) = (body.NeedText("name"), body.Whole("order"));
        return call.Work.Write(unit => workbooks.AddPhase(unit, call.Caller, container, name, order), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct, part);
    }

    private Task<RestAnswer> AddTask(RestCall call, Posted body, int part)
    {
        var draft = new TaskDraft
        {
            Phase = body.Whole("phase_id", "phase") is { } phase ? new PhaseId(phase) : null,
            Container = body.Whole("container_id", "container") is { } container ? new ContainerId(container) : null,
            Name = body.NeedText("name"),
            Position = body.Whole("order"),
            Description = body.Text("description") ?? "",
            Owner = body.Text("owner_id", "owner"),
            Role = body.Text("role_id", "role"),
            IsNoteRequired = body.Truth("is_note_required") ?? false,
        };
        return call.Work.Write(unit => workbooks.AddTask(unit, call.Caller, draft), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct, part);
    }

    private Task<RestAnswer> Change(RestCall call)
    {
        var body = call.Body(WorkbookTask);
        var change = new TaskChange
        {
            Name = body.Text("name"),
            Description = body.Text("description"),
            Position = body.Whole("order"),
            Owner = body.SetText("owner_id", "owner"),
            Role = body.SetText("role_id", "role"),
            Status = body.Whole("status"),
            Note = body.Text("note"),
            NoteTitle = body.Text("title"),
            NoteFormat = body.Text("note_format"),
        };
        return call.Work.Write(unit => workbooks.ChangeTask(unit, call.Caller, new TaskId(call.Number), change), _ => RestAnswer.Ok(Wire.Success(call.Number)), call.Ct);
    }
}
