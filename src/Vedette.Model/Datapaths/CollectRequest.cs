using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>What a call of <c>collect2</c> asks for.</summary>
/// <param name="Datapaths">The paths, one per column.</param>
public sealed record CollectRequest(IReadOnlyList<string> Datapaths)
{
    /// <summary>Results handed in, in the shape of a callback's <c>results</c>; the run's own are found by name without them.</summary>
    public JsonElement? ActionResults { get; init; }

    /// <summary>Only these artifacts; an empty list means none. Without a scope of its own the call sees exactly these.</summary>
    public IReadOnlyList<long>? FilterArtifacts { get; init; }

    /// <summary>Only artifacts that have all of these.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    public ScopeRequest Scope { get; init; } = ScopeRequest.OfRun;

    /// <summary>How many artifacts at most.</summary>
    public int Limit { get; init; } = Roots.DefaultLimit;

    /// <summary>Leave out rows in which nothing was found; off by default, since generated code looks for None itself.</summary>
    public bool DropEmptyRows { get; init; }

    internal Surroundings Surroundings => new(ActionResults, FilterArtifacts, Tags, Scope, Limit);
}
