using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Containers;

/// <summary>
/// Containers and their artifacts: what an alert becomes. The door decides by what is stored and writes versions into the unit; whoever
/// opened the unit decides again when the commit says that others were faster (<see cref="Units.Decide"/>).
/// </summary>
public interface IContainers
{
    /// <summary>Stores a new container. <see cref="RefusalKind.Duplicate"/> when the sender's key is taken.</summary>
    Task<Outcome<ContainerId>> Create(Unit unit, Caller caller, ContainerDraft draft);

    Task<Outcome<Done>> Change(Unit unit, Caller caller, ContainerId id, ContainerChange change);

    /// <summary>Removes the container and all that hangs on it.</summary>
    Task<Outcome<Done>> Delete(Unit unit, Caller caller, ContainerId id);

    /// <summary>Stores an artifact in exactly this container: no grouping and no trigger, those are Intake's. <see cref="RefusalKind.Duplicate"/> when it is there.</summary>
    Task<Outcome<ArtifactId>> AddArtifact(Unit unit, Caller caller, ArtifactDraft draft);

    Task<Outcome<Done>> ChangeArtifact(Unit unit, Caller caller, ArtifactId id, ArtifactChange change);

    Task<Outcome<Done>> DeleteArtifact(Unit unit, Caller caller, ArtifactId id);

    /// <summary>Copies the artifacts of an event, or one of them, into a case. The event stays and knows its case; a second time is refused.</summary>
    /// <param name="artifacts">False copies none, and only notes that the event belongs to the case.</param>
    Task<Outcome<Done>> AddToCase(Unit unit, Caller caller, ContainerId into, ContainerId container, ArtifactId? only, bool artifacts);

    Task<Outcome<ContainerRow>> Get(Caller caller, ContainerId id);

    /// <summary>All artifacts of a container, in the order they were stored.</summary>
    Task<Outcome<IReadOnlyList<ArtifactRow>>> Artifacts(Caller caller, ContainerId id);

    /// <summary>Adds a severity that events may have, or brings back one that was taken away. <see cref="RefusalKind.Duplicate"/> when it is there.</summary>
    Task<Outcome<SeverityId>> AddSeverity(Unit unit, Caller caller, SeverityDraft draft);

    /// <summary>Takes a severity away: nothing new gets it, what has it keeps it.</summary>
    Task<Outcome<Done>> RemoveSeverity(Unit unit, Caller caller, SeverityId id);
}

/// <param name="Name">1 to 20 letters, digits, <c>_</c> or <c>-</c>.</param>
/// <param name="Color">As in <c>#dc4e41</c>; null for grey.</param>
/// <param name="Position">0 is the highest severity; those from there on move down. Null for the last.</param>
public sealed record SeverityDraft(string Name, string? Color = null, long? Position = null);

/// <summary>What is asked of a new container. What is null gets its default.</summary>
public sealed record ContainerDraft
{
    public string? Name { get; init; }

    /// <summary>Else the ingest asset's, else the caller's default label, else refused.</summary>
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? ContainerType { get; init; }
    public string? Status { get; init; }
    public string? Severity { get; init; }
    public string? Sensitivity { get; init; }
    public string? SourceDataIdentifier { get; init; }
    public long? AssetId { get; init; }

    /// <summary>Id, GUID or name.</summary>
    public string? IngestApp { get; init; }

    /// <summary>Id or username. Not together with <see cref="Role"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>Id or name.</summary>
    public string? Role { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    public DateTimeOffset? DueTime { get; init; }
    public string? KillChain { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>An object.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>An object.</summary>
    public JsonElement? CustomFields { get; init; }
}

/// <summary>What to change of a container.</summary>
public sealed record ContainerChange
{
    public string? Name { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? ContainerType { get; init; }

    /// <summary>By name. A resolved one stamps the close time and who closed; any other clears it.</summary>
    public string? Status { get; init; }
    public string? Severity { get; init; }
    public string? Sensitivity { get; init; }
    public string? SourceDataIdentifier { get; init; }

    /// <summary>Id or username, null for nobody. Setting one clears the role.</summary>
    public Set<string?>? Owner { get; init; }

    /// <summary>Id or name, null for none. Setting one clears the owner.</summary>
    public Set<string?>? Role { get; init; }
    public Set<DateTimeOffset?>? StartTime { get; init; }
    public Set<DateTimeOffset?>? EndTime { get; init; }
    public Set<DateTimeOffset?>? DueTime { get; init; }
    public Set<string?>? KillChain { get; init; }

    /// <summary>Replaces all.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Replaces all.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>Merged into what is there.</summary>
    public JsonElement? CustomFields { get; init; }

    /// <summary>A phase of its workbook: for the room of workbooks, which looks whether it is one.</summary>
    internal Set<long?>? CurrentPhase { get; init; }

    internal string? WorkflowName { get; init; }
}

/// <summary>What is asked of a new artifact.</summary>
public sealed record ArtifactDraft
{
    /// <summary>The container it belongs to; Intake sets it for artifacts that come inside their container.</summary>
    public ContainerId Container { get; init; }

    /// <summary>The container that the sender named, when Intake grouped the artifact into another.</summary>
    public ContainerId? ParentContainer { get; init; }
    public string? Name { get; init; }
    public string? Label { get; init; }
    public string? Severity { get; init; }
    public string? Type { get; init; }
    public string? SourceDataIdentifier { get; init; }

    /// <summary>An object.</summary>
    public JsonElement? Cef { get; init; }

    /// <summary>An object of lists of text.</summary>
    public JsonElement? CefTypes { get; init; }

    /// <summary>An object.</summary>
    public JsonElement? Data { get; init; }
    public string? Description { get; init; }
    public string? KillChain { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Owner { get; init; }
    public string? IngestApp { get; init; }
    public long? AssetId { get; init; }
    public ArtifactId? ParentArtifact { get; init; }

    /// <summary>Whether this artifact asks for automation; null when it does not say.</summary>
    public bool? RunAutomation { get; init; }
}

/// <summary>What to change of an artifact; each given field is replaced as a whole.</summary>
public sealed record ArtifactChange
{
    public string? Name { get; init; }
    public string? Label { get; init; }
    public string? Severity { get; init; }
    public Set<string?>? Type { get; init; }
    public string? SourceDataIdentifier { get; init; }
    public JsonElement? Cef { get; init; }
    public JsonElement? CefTypes { get; init; }
    public JsonElement? Data { get; init; }
    public Set<string?>? Description { get; init; }
    public Set<string?>? KillChain { get; init; }
    public Set<DateTimeOffset?>? StartTime { get; init; }
    public Set<DateTimeOffset?>? EndTime { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
}
