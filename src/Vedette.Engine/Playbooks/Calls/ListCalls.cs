using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Custom lists.</summary>
internal static class ListCalls
{
    public static async Task<string> GetList(Turn turn, JsonElement arguments)
    {
        await SeeOwnWrites(turn);
        var outcome = await turn.Services.Lists.Get(turn.Caller, arguments.Text("list_name") ?? "");
        if (!outcome.Ok(out var list, out var refusal))
        {
            await turn.Note(refusal);
            return $"[false,{JsonSerializer.Serialize(refusal.Message)},null]";
        }

        if (arguments.Texts("values") is not { } values)
        {
            return $"[true,\"\",{list.Content}]";
        }

        using var content = JsonDocument.Parse(list.Content);
        var column = (int)(arguments.Number("column_index") ?? -1);
        var matches = content.RootElement.EnumerateArray()
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

    private static IEnumerable<string> Cells(JsonElement row, int column) => row.ValueKind != JsonValueKind.Array
        ? [row.ToString()]
        : row.EnumerateArray().Where((_, index) => column < 0 || index == column).Select(cell => cell.ToString());

    /// <summary>Doors read what is committed, so what this turn wrote to lists has to be.</summary>
    private static Task SeeOwnWrites(Turn turn) => turn.Unit.Writes.Any(write => write is Insert { Row: CustomListRow } || (write is Update update && update.Row == typeof(CustomListRow)))
        ? turn.CommitSoFar()
        : Task.CompletedTask;
}
