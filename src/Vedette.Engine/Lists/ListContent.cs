using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Model;

namespace Vedette.Engine.Lists;

/// <summary>The rows of a custom list. A cell is text or null; a number, truth value or nested value is kept as its text.</summary>
internal static class ListContent
{
    public static JsonArray? Rows(JsonElement content, Faults faults, bool wrapFlat)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            faults.Add("bad_content", $"The content of a list has to be a list of rows and is {JsonWords.Kind(content)}.");
            return null;
        }

        // A flat list is one row when it is the whole content, and a row of one cell each when rows are appended.
        if (wrapFlat && content.GetArrayLength() > 0 && content.EnumerateArray().All(item => item.ValueKind != JsonValueKind.Array))
        {
            return [Row(content)];
        }

        var rows = new JsonArray();
        foreach (var item in content.EnumerateArray())
        {
            rows.Add(Row(item));
        }

        return rows;
    }

    /// <summary>Rows where they are lists, plain values where they are not.</summary>
    public static JsonArray? RowsOrValues(JsonElement content, Faults faults)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            return Rows(content, faults, wrapFlat: false);
        }

        return [.. content.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Array ? Row(item) : Cell(item))];
    }

    public static JsonArray Row(JsonElement item)
    {
        var row = new JsonArray();
        if (item.ValueKind != JsonValueKind.Array)
        {
            row.Add(Cell(item));
            return row;
        }

        foreach (var cell in item.EnumerateArray())
        {
            row.Add(Cell(cell));
        }

        return row;
    }

    private static JsonNode? Cell(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.String => JsonValue.Create(cell.GetString()),
        _ => JsonValue.Create(cell.GetRawText()),
    };
}
