using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Hall;

/// <summary>How doors write what they did: into the unit of the act, so that there is no act without its row.</summary>
public static class AuditTrail
{
    public static void Audit(this Unit unit, Caller caller, DateTimeOffset at, string act, string what, long? id, long? containerId = null, JsonObject? content = null) =>
        unit.Add(new AppendAudit(new AuditRow
        {
            At = at,
            TenantId = caller.TenantId,
            UserId = caller.Author,
            Channel = caller.Channel,
            CausedBy = caller.CausedBy,
            Address = caller.Address,
            Act = act,
            Object = what,
            ObjectId = id,
            ContainerId = containerId,
            Content = content?.ToJsonString(JsonSerializerOptions.Default) ?? "{}",
        }));
}
