using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks;

/// <summary>The artifacts that a run was made for.</summary>
public static class RunScope
{
    /// <summary>Their numbers; none before the run has begun, as its scope is fixed then.</summary>
    public static async Task<IReadOnlyList<long>> Artifacts(IStore store, PlaybookRunRow run, CancellationToken ct)
    {
        if (run.Scope.StartsWith('['))
        {
            return JsonSerializer.Deserialize<long[]>(run.Scope) ?? [];
        }

        var from = run.Scope == "all" ? 0 : run.ScopeFrom;
        var where = Where.Is(nameof(ArtifactRow.ContainerId), run.ContainerId)
            & new Compare(nameof(ArtifactRow.Number), Comparison.Greater, from)
            & new Compare(nameof(ArtifactRow.Number), Comparison.LessOrEqual, run.ScopeTo);
        return [.. (await store.Select<ArtifactRow>(Query.For(where), ct)).Select(artifact => artifact.Id)];
    }
}
