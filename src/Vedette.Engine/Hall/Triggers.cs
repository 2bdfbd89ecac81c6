using Vedette.Engine.Storage;

namespace Vedette.Engine.Hall;

/// <summary>What starts active playbooks, in the field's words.</summary>
internal static class Triggers
{
    public const string ArtifactCreated = "artifact_created";
    public const string ContainerResolved = "container_resolved";

    /// <summary>Starts nothing: in the outbox for the indicators alone.</summary>
    public const string ArtifactStored = "artifact_stored";

    /// <summary>Puts an event whose artifacts ask for no automation into the outbox, once for all that a unit writes on it.</summary>
    /// <param name="artifact">The one that was changed; null for those that are new.</param>
    public static void ForIndicators(Unit unit, IStore store, OutboxBell bell, Caller caller, long container, DateTimeOffset now, long? artifact = null)
    {
        if (unit.Writes.Any(write => write is InsertTrigger { Trigger: var there } && there.ContainerId == container && !there.Indicated && there.ArtifactId == artifact))
        {
            return;
        }

        unit.Add(new InsertTrigger(new TriggerRow
        {
            Id = store.NextId<TriggerRow>(),
            TenantId = caller.TenantId,
            ContainerId = container,
            UserId = caller.UserId,
            CreatedAt = now,
            Kind = ArtifactStored,
            Handled = true,
            ArtifactId = artifact,
            Trace = Telemetry.Here,
        }));
        unit.Afterward(() => bell.Ring(container));
    }

    public static IReadOnlyList<string> All { get; } = [ArtifactCreated, ContainerResolved];
}
