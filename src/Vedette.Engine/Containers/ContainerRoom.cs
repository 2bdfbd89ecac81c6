using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Engine.Vault;
using Vedette.Model;

namespace Vedette.Engine.Containers;

internal sealed class ContainerRoom(IStore store, TimeProvider clock, OutboxBell bell, IVault vault) : IContainers
{
    private readonly Drafting _drafting = new(store, clock);
    private readonly SeverityList _severities = new(store, clock);

    public Task<Outcome<SeverityId>> AddSeverity(Unit unit, Caller caller, SeverityDraft draft) => _severities.Add(unit, caller, draft);

    public Task<Outcome<Done>> RemoveSeverity(Unit unit, Caller caller, SeverityId id) => _severities.Remove(unit, caller, id);

    public async Task<Outcome<ContainerId>> Create(Unit unit, Caller caller, ContainerDraft draft)
    {
        if (caller.Lacks(Permissions.CreateEvents) is { } lacks)
        {
            return lacks;
        }

        if (!(await _drafting.Container(caller, draft)).Ok(out var row, out var refusal))
        {
            return refusal;
        }

        if (OutsideLabels(caller, row.Label) is { } outside)
        {
            return outside;
        }

        if (!string.IsNullOrEmpty(draft.SourceDataIdentifier) && await Existing(unit, row) is { } existing)
        {
            return Duplicate(row.SourceDataIdentifier, existing);
        }

        unit.Insert(row);
        unit.Audit(caller, row.CreatedAt, "created", "container", row.Id, row.Id, new JsonObject
        {
            ["name"] = Faults.Short(row.Name),
            ["label"] = row.Label,
            ["severity"] = row.Severity,
            ["source_data_identifier"] = Faults.Short(row.SourceDataIdentifier),
        });
        return new ContainerId(row.Id);
    }

