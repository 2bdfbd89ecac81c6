namespace Vedette.Engine.Hall;

/// <summary>What starts active playbooks, in the field's words.</summary>
internal static class Triggers
{
    public const string ArtifactCreated = "artifact_created";
    public const string ContainerResolved = "container_resolved";

    public static IReadOnlyList<string> All { get; } = [ArtifactCreated, ContainerResolved];
}
