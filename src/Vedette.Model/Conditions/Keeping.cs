using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Conditions;

/// <summary>Cuts what a condition kept out of the data it looked at.</summary>
internal static class Keeping
{
    /// <summary>Stands for "it holds" where nothing with a shape of its own was kept; callers test whether the list is empty.</summary>
    private static readonly JsonElement Marker = JsonValues.Parse("""[{"name":"","action":"","status":"success","action_results":[]}]"""u8);

    public static ConditionResult Result(bool any, IReadOnlyCollection<Place> places)
    {
        if (!any)
            return new(false, [], JsonValues.EmptyList, FilteredData.Empty);
        var artifacts = new SortedSet<long>();
        var results = new List<JsonElement>();
        var others = new Dictionary<string, JsonElement>();
        var matched = new List<JsonElement>();
        foreach (var place in places)
        {
            var location = place.Paths.Location;
            if (!place.Keeps || KeptRoots(place) is not { Count: > 0 } kept)
                continue;
            if (location.IsArtifact)
            {
                artifacts.UnionWith(kept.Keys.Select(root => place.Paths.Roots[root].Artifact));
                continue;
            }
            var whole = location.Kind switch
            {
                LocationKind.PlaybookInput => Cut.Of(place.Paths.Roots[0].Value, kept[0]),
                LocationKind.PlaybookOutput => Plain(place.Paths.Roots, kept),
                _ => Grouped(place.Paths.Roots, kept, location.Kind == LocationKind.FunctionResult ? "custom_function_results" : "action_results"),
            };
            if (location.Kind is LocationKind.ActionResult or LocationKind.FilteredActionResult)
                results.AddRange(whole.EnumerateArray());
            else
                others[location.Location] = whole;
            if (whole.ValueKind == JsonValueKind.Array)
                matched.AddRange(whole.EnumerateArray());
            else
                matched.Add(whole);
        }
        var list = matched.Count > 0 ? ListOf(matched) : artifacts.Count > 0 ? JsonValues.EmptyList : Marker;
        return new(true, [.. artifacts], list, new([.. artifacts], results.Count > 0 ? ListOf(results) : JsonValues.EmptyList, others));
    }

    private static SortedDictionary<int, Mark> KeptRoots(Place place)
    {
        var kept = new SortedDictionary<int, Mark>();
        if (place.Verdicts is null || place.IsVoid)
            return kept;
        for (var at = 0; at < place.Rows.Count; at++)
        {
            if (!place.Verdicts[at])
                continue;
            var row = place.Rows[at];
            if (!kept.TryGetValue(row.Root, out var mark))
                kept.Add(row.Root, mark = new());
            for (var trail = row.Trails; trail is not null; trail = trail.Next)
                mark.Add(trail.Trail);
        }
        return kept;
    }

    private static JsonElement ListOf(List<JsonElement> items)
    {
        var text = new JsonText();
        text.Raw("[");
        text.Join(items, (item, into) => into.Value(item));
        text.Raw("]");
        return text.ToElement();
    }

    private static JsonElement Plain(List<Root> roots, SortedDictionary<int, Mark> kept)
    {
        var text = new JsonText();
        text.Raw("[");
        text.Join(kept, (root, into) => Cut.Write(into, roots[root.Key].Value, root.Value));
        text.Raw("]");
        return text.ToElement();
    }

    /// <summary>The app runs again, each with those of its results that were kept.</summary>
    private static JsonElement Grouped(List<Root> roots, SortedDictionary<int, Mark> kept, string inner)
    {
        var text = new JsonText();
        text.Raw("[");
        text.Join(kept.GroupBy(root => roots[root.Key].Group), (group, into) =>
        {
            into.Raw("{");
            into.Join(roots[group.First().Key].Around.EnumerateObject(), (property, run) =>
            {
                run.Name(property);
                if (JsonValues.Name(property) != inner)
                {
                    run.Value(property.Value);
                    return;
                }
                run.Raw("[");
                run.Join(group, (root, list) => Cut.Write(list, roots[root.Key].Value, root.Value));
                run.Raw("]");
            });
            into.Raw("}");
        });
        text.Raw("]");
        return text.ToElement();
    }
}
