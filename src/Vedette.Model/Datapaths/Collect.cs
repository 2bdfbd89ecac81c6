using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>Reads values by datapath: <c>collect2</c>, <c>collect</c> and <c>concatenate</c>.</summary>
public static class Collect
{
    /// <summary>Rows of values, one value per path asked for; what is missing is JSON null.</summary>
    public static List<JsonElement[]> Rows(IRunData data, CollectRequest request)
    {
        var paths = request.Datapaths;
        var groups = new List<RootedPaths>();
        var keys = new List<string>();
        var places = new (int Group, int Column)[paths.Count];
        for (var at = 0; at < paths.Count; at++)
        {
            var path = Datapath.Parse(paths[at]);
            var key = path.RootsKey;
            var group = keys.IndexOf(key);
            if (group < 0)
            {
                group = groups.Count;
                keys.Add(key);
                groups.Add(new(path));
            }
            places[at] = (group, groups[group].Add(path));
        }
        var with = request.Surroundings;
        var rows = groups.Count == 1
            ? Plain(groups[0].Rows(data, with, false))
            : SideBySide([.. groups.Select(group => group.Rows(data, with, false))], places);
        if (request.DropEmptyRows)
            rows.RemoveAll(row => row.All(JsonValues.IsNone));
        return rows;
    }

    /// <summary>
    /// The flat list of one path. Artifacts without the value are left out; results keep their place, since several lists
    /// are read in parallel.
    /// </summary>
    public static List<JsonElement> Flat(IRunData data, string datapath, CollectRequest request)
    {
        var rows = Rows(data, request with { Datapaths = [datapath] });
        var dropNone = Datapath.Parse(datapath).IsArtifact;
        var flat = new List<JsonElement>(rows.Count);
        foreach (var row in rows)
        {
            if (!dropNone || !JsonValues.IsNone(row[0]))
                flat.Add(row[0]);
        }
        return flat;
    }

    /// <summary>Puts values behind one another: lists are spliced in one level deep, None is left out.</summary>
    public static List<JsonElement> Concatenate(IEnumerable<JsonElement> values, bool dedup = false)
    {
        var all = new List<JsonElement>();
        foreach (var value in values)
        {
            if (value.ValueKind == JsonValueKind.Array)
                all.AddRange(value.EnumerateArray());
            else if (!JsonValues.IsNone(value))
                all.Add(value);
        }
        if (dedup)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            all.RemoveAll(value => !seen.Add(Formats.PythonText.Repr(value)));
        }
        return all;
    }

    private static List<JsonElement[]> Plain(List<Row> rows)
    {
        var plain = new List<JsonElement[]>(rows.Count);
        foreach (var row in rows)
            plain.Add(row.Cells);
        return plain;
    }

    /// <summary>Locations mixed in one call have no rows in common: they stand side by side, and a single row is repeated.</summary>
    private static List<JsonElement[]> SideBySide(List<Row>[] groups, (int Group, int Column)[] places)
    {
        var height = 0;
        foreach (var group in groups)
            height = Math.Max(height, group.Count);
        var rows = new List<JsonElement[]>(height);
        for (var at = 0; at < height; at++)
        {
            var cells = new JsonElement[places.Length];
            for (var column = 0; column < cells.Length; column++)
            {
                var group = groups[places[column].Group];
                var from = group.Count == 1 ? 0 : at;
                cells[column] = from < group.Count ? group[from].Cells[places[column].Column] : JsonValues.Null;
            }
            rows.Add(cells);
        }
        return rows;
    }
}
