using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Workbooks;

/// <summary>Templates of workbooks: made as a whole, found by number or name.</summary>
internal sealed class Templates(IStore store, TimeProvider clock)
{
    private const int Most = 1_000;

    public async Task<Outcome<WorkbookTemplateId>> Create(Unit unit, Caller caller, WorkbookDraft draft)
    {
        if (caller.Lacks(Permissions.EditSettings) is { } lacks)
        {
            return lacks;
        }

        var (faults, now) = (new Faults(), clock.GetUtcNow());
        Named(faults, draft.Name);
        if (draft.Phases.Count + draft.Phases.Sum(phase => phase.Tasks.Count) > Most)
        {
            faults.TooLarge($"The workbook has more than {Most} phases and tasks, which is what one may have.");
        }

        if (await One(Mine(caller) & Where.Is(nameof(WorkbookTemplateRow.Name), draft.Name)) is { } there)
        {
            return new Refusal(RefusalKind.Duplicate, "workbook_exists", $"There is a workbook template \"{Faults.Short(draft.Name)}\" already.", there.Id);
        }

        var rows = new List<IRow>();
        var row = new WorkbookTemplateRow
        {
            Id = store.NextId<WorkbookTemplateRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            Name = draft.Name,
            Description = faults.Text("description", draft.Description, Limits.DescriptionLength)!,
            IsDefault = draft.IsDefault,
            IsNoteRequired = draft.IsNoteRequired,
            Status = faults.Word("status", draft.Status, "published", "published", "draft"),
            CreatorId = caller.Author,
        };
        rows.Add(row);
        foreach (var (at, phase) in draft.Phases.Index())
        {
            Named(faults, phase.Name);
            var made = new WorkbookPhaseTemplateRow
            {
                Id = store.NextId<WorkbookPhaseTemplateRow>(),
                TenantId = caller.TenantId,
                CreatedAt = now,
                UpdatedAt = now,
                TemplateId = row.Id,
                Name = phase.Name,
                Position = phase.Position ?? at + 1,
            };
            rows.Add(made);
            foreach (var (place, task) in phase.Tasks.Index())
            {
                Named(faults, task.Name);
                rows.Add(new WorkbookTaskTemplateRow
                {
                    Id = store.NextId<WorkbookTaskTemplateRow>(),
                    TenantId = caller.TenantId,
                    CreatedAt = now,
                    UpdatedAt = now,
                    TemplateId = row.Id,
                    PhaseId = made.Id,
                    Name = task.Name,
                    Position = task.Position ?? place + 1,
                    Description = faults.Text("description", task.Description, Limits.DescriptionLength)!,
                    OwnerId = await Names.Owner(store, caller.TenantId, task.Owner, faults),
                    RoleId = await Names.Role(store, caller.TenantId, task.Role, faults),
                    Suggestions = Suggestions(task),
                    IsNoteRequired = task.IsNoteRequired,
                    Sla = task.Sla,
                });
            }
        }

        if (!faults.None)
        {
            return faults.Refusal;
        }

        if (draft.IsDefault)
        {
            foreach (var other in await store.Select<WorkbookTemplateRow>(Query.For(Mine(caller) & Where.Is(nameof(WorkbookTemplateRow.IsDefault), true))))
            {
                unit.Update<WorkbookTemplateRow>(other.Id, other.Version, (nameof(other.IsDefault), false));
            }
        }

        rows.ForEach(unit.Insert);
        unit.Audit(caller, now, "created", "workbook_template", row.Id, content: new JsonObject { ["name"] = Faults.Short(row.Name) });
        return new WorkbookTemplateId(row.Id);
    }

    public async Task<Outcome<Done>> Delete(Unit unit, Caller caller, WorkbookTemplateId id)
    {
        if (!(await unit.Own<WorkbookTemplateRow>(store, caller, Permissions.EditSettings, id.Value, "workbook_template")).Ok(out var row, out var no))
        {
            return no;
        }

        if (caller.LacksToDelete(Permissions.EditSettings) is { } lacks)
        {
            return lacks;
        }

        foreach (var phase in await PhasesOf(row.Id))
        {
            foreach (var task in await TasksOf(phase.Id))
            {
                unit.Delete<WorkbookTaskTemplateRow>(task.Id);
            }

            unit.Delete<WorkbookPhaseTemplateRow>(phase.Id);
        }

        unit.Delete<WorkbookTemplateRow>(row.Id);
        unit.Audit(caller, clock.GetUtcNow(), "deleted", "workbook_template", row.Id, content: new JsonObject { ["name"] = Faults.Short(row.Name) });
        return default(Done);
    }

    /// <summary>By number, else by name; null asks for the default one.</summary>
    public async Task<WorkbookTemplateRow?> Find(Caller caller, string? template)
    {
        if (template is null)
        {
            return await One(Mine(caller) & Where.Is(nameof(WorkbookTemplateRow.IsDefault), true));
        }

        if (long.TryParse(template, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && await store.Find<WorkbookTemplateRow>(id) is { } row && row.TenantId == caller.TenantId)
        {
            return row;
        }

        return await One(Mine(caller) & Where.Is(nameof(WorkbookTemplateRow.Name), template));
    }

    public async Task<IReadOnlyList<WorkbookPhaseTemplateRow>> PhasesOf(long template) => await store.Select<WorkbookPhaseTemplateRow>(
        new Query { Where = Where.Is(nameof(WorkbookPhaseTemplateRow.TemplateId), template), Order = [(nameof(WorkbookPhaseTemplateRow.Position), false), ("Id", false)] });

    public async Task<IReadOnlyList<WorkbookTaskTemplateRow>> TasksOf(long phase) => await store.Select<WorkbookTaskTemplateRow>(
        new Query { Where = Where.Is(nameof(WorkbookTaskTemplateRow.PhaseId), phase), Order = [(nameof(WorkbookTaskTemplateRow.Position), false), ("Id", false)] });

    public static string Suggestions(TaskDraft task) => new JsonObject
    {
        ["actions"] = task.Actions is { ValueKind: System.Text.Json.JsonValueKind.Array } actions ? JsonArray.Create(actions) : new JsonArray(),
        ["playbooks"] = task.Playbooks is { ValueKind: System.Text.Json.JsonValueKind.Array } playbooks ? JsonArray.Create(playbooks) : new JsonArray(),
    }.ToJsonString();

    private async Task<WorkbookTemplateRow?> One(Where where)
    {
        var found = await store.Select<WorkbookTemplateRow>(new Query { Where = where, Limit = 1 });
        return found.Count == 0 ? null : found[0];
    }

    private static Where Mine(Caller caller) => Where.Is("TenantId", caller.TenantId);

    private static void Named(Faults faults, string name)
    {
        faults.Text("name", name, Limits.NameLength);
        if (name.Length == 0)
        {
            faults.Add("missing_name", "name is missing.");
        }
    }
}
