using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Engine.Containers;
using Vedette.Engine.Notes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Workbooks;

internal sealed class WorkbookRoom(IStore store, TimeProvider clock, IContainers containers, INotes notes) : IWorkbooks
{
    private readonly Templates _templates = new(store, clock);

    public Task<Outcome<WorkbookTemplateId>> CreateTemplate(Unit unit, Caller caller, WorkbookDraft draft) => _templates.Create(unit, caller, draft);

    public Task<Outcome<Done>> DeleteTemplate(Unit unit, Caller caller, WorkbookTemplateId id) => _templates.Delete(unit, caller, id);

    public async Task<Outcome<Done>> Add(Unit unit, Caller caller, ContainerId container, string? template)
    {
        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, container.Value, "container")).Ok(out var on, out var no))
        {
            return no;
        }

        if (await _templates.Find(caller, template) is not { } found)
        {
            return new Refusal(RefusalKind.NotFound, "no_workbook_template", template is null ? "There is no default workbook template; name one." : $"workbook_template \"{Faults.Short(template)}\": item not found");
        }

        var phases = await _templates.PhasesOf(found.Id);
        var there = await Of<WorkbookPhaseRow>(unit, container.Value);
        if (phases.Any(phase => there.Any(one => one.TemplateId == phase.Id)))
        {
            return new Refusal(RefusalKind.Duplicate, "workbook_there", $"Workbook \"{found.Name}\" is on container {container.Value} already.");
        }

        var now = clock.GetUtcNow();
        long? first = null;
        foreach (var phase in phases)
        {
            var live = new WorkbookPhaseRow
            {
                Id = store.NextId<WorkbookPhaseRow>(),
                TenantId = on.TenantId,
                CreatedAt = now,
                UpdatedAt = now,
                ContainerId = on.Id,
                TemplateId = phase.Id,
                Name = phase.Name,
                Position = phase.Position + there.Count,
                StartTime = first is null && on.CurrentPhaseId is null ? now : null,
            };
            unit.Insert(live);
            first ??= live.Id;
            foreach (var task in await _templates.TasksOf(phase.Id))
            {
                unit.Insert(new WorkbookTaskRow
                {
                    Id = store.NextId<WorkbookTaskRow>(),
                    TenantId = on.TenantId,
                    CreatedAt = now,
                    UpdatedAt = now,
                    ContainerId = on.Id,
                    PhaseId = live.Id,
                    Name = task.Name,
                    Position = task.Position,
                    Description = task.Description,
                    OwnerId = task.OwnerId,
                    RoleId = task.RoleId,
                    Suggestions = task.Suggestions,
                    IsNoteRequired = task.IsNoteRequired || found.IsNoteRequired,
                    Sla = task.Sla,
                });
            }
        }

        var change = new ContainerChange { WorkflowName = on.WorkflowName.Length == 0 ? found.Name : null, CurrentPhase = on.CurrentPhaseId is null && first is not null ? new Set<long?>(first) : null };
        unit.Audit(caller, now, "added", "workbook", found.Id, on.Id, new JsonObject { ["name"] = Faults.Short(found.Name) });
        return await containers.Change(unit, caller, container, change);
    }

    public async Task<Outcome<PhaseId>> AddPhase(Unit unit, Caller caller, ContainerId container, string name, long? position)
    {
        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, container.Value, "container")).Ok(out var on, out var no))
        {
            return no;
        }

        var faults = new Faults();
        Named(faults, name);
        if (!faults.None)
        {
            return faults.Refusal;
        }

        var now = clock.GetUtcNow();
        var row = new WorkbookPhaseRow
        {
            Id = store.NextId<WorkbookPhaseRow>(),
            TenantId = on.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = on.Id,
            Name = name,
            Position = position ?? (await Of<WorkbookPhaseRow>(unit, on.Id)).Count + 1,
        };
        unit.Insert(row);
        unit.Audit(caller, now, "created", "workbook_phase", row.Id, on.Id, new JsonObject { ["name"] = Faults.Short(name) });
        return new PhaseId(row.Id);
    }

    public async Task<Outcome<TaskId>> AddTask(Unit unit, Caller caller, TaskDraft draft)
    {
        if (!(await Phase(unit, caller, draft)).Ok(out var phase, out var no))
        {
            return no;
        }

        var faults = new Faults();
        Named(faults, draft.Name);
        var now = clock.GetUtcNow();
        var row = new WorkbookTaskRow
        {
            Id = store.NextId<WorkbookTaskRow>(),
            TenantId = phase.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = phase.ContainerId,
            PhaseId = phase.Id,
            Name = draft.Name,
            Position = draft.Position ?? (await Of<WorkbookTaskRow>(unit, phase.ContainerId)).Count(task => task.PhaseId == phase.Id) + 1,
            Description = faults.Text("description", draft.Description, Limits.DescriptionLength)!,
            OwnerId = await Names.Owner(store, caller.TenantId, draft.Owner, faults),
            RoleId = await Names.Role(store, caller.TenantId, draft.Role, faults),
            Suggestions = Templates.Suggestions(draft),
            IsNoteRequired = draft.IsNoteRequired,
            Sla = draft.Sla,
        };
        if (!faults.None)
        {
            return faults.Refusal;
        }

        unit.Insert(row);
        unit.Audit(caller, now, "created", "workbook_task", row.Id, row.ContainerId, new JsonObject { ["name"] = Faults.Short(draft.Name) });
        return new TaskId(row.Id);
    }

    public async Task<Outcome<Done>> ChangeTask(Unit unit, Caller caller, TaskId id, TaskChange change)
    {
        if (!(await unit.Own<WorkbookTaskRow>(store, caller, Permissions.EditEvents, id.Value, "workbook_task")).Ok(out var row, out var no))
        {
            return no;
        }

        var (columns, faults, now) = (new ChangedColumns(), new Faults(), clock.GetUtcNow());
        if (change.Name is not null)
        {
            Named(faults, change.Name);
        }

        columns.Move(nameof(row.Name), row.Name, change.Name ?? row.Name);
        columns.Move(nameof(row.Description), row.Description, faults.Text("description", change.Description, Limits.DescriptionLength) ?? row.Description);
        columns.Move(nameof(row.Position), row.Position, change.Position ?? row.Position);
        if (change.Owner is { } owner)
        {
            columns.Move(nameof(row.OwnerId), row.OwnerId, await Names.Owner(store, caller.TenantId, owner.To, faults));
        }

        if (change.Role is { } role)
        {
            columns.Move(nameof(row.RoleId), row.RoleId, await Names.Role(store, caller.TenantId, role.To, faults));
        }

        if (change.Status is { } status && status != row.Status)
        {
            Move(row, status, change, columns, faults, now);
        }

        if (!faults.None)
        {
            return faults.Refusal;
        }

        if (columns.Values.Count > 0)
        {
            unit.Update<WorkbookTaskRow>(row.Id, unit.VersionToBuildOn<WorkbookTaskRow>(row.Id, row.Version), [.. columns.Values]);
            unit.Audit(caller, now, "changed", "workbook_task", row.Id, row.ContainerId, ChangedColumns.ForAudit(columns.Values));
        }

        if (change.Note is not { Length: > 0 } note)
        {
            return default(Done);
        }

        var written = await notes.AddNote(unit, caller, new NoteDraft
        {
            Container = new ContainerId(row.ContainerId),
            Title = change.NoteTitle ?? "",
            Content = note,
            NoteType = "task",
            NoteFormat = change.NoteFormat ?? "markdown",
            TaskId = row.Id,
            PhaseId = row.PhaseId,
        });
        return written.Refusal is { } refusal ? refusal : default(Done);
    }

    public async Task<Outcome<Done>> SetPhase(Unit unit, Caller caller, ContainerId container, string phase)
    {
        if ((await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, container.Value, "container")).Refusal is { } no)
        {
            return no;
        }

        var phases = await Of<WorkbookPhaseRow>(unit, container.Value);
        var id = long.TryParse(phase, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        var found = phases.FirstOrDefault(one => one.Id == id) ?? phases.FirstOrDefault(one => one.Name.Equals(phase, StringComparison.OrdinalIgnoreCase));
        if (found is null)
        {
            return new Refusal(RefusalKind.Invalid, "no_phase", $"Container {container.Value} has no phase \"{Faults.Short(phase)}\"; its phases: {string.Join(", ", phases.Select(one => one.Name))}.");
        }

        if (found.StartTime is null)
        {
            unit.Update<WorkbookPhaseRow>(found.Id, unit.VersionToBuildOn<WorkbookPhaseRow>(found.Id, found.Version), (nameof(found.StartTime), clock.GetUtcNow()));
        }

        return await containers.Change(unit, caller, container, new ContainerChange { CurrentPhase = new Set<long?>(found.Id) });
    }

    public async Task<Outcome<IReadOnlyList<WorkbookPhaseRow>>> PhasesOf(Caller caller, ContainerId container)
    {
        if ((await containers.Get(caller, container)).Refusal is { } refusal)
        {
            return refusal;
        }

        return Outcomes.Of<IReadOnlyList<WorkbookPhaseRow>>(await Of<WorkbookPhaseRow>(new Unit(), container.Value));
    }

    public async Task<Outcome<IReadOnlyList<WorkbookTaskRow>>> TasksOf(Caller caller, ContainerId container)
    {
        if (!(await PhasesOf(caller, container)).Ok(out var phases, out var refusal))
        {
            return refusal;
        }

        var tasks = await Of<WorkbookTaskRow>(new Unit(), container.Value);
        return Outcomes.Of<IReadOnlyList<WorkbookTaskRow>>([.. phases.SelectMany(phase => tasks.Where(task => task.PhaseId == phase.Id))]);
    }

    private static void Move(WorkbookTaskRow row, long status, TaskChange change, ChangedColumns columns, Faults faults, DateTimeOffset now)
    {
        var allowed = (row.Status, status) is (WorkbookTaskRow.NotStarted, WorkbookTaskRow.InProgress) or (WorkbookTaskRow.InProgress, WorkbookTaskRow.Complete)
            or (WorkbookTaskRow.InProgress, WorkbookTaskRow.NotStarted) or (WorkbookTaskRow.Complete, WorkbookTaskRow.InProgress);
        if (!allowed)
        {
            faults.Add("bad_transition", $"Invalid status transition: from {row.Status} to {status}. A task goes from 0 (not started) to 2 (in progress), from there to 1 (complete) or back.");
            return;
        }

        if (status == WorkbookTaskRow.Complete && row.IsNoteRequired && string.IsNullOrWhiteSpace(change.Note))
        {
            faults.Add("note_required", "Closing note content is required: give note, and title, with the status.");
        }

        columns.Move(nameof(row.Status), row.Status, status);
        columns.Move(nameof(row.StartTime), row.StartTime, status == WorkbookTaskRow.NotStarted ? null : row.StartTime ?? now);
        columns.Move(nameof(row.EndTime), row.EndTime, status == WorkbookTaskRow.Complete ? now : null);
    }

    private static void Named(Faults faults, string name)
    {
        faults.Text("name", name, Limits.NameLength);
        if (name.Length == 0)
        {
            faults.Add("missing_name", "name is missing.");
        }
    }

    private async Task<Outcome<WorkbookPhaseRow>> Phase(Unit unit, Caller caller, TaskDraft draft)
    {
        if (draft.Phase is { } named)
        {
            return await unit.Own<WorkbookPhaseRow>(store, caller, Permissions.EditEvents, named.Value, "workbook_phase");
        }

        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, draft.Container?.Value ?? 0, "container")).Ok(out var on, out var no))
        {
            return no;
        }

        var phases = await Of<WorkbookPhaseRow>(unit, on.Id);
        var current = phases.Find(phase => phase.Id == on.CurrentPhaseId) ?? (phases.Count > 0 ? phases[0] : null);
        return current is not null
            ? current
            : new Refusal(RefusalKind.Invalid, "no_phase", $"Container {on.Id} has no phase that a task could belong to; add a workbook or a phase first.");
    }

    /// <summary>Rows of an event with what the unit wrote, in their order.</summary>
    private async Task<List<T>> Of<T>(Unit unit, long container)
        where T : class, IEventRow
    {
        var rows = new List<T>();
        var own = unit.Writes.OfType<Insert>().Select(insert => insert.Row).OfType<T>().Where(row => row.ContainerId == container);
        foreach (var row in (await store.Select<T>(Query.For(Where.Is("ContainerId", container)))).Concat(own))
        {
            if (await unit.Find<T>(store, row.Id) is { } seen)
            {
                rows.Add(seen);
            }
        }

        return [.. rows.OrderBy(row => row is WorkbookPhaseRow phase ? phase.Position : (row as WorkbookTaskRow)!.Position).ThenBy(row => row.Id)];
    }
}
