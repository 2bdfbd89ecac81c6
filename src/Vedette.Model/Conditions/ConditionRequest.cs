using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Conditions;

/// <summary>What a call of <c>condition</c> or <c>decision</c> asks.</summary>
/// <param name="Lines">The comparisons.</param>
public sealed record ConditionRequest(IReadOnlyList<ConditionLine> Lines)
{
    /// <summary>All must hold (<c>and</c>); otherwise one is enough (<c>or</c>).</summary>
    public bool All { get; init; }

    public ScopeRequest Scope { get; init; } = ScopeRequest.OfRun;

    /// <summary>Results handed in; the run's own are found by name without them.</summary>
    public JsonElement? ActionResults { get; init; }

    /// <summary>Only these artifacts; an empty list means none.</summary>
    public IReadOnlyList<long>? FilteredArtifacts { get; init; }

    /// <summary>Only these results, for the blocks they hold anything of.</summary>
    public JsonElement? FilteredResults { get; init; }

    /// <summary>How many artifacts at most.</summary>
    public int Limit { get; init; } = Roots.DefaultLimit;

    public bool CaseSensitive { get; init; } = true;

    /// <summary>What separates the members in a text; null when texts are not lists.</summary>
    public string? Delimiter { get; init; } = ",";

    internal Surroundings Surroundings => new(FilteredResults ?? ActionResults, FilteredArtifacts, null, Scope, Limit);
}

/// <summary>One comparison. An operand is a datapath when it is a string of that form, else a literal.</summary>
public sealed record ConditionLine(JsonElement Left, string Operator, JsonElement Right)
{
    /// <summary>Reads <c>[[left, operator, right], …]</c>; what has another shape is left out.</summary>
    public static List<ConditionLine> ParseAll(JsonElement conditions)
    {
        var lines = new List<ConditionLine>();
        if (conditions.ValueKind != JsonValueKind.Array)
            return lines;
        foreach (var line in conditions.EnumerateArray())
        {
            if (line.ValueKind == JsonValueKind.Array && line.GetArrayLength() >= 2 && line[1].ValueKind == JsonValueKind.String)
                lines.Add(new(line[0], JsonValues.Text(line[1]), line.GetArrayLength() > 2 ? line[2] : JsonValues.Null));
        }
        return lines;
    }
}

/// <summary>What a condition found.</summary>
/// <param name="Any">Whether it holds; all that <c>decision</c> asks.</param>
/// <param name="MatchedArtifacts">The ids of the artifacts kept, ascending.</param>
/// <param name="MatchedResults">What was kept in the shape of <c>results</c>; not empty whenever it holds and no artifact was kept.</param>
/// <param name="Kept">What to store when the condition has a name.</param>
public sealed record ConditionResult(
    bool Any, IReadOnlyList<long> MatchedArtifacts, JsonElement MatchedResults, FilteredData Kept);
