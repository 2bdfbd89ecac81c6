using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Intake;

/// <summary>Decides in which container the artifacts of an alert are stored, and claims the alert's key in the same unit.</summary>
internal sealed class Grouping(IStore store, TimeProvider clock)
{
    /// <summary>The container that takes the artifacts: the alert's own, or the open event that it repeats.</summary>
    /// <param name="highest">The highest severity of alert and artifacts; one that is higher raises both containers.</param>
    public async ValueTask<long> Place(Unit unit, Caller caller, ContainerRow alert, IEnumerable<JsonElement?> cefs, string? highest)
    {
        var lists = await PickLists.Read(store, alert.TenantId);
        if (alert.GroupedIntoId is { } into)
        {
            if (await unit.Find<ContainerRow>(store, into) is { } open && lists.StatusType(open.Status) != "resolved")
            {
                Raise(unit, lists, open, alert, highest);
                return into;
            }

            // The event it repeated is resolved or gone: from here on it stands for itself.
            unit.Update<ContainerRow>(alert.Id, unit.VersionToBuildOn<ContainerRow>(alert.Id, alert.Version), (nameof(alert.GroupedIntoId), null));
            alert = alert with { GroupedIntoId = null };
        }

        if (alert.GroupKey is not null || alert.ContainerType == "case" || lists.StatusType(alert.Status) == "resolved"
            || await PickLists.Label(store, alert.TenantId, alert.Label) is not { } label
            || GroupKey.Of(label.GroupFields, cefs) is not { } key)
        {
            return alert.Id;
        }

        return await Claim(unit, caller, lists, alert, label, key, highest);
    }

    private async ValueTask<long> Claim(Unit unit, Caller caller, PickLists lists, ContainerRow alert, LabelRow label, string key, string? highest)
    {
        var now = clock.GetUtcNow();
        if (await Group(unit, alert, key) is not { } group)
        {
            unit.Insert(new GroupRow { Id = store.NextId<GroupRow>(), TenantId = alert.TenantId, Label = alert.Label, Key = key, ContainerId = alert.Id, LastSeenAt = now });
            unit.Update<ContainerRow>(alert.Id, unit.VersionToBuildOn<ContainerRow>(alert.Id, alert.Version), (nameof(alert.GroupKey), key));
            return alert.Id;
        }

        // A resolve, a move or a removal replaces the group's row; repeats only expect it, so that a storm of them does not stand in its own way.
        unit.Expect<GroupRow>(group.Id, group.Version);
        var open = group.ContainerId == alert.Id ? null : await unit.Find<ContainerRow>(store, group.ContainerId);
        if (open is null
            || lists.StatusType(open.Status) == "resolved"
            || now - (open.LastSeenAt ?? group.LastSeenAt) > TimeSpan.FromMinutes(label.GroupWindowMinutes)
            || alert.ArtifactCount > 0)
        {
            unit.Delete<GroupRow>(group.Id);
            unit.Insert(group with { Id = store.NextId<GroupRow>(), Version = 1, ContainerId = alert.Id, LastSeenAt = now });
            unit.Update<ContainerRow>(alert.Id, unit.VersionToBuildOn<ContainerRow>(alert.Id, alert.Version), (nameof(alert.GroupKey), key));
            return alert.Id;
        }

        unit.Update<ContainerRow>(open.Id, null, (nameof(open.LastSeenAt), now));
        unit.Add(new Increase(typeof(ContainerRow), open.Id, nameof(open.AlertCount), 1));
        unit.Update<ContainerRow>(alert.Id, unit.VersionToBuildOn<ContainerRow>(alert.Id, alert.Version), (nameof(alert.GroupedIntoId), open.Id));
        Raise(unit, lists, open, alert, highest);
        unit.Audit(caller, now, "grouped", "container", alert.Id, open.Id, new JsonObject { ["grouped_into"] = open.Id });
        return open.Id;
    }

    private static void Raise(Unit unit, PickLists lists, ContainerRow open, ContainerRow alert, string? highest)
    {
        var severity = lists.Highest(alert.Severity, highest);
        foreach (var row in new[] { open, alert })
        {
            if (lists.Highest(row.Severity, severity) != row.Severity)
            {
                unit.Update<ContainerRow>(row.Id, unit.VersionToBuildOn<ContainerRow>(row.Id, row.Version), (nameof(row.Severity), severity));
            }
        }
    }

    private async ValueTask<GroupRow?> Group(Unit unit, ContainerRow alert, string key)
    {
        foreach (var write in unit.Writes)
        {
            if (write is Insert { Row: GroupRow row } && row.TenantId == alert.TenantId && row.Label == alert.Label && row.Key == key)
            {
                return await unit.Find<GroupRow>(store, row.Id);
            }
        }

        var found = await store.Select<GroupRow>(new Query
        {
            Where = Where.Is(nameof(GroupRow.TenantId), alert.TenantId) & Where.Is(nameof(GroupRow.Label), alert.Label) & Where.Is(nameof(GroupRow.Key), key),
            Limit = 1,
        });
        return found.Count == 0 ? null : await unit.Find<GroupRow>(store, found[0].Id);
    }
}
