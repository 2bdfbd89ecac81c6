using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>One object that paths of a location start from.</summary>
/// <param name="Value">What the path is walked on.</param>
/// <param name="Around">The app run or function run that holds it; only where there is one.</param>
/// <param name="Group">Which of several app runs, or -1.</param>
/// <param name="Artifact">The artifact's id, or 0.</param>
internal readonly record struct Root(JsonElement Value, JsonElement Around, int Group, long Artifact);

/// <summary>What a call brings along besides the run's data.</summary>
internal sealed record Surroundings(
    JsonElement? Results, IReadOnlyList<long>? ArtifactIds, IReadOnlyList<string>? Tags, ScopeRequest Scope, int Limit);

/// <summary>Finds the objects a location stands for.</summary>
internal static class Roots
{
    public const int DefaultLimit = 2000;

    public static List<Root> Of(IRunData data, Datapath path, Surroundings with)
    {
        var filtered = path.Filter is null ? null : data.Filtered(path.Filter) ?? FilteredData.Empty;
        switch (path.Kind)
        {
            case LocationKind.Artifact or LocationKind.FilteredArtifact or LocationKind.BlockArtifact:
                return OfArtifacts(data, path, with, filtered);
            case LocationKind.ActionResult:
                return OfResults(filtered?.Results ?? Named(with.Results, path.Block) ?? data.ActionResults(path.Block), path.Block, "action_results");
            case LocationKind.FilteredActionResult:
                return OfResults(filtered?.Results ?? with.Results, path.Block, "action_results");
            case LocationKind.FunctionResult:
                return filtered is null && Named(with.Results, path.Block, "custom_function_results") is { } handedIn
                    ? OfResults(handedIn, path.Block, "custom_function_results")
                    : OfResults(filtered is null ? data.FunctionResults(path.Block) : Other(filtered, path), null, "custom_function_results");
            case LocationKind.Bare:
                return OfBare(filtered?.Results ?? with.Results);
            case LocationKind.Container:
                return One(data.Container);
            case LocationKind.Playbook:
                return One(data.Playbook);
            case LocationKind.PlaybookInput:
                return One(filtered is null ? data.PlaybookInputs() : Other(filtered, path));
            case LocationKind.PlaybookOutput:
                return Many(filtered is null ? data.PlaybookOutputs(path.Block) : Other(filtered, path));
            case LocationKind.CodeOutput:
                return One(CodeOutput(data, path));
            case LocationKind.FormattedData:
                return OfFormat(data, path);
            case LocationKind.CustomList:
                return [.. (data.CustomList(path.Block) ?? []).Select(row => new Root(row, default, -1, 0))];
            default:
                return [];
        }
    }

    private static JsonElement? Other(FilteredData filtered, Datapath path)
    {
        return filtered.Others.TryGetValue(path.Location, out var kept) ? kept : null;
    }

    private static List<Root> OfArtifacts(IRunData data, Datapath path, Surroundings with, FilteredData? filtered)
    {
        var scope = with.Scope;
        var keep = with.ArtifactIds;
        if (filtered is not null)
            scope = ScopeRequest.Of(filtered.Artifacts);
        else if (path.Kind == LocationKind.BlockArtifact)
            scope = ScopeRequest.Of(ArtifactsOf(data, path.Block, with));
        else if (path.Kind == LocationKind.FilteredArtifact && keep is null)
            return [];
        else if (keep is not null && scope.Kind == ScopeKind.OfRun)
            scope = ScopeRequest.Of(keep);
        if (scope.Kind == ScopeKind.Ids && scope.Ids is not { Count: > 0 })
            return [];
        var roots = new List<Root>();
        var wanted = keep is null ? null : new HashSet<long>(keep);
        foreach (var artifact in data.Artifacts(scope))
        {
            if (roots.Count >= with.Limit)
                break;
            if (wanted is not null && !wanted.Contains(artifact.Id))
                continue;
            if (with.Tags is not null && !with.Tags.All(artifact.Tags.Contains))
                continue;
            if (path.Block.Length > 0 && path.Kind != LocationKind.BlockArtifact && !JsonValues.HasText(artifact.Json, "label", path.Block))
                continue;
            roots.Add(new(artifact.Json, default, -1, artifact.Id));
        }
        return roots;
    }

    /// <summary>The artifacts a block worked on: what each of its parameters says of its origin.</summary>
    private static List<long> ArtifactsOf(IRunData data, string block, Surroundings with)
    {
        var ids = new SortedSet<long>();
        foreach (var root in OfResults(Named(with.Results, block) ?? data.ActionResults(block), block, "action_results"))
        {
            if (JsonValues.TryKey(root.Value, "parameter", out var parameter)
                && JsonValues.TryKey(parameter, "context", out var context)
                && JsonValues.TryKey(context, "artifact_id", out var id)
                && id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number))
            {
                ids.Add(number);
            }
        }
        return [.. ids];
    }

    /// <summary>The list itself if it holds anything of that block; else null, so that the block is looked up by name.</summary>
    private static JsonElement? Named(JsonElement? results, string block, string? holding = null)
    {
        if (results is not { ValueKind: JsonValueKind.Array } list)
            return null;
        foreach (var result in list.EnumerateArray())
        {
            if (JsonValues.HasText(result, "name", block) && (holding is null || JsonValues.TryKey(result, holding, out _)))
                return list;
        }
        return null;
    }

    private static List<Root> OfResults(JsonElement? results, string? block, string inner)
    {
        var roots = new List<Root>();
        if (results is not { ValueKind: JsonValueKind.Array } list)
            return roots;
        var group = 0;
        foreach (var run in list.EnumerateArray())
        {
            if ((block is null || !JsonValues.TryKey(run, "name", out _) || JsonValues.HasText(run, "name", block))
                && JsonValues.TryKey(run, inner, out var parts) && parts.ValueKind == JsonValueKind.Array)
            {
                foreach (var part in parts.EnumerateArray())
                    roots.Add(new(part, run, group, 0));
            }
            group++;
        }
        return roots;
    }

    private static List<Root> OfBare(JsonElement? results)
    {
        var roots = OfResults(results, null, "action_results");
        return roots.Count > 0 ? roots : OfResults(results, null, "custom_function_results");
    }

    private static List<Root> One(JsonElement? value) => value is { } there ? [new(there, default, -1, 0)] : [];

    private static List<Root> Many(JsonElement? values)
    {
        return values is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(value => new Root(value, default, -1, 0))]
            : One(values);
    }

    private static JsonElement? CodeOutput(IRunData data, Datapath path)
    {
        if (path.Path.Count == 0)
            return null;
        return data.RunValue($"{path.Block}:{path.Path[0]}") is { } text ? JsonValues.TryParse(text) ?? JsonValues.Of(text) : null;
    }

    private static List<Root> OfFormat(IRunData data, Datapath path)
    {
        if (path.Path.Count > 0 && path.Path[0] == "*")
            return [.. (data.FormatList(path.Block) ?? []).Select(text => new Root(JsonValues.Of(text), default, -1, 0))];
        return data.Format(path.Block) is { } whole ? One(JsonValues.Of(whole)) : [];
    }
}
