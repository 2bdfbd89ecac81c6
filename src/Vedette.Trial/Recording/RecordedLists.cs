using System.Text.Json.Nodes;
using Vedette.Trial.Cases;

namespace Vedette.Trial.Recording;

/// <summary>The custom lists a run read, put together from what it was answered: whole where it read one whole, else the rows that were looked for.</summary>
internal sealed class RecordedLists
{
    private readonly HashSet<string> _written = [];

    public RecordedLists(IEnumerable<JsonObject> calls)
    {
        foreach (var call in calls)
        {
            var (name, arguments) = (Likeness.Text(call["name"]), (JsonObject)call["arguments"]!);
            if (arguments["list_name"] is { } list)
            {
                Take(name, Likeness.Text(list), arguments, call["answer"] as JsonArray);
            }
        }
    }

    public JsonObject Lists { get; } = [];

    private void Take(string call, string list, JsonObject arguments, JsonArray? answer)
    {
        if (call is not ("get_list" or "check_list"))
        {
            // From here on the run reads what it wrote itself.
            _written.Add(list);
        }
        else if (!_written.Contains(list) && answer is [JsonValue found, _, var what, ..] && found.TryGetValue<bool>(out var there) && there)
        {
            switch (what)
            {
                case JsonArray rows:
                    Lists[list] = rows.DeepClone();
                    _written.Add(list);
                    break;
                case JsonObject matches when matches["matches"] is JsonArray matching:
                    foreach (var match in matching)
                    {
                        Row(list, (int)match!["index"]!, match["value"]!.DeepClone());
                    }

                    break;
                case JsonValue count when count.TryGetValue<int>(out var times):
                    var rowsOf = Rows(list);
                    for (var at = 0; at < times; at++)
                    {
                        rowsOf.Add((JsonNode)new JsonArray(arguments["value"]?.DeepClone()));
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private JsonArray Rows(string list)
    {
        if (Lists[list] is not JsonArray rows)
        {
            Lists[list] = rows = [];
        }

        return rows;
    }

    /// <summary>Rows that nobody asked about are empty.</summary>
    private void Row(string list, int index, JsonNode row)
    {
        var rows = Rows(list);
        while (rows.Count <= index)
        {
            rows.Add((JsonNode)new JsonArray(""));
        }

        rows[index] = row;
    }
}
