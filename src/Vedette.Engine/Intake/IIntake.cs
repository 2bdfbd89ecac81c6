using Vedette.Engine.Containers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Intake;

/// <summary>Where alerts come in: told from those already here, joined with the open event they repeat, stored, and automation asked for.</summary>
public interface IIntake
{
    /// <summary>Stores an alert with its artifacts. One whose key is known already is not stored again, but artifacts of it that are new are added.</summary>
    /// <param name="runAutomation">True starts playbooks once; null leaves it to the artifacts, and runs once if none of them says.</param>
    Task<Outcome<PostedContainer>> PostContainer(Unit unit, Caller caller, ContainerDraft draft, IReadOnlyList<ArtifactDraft> artifacts, bool? runAutomation);

    /// <summary>Stores an artifact of a container, in the open event that the container repeats if it does.</summary>
    Task<Outcome<PostedArtifact>> PostArtifact(Unit unit, Caller caller, ArtifactDraft draft, bool runAutomation);

    /// <summary>Asks for automation on what a container has and its playbooks have not seen.</summary>
    Task<Outcome<Done>> RunAutomation(Unit unit, Caller caller, ContainerId id);
}

/// <param name="Id">The alert's own container, also when its artifacts went into another.</param>
/// <param name="Duplicate">The sender's key was here already; <paramref name="Id"/> is the container that has it.</param>
/// <param name="GroupedInto">The open event that took the artifacts.</param>
/// <param name="Artifacts">In the order they were given.</param>
public sealed record PostedContainer(ContainerId Id, bool Duplicate, string SourceDataIdentifier, ContainerId? GroupedInto, IReadOnlyList<Outcome<PostedArtifact>> Artifacts);

/// <param name="Existing">The same sender had posted the same before: nothing was stored and nothing starts.</param>
/// <param name="StoredIn">The container that holds it.</param>
public sealed record PostedArtifact(ArtifactId Id, bool Existing, ContainerId StoredIn);