    public async Task<Outcome<Done>> Change(Unit unit, Caller caller, ContainerId id, ContainerChange change)
    {
        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, id.Value, "container")).Ok(out var row, out var no))
        {
            return no;
        }

        if (!(await new Changing(store, clock, _drafting).Container(caller, row, change)).Ok(out var columns, out var refusal))
        {
            return refusal;
        }

        if (columns.Values.Count == 0)
        {
            return default(Done);
        }

        if (columns.Values.Any(column => column.Column == nameof(row.SourceDataIdentifier))
            && await Existing(unit, row with { SourceDataIdentifier = change.SourceDataIdentifier! }) is { } existing)
        {
            return Duplicate(change.SourceDataIdentifier!, existing);
        }

        unit.Update<ContainerRow>(row.Id, unit.VersionToBuildOn<ContainerRow>(row.Id, row.Version), [.. columns.Values]);
        if (columns.Resolves || columns.Relabels)
        {
            await ReleaseGroup(unit, row);
        }

        if (columns.Resolves)
        {
            foreach (var kept in await store.Select<SavedObjectRow>(Query.For(Where.Is(nameof(SavedObjectRow.ContainerId), row.Id) & Where.Is(nameof(SavedObjectRow.AutoDelete), true))))
            {
                unit.Delete<SavedObjectRow>(kept.Id);
            }

            unit.Add(new InsertTrigger(new TriggerRow
            {
                Id = store.NextId<TriggerRow>(),
                TenantId = row.TenantId,
                ContainerId = row.Id,
                UserId = caller.UserId,
                CreatedAt = clock.GetUtcNow(),
                Kind = Triggers.ContainerResolved,
                Trace = Telemetry.Here,
                Indicated = true,
            }));
            unit.Afterward(() => bell.Ring(row.Id));
        }

        unit.Audit(caller, clock.GetUtcNow(), "changed", "container", row.Id, row.Id, ChangedColumns.ForAudit(columns.Values));
        return default(Done);
    }

    public async Task<Outcome<Done>> Delete(Unit unit, Caller caller, ContainerId id)
    {
        if (caller.LacksToDelete(Permissions.DeleteEvents) is { } lacks)
        {
            return lacks;
        }

        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.DeleteEvents, id.Value, "container")).Ok(out var row, out var no))
        {
            return no;
        }

        if (await Removal.AtWork(store, row.Id) is { } atWork)
        {
            return atWork;
        }

        await vault.DetachAll(unit, row.Id);
        await Removal.Write(unit, store, row.Id);
        unit.Audit(caller, clock.GetUtcNow(), "deleted", "container", row.Id, row.Id, new JsonObject { ["name"] = Faults.Short(row.Name) });
        return default(Done);
    }

    public async Task<Outcome<ArtifactId>> AddArtifact(Unit unit, Caller caller, ArtifactDraft draft)
    {
        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.CreateEvents, draft.Container.Value, "container")).Ok(out var container, out var no))
        {
            return no;
        }

        if (OutsideLabels(caller, container.Label) is { } outside)
        {
            return outside;
        }

        if (!(await _drafting.Artifact(caller, draft, draft.ParentContainer ?? draft.Container, draft.Container)).Ok(out var row, out var refusal))
        {
            return refusal;
        }

        if (!string.IsNullOrEmpty(draft.SourceDataIdentifier) && await Existing(unit, row) is { } existing)
        {
            return new Refusal(RefusalKind.Duplicate, "artifact_exists", "artifact already exists", existing);
        }

        unit.Add(new InsertArtifact(row));
        unit.Audit(caller, row.CreatedAt, "created", "artifact", row.Id, row.ContainerId, new JsonObject { ["name"] = Faults.Short(row.Name) });
        return new ArtifactId(row.Id);
    }

    public async Task<Outcome<Done>> ChangeArtifact(Unit unit, Caller caller, ArtifactId id, ArtifactChange change)
    {
        if (!(await unit.Own<ArtifactRow>(store, caller, Permissions.EditEvents, id.Value, "artifact")).Ok(out var row, out var no))
        {
            return no;
        }

        if (!(await Changing.Artifact(store, row, change)).Ok(out var columns, out var refusal))
        {
            return refusal;
        }

        if (columns.Values.Count == 0)
        {
            return default(Done);
        }

        unit.Update<ArtifactRow>(row.Id, unit.VersionToBuildOn<ArtifactRow>(row.Id, row.Version), [.. columns.Values]);
        if (columns.Values.Any(column => column.Column is nameof(row.Cef) or nameof(row.CefTypes)))
        {
            Triggers.ForIndicators(unit, store, bell, caller, row.ContainerId, clock.GetUtcNow(), row.Id);
        }

        unit.Audit(caller, clock.GetUtcNow(), "changed", "artifact", row.Id, row.ContainerId, ChangedColumns.ForAudit(columns.Values));
        return default(Done);
    }

    public async Task<Outcome<Done>> DeleteArtifact(Unit unit, Caller caller, ArtifactId id)
    {
        if (caller.LacksToDelete(Permissions.DeleteEvents) is { } lacks)
        {
            return lacks;
        }

        if (!(await unit.Own<ArtifactRow>(store, caller, Permissions.DeleteEvents, id.Value, "artifact")).Ok(out var row, out var no))
        {
            return no;
        }

        unit.Delete<ArtifactRow>(row.Id);
        foreach (var seen in await store.Select<IndicatorArtifactRow>(Query.For(Where.Is(nameof(IndicatorArtifactRow.ArtifactId), row.Id))))
        {
            unit.Delete<IndicatorArtifactRow>(seen.Id);
        }

        unit.Add(new Increase(typeof(ContainerRow), row.ContainerId, nameof(ContainerRow.ArtifactCount), -1));
        unit.Audit(caller, clock.GetUtcNow(), "deleted", "artifact", row.Id, row.ContainerId, new JsonObject { ["name"] = Faults.Short(row.Name) });
        return default(Done);
    }

    public Task<Outcome<Done>> AddToCase(Unit unit, Caller caller, ContainerId into, ContainerId container, ArtifactId? only, bool artifacts) =>
        Merging.Write(this, store, clock, bell, unit, caller, into, container, only, artifacts);

    public async Task<Outcome<ContainerRow>> Get(Caller caller, ContainerId id) =>
        await new Unit().Own<ContainerRow>(store, caller, Permissions.ViewEvents, id.Value, "container");

    public async Task<Outcome<IReadOnlyList<ArtifactRow>>> Artifacts(Caller caller, ContainerId id)
    {
        if ((await Get(caller, id)).Refusal is { } refusal)
        {
            return refusal;
        }

        var rows = await store.Select<ArtifactRow>(new Query { Where = Where.Is(nameof(ArtifactRow.ContainerId), id.Value), Order = [(nameof(ArtifactRow.Number), false)] });
        return Outcomes.Of(rows);
    }

    private static Refusal Duplicate(string identifier, long existing) =>
        new(RefusalKind.Duplicate, "duplicate_container", $"duplicate with source_data_identifier {identifier}", existing);

    private static Refusal? OutsideLabels(Caller caller, string label) => caller.OnlyLabels is { } labels && !labels.Contains(label)
        ? new Refusal(RefusalKind.Forbidden, "label_not_allowed", $"User \"{caller.Username}\" does not have permission for label \"{Faults.Short(label)}\": this token is for other labels.")
        : null;

    private async ValueTask<long?> Existing(Unit unit, ContainerRow row)
    {
        foreach (var write in unit.Writes)
        {
            if (write is Insert { Row: ContainerRow other } && other.Id != row.Id && other.AssetId == row.AssetId && other.SourceDataIdentifier == row.SourceDataIdentifier)
            {
                return other.Id;
            }
        }

        var found = await store.Select<ContainerRow>(new Query
        {
            Where = Where.Is(nameof(row.TenantId), row.TenantId) & Where.Is(nameof(row.AssetId), row.AssetId) & Where.Is(nameof(row.SourceDataIdentifier), row.SourceDataIdentifier),
            Limit = 1,
        });
        return found.Count == 0 || found[0].Id == row.Id ? null : found[0].Id;
    }

    private async ValueTask<long?> Existing(Unit unit, ArtifactRow row)
    {
        foreach (var write in unit.Writes)
        {
            if (write is InsertArtifact { Artifact: var other } && other.ContainerId == row.ContainerId && other.DedupeKey == row.DedupeKey)
            {
                return other.Id;
            }
        }

        var found = await store.Select<ArtifactRow>(new Query
        {
            Where = Where.Is(nameof(row.ContainerId), row.ContainerId) & Where.Is(nameof(row.DedupeKey), row.DedupeKey),
            Limit = 1,
        });
        return found.Count == 0 ? null : found[0].Id;
    }

    /// <summary>A resolved event takes no repeats: the next alert of its key opens a new one. Whoever decided on the key meanwhile decides again.</summary>
    private async ValueTask ReleaseGroup(Unit unit, ContainerRow row)
    {
        if (row.GroupKey is null)
        {
            return;
        }

        var groups = await store.Select<GroupRow>(Query.For(
            Where.Is(nameof(GroupRow.TenantId), row.TenantId) & Where.Is(nameof(GroupRow.Label), row.Label) & Where.Is(nameof(GroupRow.Key), row.GroupKey)));
        foreach (var group in groups.Where(group => group.ContainerId == row.Id))
        {
            unit.Expect<GroupRow>(group.Id, group.Version);
            unit.Delete<GroupRow>(group.Id);
        }

        unit.Update<ContainerRow>(row.Id, null, (nameof(ContainerRow.GroupKey), null));
    }
}
