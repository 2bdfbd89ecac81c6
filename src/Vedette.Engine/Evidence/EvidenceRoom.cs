using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Evidence;

internal sealed class EvidenceRoom(IStore store, TimeProvider clock) : IEvidence
{
    public async Task<Outcome<EvidenceId>> Add(Unit unit, Caller caller, ContainerId container, string contentType, long objectId)
    {
        if ((await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, container.Value, "container")).Refusal is { } no)
        {
            return no;
        }

        var faults = new Faults();
        var type = faults.Word("content_type", contentType, "", "containerattachment", "artifact", "actionrun", "container", "note");
        if (!faults.None)
        {
            return faults.Refusal;
        }

        if (!await IsThere(unit, caller, type, objectId))
        {
            return OwnRows.NotFound(type);
        }

        var same = Where.Is(nameof(EvidenceRow.ContainerId), container.Value) & Where.Is(nameof(EvidenceRow.ContentType), type) & Where.Is(nameof(EvidenceRow.ObjectId), objectId);
        var committed = await store.Select<EvidenceRow>(Query.For(same));
        var there = committed.Count > 0
            ? committed[0]
            : unit.Writes.OfType<Insert>().Select(insert => insert.Row).OfType<EvidenceRow>().FirstOrDefault(row => row.ContainerId == container.Value && row.ContentType == type && row.ObjectId == objectId);
        if (there is not null)
        {
            return new Refusal(RefusalKind.Duplicate, "evidence_there", "Already added to Evidence.", there.Id);
        }

        var now = clock.GetUtcNow();
        var row = new EvidenceRow
        {
            Id = store.NextId<EvidenceRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = container.Value,
            ObjectId = objectId,
            ContentType = type,
            UserId = caller.Author,
        };
        unit.Insert(row);
        unit.Audit(caller, now, "created", "evidence", row.Id, row.ContainerId, new JsonObject { ["content_type"] = type, ["object_id"] = objectId });
        return new EvidenceId(row.Id);
    }

    public async Task<Outcome<Done>> Remove(Unit unit, Caller caller, EvidenceId id)
    {
        if (!(await unit.Own<EvidenceRow>(store, caller, Permissions.EditEvents, id.Value, "evidence")).Ok(out var row, out var no))
        {
            return no;
        }

        if (caller.LacksToDelete(Permissions.EditEvents) is { } lacks)
        {
            return lacks;
        }

        unit.Delete<EvidenceRow>(row.Id);
        unit.Audit(caller, clock.GetUtcNow(), "deleted", "evidence", row.Id, row.ContainerId);
        return default(Done);
    }

    private async Task<bool> IsThere(Unit unit, Caller caller, string type, long id) => type switch
    {
        "artifact" => await Mine<ArtifactRow>(unit, caller, id),
        "actionrun" => await Mine<ActionRunRow>(unit, caller, id),
        "container" => await Mine<ContainerRow>(unit, caller, id),
        "note" => await Mine<NoteRow>(unit, caller, id),
        _ => await Mine<ContainerAttachmentRow>(unit, caller, id),
    };

    private async Task<bool> Mine<T>(Unit unit, Caller caller, long id)
        where T : class, INounRow => await unit.Find<T>(store, id) is { } row && row.TenantId == caller.TenantId;
}
