using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>
/// Walks roots along a tree of paths, depth first, and leaves one row per element of the deepest wildcard; what stands
/// above a wildcard is repeated. Wildcards beside one another, which no known playbook has, give every combination.
/// </summary>
internal sealed class RowWalk(LocationKind kind, int columns, bool trails)
{
    /// <summary>Only wildcards beside one another could reach it; they would otherwise fill the memory.</summary>
    private const int MaxRows = 1_000_000;

    // Inputs, outputs and code outputs carry lists of values: such a list is rows, and an empty one is no row.
    private readonly bool _explodes = kind is LocationKind.PlaybookInput or LocationKind.PlaybookOutput or LocationKind.CodeOutput;

    public List<Row> Rows { get; } = [];

    public void Root(int root, PathTree inner, JsonElement value, PathTree outer, JsonElement outerValue)
    {
        var start = Rows.Count;
        var cells = new JsonElement[columns];
        Array.Fill(cells, JsonValues.Null);
        Rows.Add(new(root, cells));
        if (!inner.IsEmpty)
        {
            if (kind == LocationKind.PlaybookInput)
                VanishAbsentInputs(inner, value, start);
            Walk(inner, value, start, null);
        }
        if (!outer.IsEmpty)
            Walk(outer, outerValue, start, null);
        if (_explodes)
            DropVanished(start);
    }

    private void Walk(PathTree node, JsonElement value, int start, Trail? trail)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                WalkList(node, value, start, trail);
                break;
            case JsonValueKind.Object:
                Set(node.Columns, value, start);
                WalkDict(node, value, start, trail);
                break;
            case JsonValueKind.Undefined:
                break;
            default:
                Set(node.Columns, value, start);
                break;
        }
    }

    private void WalkDict(PathTree node, JsonElement value, int start, Trail? trail)
    {
        foreach (var child in node.Children)
        {
            if (JsonValues.TryKey(value, child.Key, out var found))
                Walk(child, found, start, trails ? new(trail, child.Key, -1, false) : null);
        }
        if (node.Star is { } star)
        {
            if (StaysOn(star, value))
                Walk(star, value, start, trail);
            else
                IterateDict(star, value, start, trail);
        }
        foreach (var (column, key) in node.FlatKeys)
        {
            if (JsonValues.TryKey(value, key, out var flat))
                Set(column, flat, start);
        }
    }

    /// <summary>A wildcard written for a list also reads the dict that stands in its place: <c>data.*.item</c> over <c>{"item": 1}</c>.</summary>
    private static bool StaysOn(PathTree star, JsonElement value)
    {
        foreach (var child in star.Children)
        {
            if (JsonValues.TryKey(value, child.Key, out _))
                return true;
        }
        return false;
    }

    private void WalkList(PathTree node, JsonElement list, int start, Trail? trail)
    {
        var length = list.GetArrayLength();
        var iterates = node.Star is not null || (_explodes && node.Columns.Count > 0);
        if (!_explodes)
            Set(node.Columns, list, start);
        foreach (var child in node.Children)
        {
            if (child.Index < 0)
                iterates = true;
            else if (child.Index < length)
                Walk(child, list[child.Index], start, trails ? new(trail, null, child.Index, false) : null);
        }
        if (!iterates)
            return;
        if (length == 0)
        {
            if (_explodes)
                Vanish(node, start);
            return;
        }
        var above = TakeFrom(start);
        foreach (var row in above)
        {
            var index = 0;
            foreach (var element in list.EnumerateArray())
            {
                if (Rows.Count >= MaxRows)
                    return;
                var step = trails ? new Trail(trail, null, index, true) : null;
                var at = Begin(row, ++index == length, step);
                if (_explodes)
                    Set(node.Columns, element, at);
                if (node.Star is { } star)
                    Walk(star, element, at, step);
                WalkKeysInList(node, element, at, step);
            }
        }
    }

    /// <summary>A plain key on a list means that key of every element, as in <c>playbook_output:observable.value</c>.</summary>
    private void WalkKeysInList(PathTree node, JsonElement element, int start, Trail? trail)
    {
        foreach (var child in node.Children)
        {
            if (child.Index < 0 && JsonValues.TryKey(element, child.Key, out var found))
                Walk(child, found, start, trails ? new(trail, child.Key, -1, false) : null);
        }
    }

    private void IterateDict(PathTree star, JsonElement value, int start, Trail? trail)
    {
        var above = TakeFrom(start);
        foreach (var row in above)
        {
            var before = Rows.Count;
            foreach (var property in value.EnumerateObject())
            {
                if (Rows.Count >= MaxRows)
                    return;
                var step = trails ? new Trail(trail, JsonValues.Name(property), -1, true) : null;
                Walk(star, property.Value, Begin(row, false, step), step);
            }
            if (Rows.Count == before)
                Rows.Add(row);
        }
    }

    private List<Row> TakeFrom(int start)
    {
        var taken = Rows.GetRange(start, Rows.Count - start);
        Rows.RemoveRange(start, taken.Count);
        return taken;
    }

    private int Begin(Row row, bool last, Trail? step)
    {
        var begun = last ? row : row.Copy();
        if (step is not null)
            begun.Trails = new(step, begun.Trails);
        Rows.Add(begun);
        return Rows.Count - 1;
    }

    private void Set(List<int> at, JsonElement value, int start)
    {
        foreach (var column in at)
            Set(column, value, start);
    }

    private void Set(int column, JsonElement value, int start)
    {
        for (var row = start; row < Rows.Count; row++)
            Rows[row].Cells[column] = value;
    }

    private void VanishAbsentInputs(PathTree inputs, JsonElement value, int start)
    {
        foreach (var child in inputs.Children)
        {
            if (!JsonValues.TryKey(value, child.Key, out _))
                Vanish(child, start);
        }
    }

    private void Vanish(PathTree node, int start)
    {
        for (var row = start; row < Rows.Count; row++)
            Rows[row].Vanished += node.ColumnsBelow;
    }

    private void DropVanished(int start)
    {
        for (var row = Rows.Count - 1; row >= start; row--)
        {
            if (Rows[row].Vanished >= columns)
                Rows.RemoveAt(row);
        }
    }
}
