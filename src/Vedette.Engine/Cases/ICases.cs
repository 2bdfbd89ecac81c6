using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Cases;

/// <summary>Events that become cases, and events that are put into one.</summary>
public interface ICases
{
    /// <summary>Makes the event a case, with a workbook.</summary>
    /// <param name="template">Number or name of a workbook template; null for the default one, or none where no template is the default.</param>
    Task<Outcome<Done>> Promote(Unit unit, Caller caller, ContainerId container, string? template);

    /// <summary>Copies what hangs on an event into a case. The event stays and knows its case; a second time is refused.</summary>
    Task<Outcome<Done>> Merge(Unit unit, Caller caller, MergeRequest request);

    /// <summary>The event itself and, of a case, the events that were put into it: what was done on these was done for the case.</summary>
    Task<IReadOnlyList<ContainerId>> WithMerged(Caller caller, ContainerId container);
}

public sealed record MergeRequest
{
    public required ContainerId Case { get; init; }

    public required ContainerId Container { get; init; }

    /// <summary>This artifact alone, and nothing else of the event.</summary>
    public ArtifactId? OnlyArtifact { get; init; }

    /// <summary>This file alone, and nothing else of the event.</summary>
    public string? OnlyFile { get; init; }

    public bool Artifacts { get; init; } = true;

    public bool Files { get; init; } = true;

    public bool Notes { get; init; } = true;

    public bool Comments { get; init; } = true;

    /// <summary>A note to be written on the case beside all that.</summary>
    public string? NoteTitle { get; init; }

    public string? NoteText { get; init; }
}
