using Vedette.Engine.Storage;

namespace Vedette.Engine.Scheduling;

/// <summary>How what an event asks for stands in a line.</summary>
/// <param name="Rank">0 is the most urgent.</param>
internal readonly record struct Urgency(int Rank, Source Source)
{
    /// <summary>What belongs to no event.</summary>
    public static readonly Urgency Ordinary = new(1, default);

    public static Urgency Of(ContainerRow container) => new(Severities.Rank(container.Severity), new Source(container.AssetId, container.CreatedBy ?? 0, container.Label));
}

/// <summary>Where events come from: one that sends many does not keep those of others waiting.</summary>
/// <param name="Asset">That brought them; 0 for none.</param>
/// <param name="Sender">Who sent them.</param>
internal readonly record struct Source(long Asset, long Sender, string Label);
