using System.Globalization;
using System.Text.Json;
using Vedette.Engine.Lists;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Custom lists.</summary>
internal static class ListCalls
{
    public static async Task<string> GetList(Turn turn, JsonElement arguments)
    {
        await SeeOwnWrites(turn);
        var (list, refused) = await Read(turn, arguments);
        if (list is null)
        {
            return refused!;
        }

        if (arguments.Texts("values") is not { } values)
        {
            return $"[true,\"\",{list.Value.GetRawText()}]";
        }

        var column = (int)Math.Clamp(arguments.Number("column_index") ?? -1, -1, 1 << 20);
        var matches = list.Value.EnumerateArray()
            .Select((row, index) => (Row: row, Index: index))
            .Where(at => Cells(at.Row, column).Any(values.Contains))
            .Select(at => $"{{\"index\":{at.Index},\"value\":{at.Row.GetRawText()}}}");
        return $"[true,\"\",{{\"matches\":[{string.Join(',', matches)}]}}]";
    }

    public static async Task<string> AddList(Turn turn, JsonElement arguments)
    {
        await SeeOwnWrites(turn);
        var name = arguments.Text("list_name") ?? "";
        var values = arguments.Texts("values") ?? [];
        var rows = JsonSerializer.SerializeToElement(values.Count == 0 ? Array.Empty<IReadOnlyList<string>>() : [values]);
        var known = await turn.Services.Lists.Get(turn.Caller, name);
        if (known.Refused)
        {
            return await PlaybookCalls.Said(turn, await turn.Services.Lists.Create(turn.Unit, turn.Caller, name, rows), withId: false);
        }

        return values.Count == 0
            ? "[true,\"\"]"
            : await PlaybookCalls.Said(turn, await turn.Services.Lists.Append(turn.Unit, turn.Caller, name, rows), withId: false);
    }

    /// <summary>Makes the list or replaces its rows. Older playbooks keep plain values in place of rows, and read them so.</summary>
    public static async Task<string> SetList(Turn turn, JsonElement arguments)
    {
        await SeeOwnWrites(turn);
        var content = arguments.Get("values") ?? JsonSerializer.SerializeToElement(Array.Empty<string>());
        return await PlaybookCalls.Said(turn, await turn.Services.Lists.Put(turn.Unit, turn.Caller, arguments.Text("list_name") ?? "", content), withId: false);
    }

    public static async Task<string> RemoveList(Turn turn, JsonElement arguments)
    {
        await SeeOwnWrites(turn);
        var name = arguments.Text("list_name") ?? "";
        if (arguments.Flag("empty_list"))
        {
            return await PlaybookCalls.Said(turn, await turn.Services.Lists.Replace(turn.Unit, turn.Caller, name, JsonSerializer.SerializeToElement(Array.Empty<string>())), withId: false);
        }

        return await PlaybookCalls.Said(turn, await turn.Services.Lists.Delete(turn.Unit, turn.Caller, name), withId: false);
    }

    /// <summary>How many rows hold the value in any cell.</summary>
    public static async Task<string> CheckList(Turn turn, JsonElement arguments)
    {
        await SeeOwnWrites(turn);
        var (list, refused) = await Read(turn, arguments);
        if (list is null)
        {
            return refused!;
        }

        var value = arguments.Text("value") ?? "";
        var how = arguments.Flag("case_sensitive") ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        bool Has(string cell) => arguments.Flag("substring") ? cell.Contains(value, how) : cell.Equals(value, how);
        var count = list.Value.EnumerateArray().Count(row => Cells(row, -1).Any(Has));
        return $"[true,\"\",{count}]";
    }

    /// <summary>Empties the cells that hold the value, or takes their rows out.</summary>
    public static async Task<string> DeleteFromList(Turn turn, JsonElement arguments)
    {
        await SeeOwnWrites(turn);
        var (list, refused) = await Read(turn, arguments);
        if (list is null)
        {
            return refused![..^",null]".Length] + "]";
        }

        var (name, value) = (arguments.Text("list_name") ?? "", arguments.Text("value") ?? "");
        var column = (int)Math.Clamp(arguments.Number("column") ?? -1, -1, 1 << 20);
        var rows = list.Value.EnumerateArray().ToList();
        var matching = Enumerable.Range(0, rows.Count).Where(at => Cells(rows[at], column).Contains(value)).ToList();
        if (matching.Count == 0 || (matching.Count > 1 && !arguments.Flag("remove_all")))
        {
            var message = matching.Count == 0
                ? $"The list \"{name}\" has no cell \"{value}\"."
                : $"{matching.Count} rows of the list \"{name}\" have \"{value}\"; remove_all=True takes it out of all.";
            return await PlaybookCalls.Said<Done>(turn, new Refusal(RefusalKind.Invalid, "not_one_match", message), withId: false);
        }

        var edit = arguments.Flag("remove_row")
            ? new ListEdit(Delete: matching)
            : new ListEdit(Update: JsonSerializer.SerializeToElement(matching.ToDictionary(at => at.ToString(CultureInfo.InvariantCulture), at => Emptied(rows[at], value, column))));
        return await PlaybookCalls.Said(turn, await turn.Services.Lists.Edit(turn.Unit, turn.Caller, name, edit), withId: false);
    }

    private static List<string?> Emptied(JsonElement row, string value, int column) =>
        [.. Cells(row, -1).Select((cell, index) => (column < 0 || index == column) && cell == value ? null : cell)];

    private static async Task<(JsonElement? Rows, string? Refused)> Read(Turn turn, JsonElement arguments)
    {
        var outcome = await turn.Services.Lists.Get(turn.Caller, arguments.Text("list_name") ?? "");
        if (outcome.Ok(out var list, out var refusal))
        {
            return (JsonSerializer.Deserialize<JsonElement>(list.Content), null);
        }

        await turn.Note(refusal);
        return (null, $"[false,{JsonSerializer.Serialize(refusal.Message)},null]");
    }

    private static IEnumerable<string> Cells(JsonElement row, int column) => row.ValueKind != JsonValueKind.Array
        ? [row.ToString()]
        : row.EnumerateArray().Where((_, index) => column < 0 || index == column).Select(cell => cell.ToString());

    /// <summary>Doors read what is committed, so what this turn wrote to lists has to be.</summary>
    private static Task SeeOwnWrites(Turn turn) => turn.Unit.Writes.Any(write => write is Insert { Row: CustomListRow } || (write is Update update && update.Row == typeof(CustomListRow)) || (write is Delete delete && delete.Row == typeof(CustomListRow)))
        ? turn.CommitSoFar()
        : Task.CompletedTask;
}
