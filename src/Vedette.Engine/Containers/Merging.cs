using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Containers;

/// <summary>An event becomes part of a case: its artifacts are copied, and each copy knows where it comes from.</summary>
internal static class Merging
{
    public static async Task<Outcome<Done>> Write(IContainers containers, IStore store, TimeProvider clock, OutboxBell bell, Unit unit, Caller caller, ContainerId into, ContainerId from, ArtifactId? only, bool artifacts)
    {
        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, into.Value, "container")).Ok(out var target, out var no))
        {
            return no;
        }

        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, from.Value, "container")).Ok(out var source, out no))
        {
            return no;
        }

        if (target.ContainerType != "case" || target.Id == source.Id)
        {
            return new Refusal(RefusalKind.Invalid, "no_case", $"Container {target.Id} is no case that {source.Id} could be merged into; promote it first.");
        }

        if (source.ParentContainerId == target.Id && only is null)
        {
            return new Refusal(RefusalKind.Duplicate, "merged_already", $"Container {source.Id} is in case {target.Id} already.");
        }

        foreach (var artifact in await store.Select<ArtifactRow>(new Query { Where = Where.Is(nameof(ArtifactRow.ContainerId), source.Id), Order = [(nameof(ArtifactRow.Number), false)] }))
        {
            if (artifacts && (only is null || only.Value.Value == artifact.Id) && (await containers.AddArtifact(unit, caller, Copy(artifact, into))).Refusal is { Kind: not RefusalKind.Duplicate } refused)
            {
                return refused;
            }
        }

        Triggers.ForIndicators(unit, store, bell, caller, target.Id, clock.GetUtcNow());
        if (only is null)
        {
            unit.Update<ContainerRow>(source.Id, unit.VersionToBuildOn<ContainerRow>(source.Id, source.Version), (nameof(source.InCase), true), (nameof(source.ParentContainerId), target.Id));
        }

        unit.Audit(caller, clock.GetUtcNow(), "merged", "container", source.Id, source.Id, new JsonObject { ["case"] = target.Id, ["artifact"] = only?.Value });
        return default(Done);
    }

    private static ArtifactDraft Copy(ArtifactRow artifact, ContainerId into) => new()
    {
        Container = into,
        ParentContainer = new ContainerId(artifact.ContainerId),
        ParentArtifact = new ArtifactId(artifact.Id),
        Name = artifact.Name,
        Label = artifact.Label,
        Severity = artifact.Severity,
        Type = artifact.Type,
        SourceDataIdentifier = artifact.SourceDataIdentifier,
        Cef = JsonSerializer.Deserialize<JsonElement>(artifact.Cef),
        CefTypes = JsonSerializer.Deserialize<JsonElement>(artifact.CefTypes),
        Data = JsonSerializer.Deserialize<JsonElement>(artifact.Data),
        Description = artifact.Description,
        KillChain = artifact.KillChain,
        StartTime = artifact.StartTime,
        EndTime = artifact.EndTime,
        Tags = JsonSerializer.Deserialize<string[]>(artifact.Tags),
    };
}
