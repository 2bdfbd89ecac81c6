using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Conditions;

/// <summary>Places inside a value that matched rows passed through.</summary>
internal sealed class Mark
{
    public Dictionary<string, Mark> Keys { get; } = [];

    public SortedDictionary<int, Mark> Indices { get; } = [];

    /// <summary>A wildcard was taken here, and what it did not match goes.</summary>
    public bool Pruned { get; private set; }

    public void Add(Trail trail) => Reach(trail);

    private Mark Reach(Trail trail)
    {
        var above = trail.Parent is null ? this : Reach(trail.Parent);
        above.Pruned |= trail.Iterated;
        Mark? here;
        if (trail.Key is { } key)
        {
            if (!above.Keys.TryGetValue(key, out here))
                above.Keys.Add(key, here = new());
        }
        else if (!above.Indices.TryGetValue(trail.Index, out here))
        {
            above.Indices.Add(trail.Index, here = new());
        }
        return here;
    }
}

/// <summary>Writes a value without the list elements that no matched row passed through; everything beside wildcards stays.</summary>
internal static class Cut
{
    public static JsonElement Of(JsonElement value, Mark mark)
    {
        var text = new JsonText();
        Write(text, value, mark);
        return text.ToElement();
    }

    public static void Write(JsonText into, JsonElement value, Mark? mark)
    {
        if (mark is { Keys.Count: > 0 } && value.ValueKind == JsonValueKind.Object)
            WriteDict(into, value, mark);
        else if (mark is { Indices.Count: > 0 } && value.ValueKind == JsonValueKind.Array)
            WriteList(into, value, mark);
        else
            into.Value(value);
    }

    private static void WriteDict(JsonText into, JsonElement dict, Mark mark)
    {
        var kept = dict.EnumerateObject()
            .Select(property => (Property: property, Mark: mark.Keys.GetValueOrDefault(JsonValues.Name(property))))
            .Where(part => part.Mark is not null || !mark.Pruned);
        into.Raw("{");
        into.Join(kept, (part, text) =>
        {
            text.Name(part.Property);
            Write(text, part.Property.Value, part.Mark);
        });
        into.Raw("}");
    }

    private static void WriteList(JsonText into, JsonElement list, Mark mark)
    {
        var kept = list.EnumerateArray()
            .Select((element, index) => (Element: element, Mark: mark.Indices.GetValueOrDefault(index)))
            .Where(part => part.Mark is not null || !mark.Pruned);
        into.Raw("[");
        into.Join(kept, (part, text) => Write(text, part.Element, part.Mark));
        into.Raw("]");
    }
}
