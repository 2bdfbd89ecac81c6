using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>What a message asks to be done: a function with its arguments, or only to take note of an end.</summary>
internal sealed record TurnJob(string Function)
{
    /// <summary>The source the function is in; null when no worker is needed.</summary>
    public PlaybookSource? Source { get; init; }

    public byte[] Arguments { get; init; } = "[]"u8.ToArray();

    public byte[] Keywords { get; init; } = "{}"u8.ToArray();

    public bool IsCustomFunction { get; init; }

    /// <summary>A playbook need not have it.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>Something the run waited for has ended with this message.</summary>
    public bool EndsPending { get; init; }

    /// <summary>The name that counts as completed from this turn on, with its kind.</summary>
    public (string Kind, string Name)? Completes { get; init; }

    /// <summary>For a custom function: the call it answers.</summary>
    public FunctionCall? Call { get; init; }

    public static TurnJob Nothing(string function) => new(function);

    /// <summary>A call of the custom function raised: that is its result.</summary>
    public void Failed(string message)
    {
        // A turn that is made again has its result from the first time.
        if (Call is { Open: true })
        {
            Call.Add(false, message, null);
        }
    }

    /// <summary>Puts a custom function's result into the inbox, or asks for the next of its calls.</summary>
    public void Deliver(Turn turn, TurnEnd.Returned returned, Unit unit, DateTimeOffset now)
    {
        if (Call is null)
        {
            return;
        }

        if (Call.Open)
        {
            Call.Add(true, "", JsonNode.Parse(returned.Value.Span));
        }

        unit.Add(new AppendMessage(new MessageRow
        {
            RunId = turn.Run.Row.Id,
            MessageId = Call.NextMessageId,
            Kind = Call.Done ? "function_end" : "function",
            Payload = Call.Payload.ToJsonString(),
            CreatedAt = now,
        }));
    }
}

/// <summary>A custom function asked for once with several parameter sets: one turn each, the results gathered in the message.</summary>
internal sealed class FunctionCall(JsonObject payload)
{
    private readonly int _at = payload["results"] is JsonArray results ? results.Count : 0;

    public JsonObject Payload { get; } = payload;

    public string Name => (string)Payload["name"]!;

    public string Function => (string)Payload["custom_function"]!;

    public int Count => Payload["parameters"] is JsonArray sets ? sets.Count : 0;

    /// <summary>The parameter set of this turn; null when there is none left.</summary>
    public JsonObject? Parameters => _at < Count ? Payload["parameters"]![_at] as JsonObject ?? [] : null;

    /// <summary>Whether the turn's result is still to come.</summary>
    public bool Open => _at < Count && Gathered.Count == _at;

    public bool Done => Gathered.Count >= Count;

    public string NextMessageId => Done ? $"function {Payload["id"]} end" : $"function {Payload["id"]} {Gathered.Count}";

    private JsonArray Gathered
    {
        get
        {
            if (Payload["results"] is not JsonArray results)
            {
                Payload["results"] = results = [];
            }

            return results;
        }
    }

    /// <param name="data">What the function returned; with <c>outputs_type</c> list each element becomes its own result.</param>
    public void Add(bool success, string message, JsonNode? data) => Gathered.Add(new JsonObject
    {
        ["success"] = success,
        ["message"] = message,
        ["data"] = data,
        ["parameter"] = Parameters?.DeepClone(),
    });

    /// <summary>The results as a callback takes them.</summary>
    public JsonElement Results(bool asList)
    {
        var results = new JsonArray();
        foreach (var result in Gathered)
        {
            if (asList && result!["data"] is JsonArray items)
            {
                foreach (var item in items)
                {
                    results.Add(new JsonObject { ["success"] = true, ["message"] = "", ["data"] = item?.DeepClone(), ["parameter"] = result["parameter"]?.DeepClone() });
                }
            }
            else
            {
                results.Add(result!.DeepClone());
            }
        }

        var success = Gathered.All(result => (bool)result!["success"]!);
        return JsonSerializer.SerializeToElement(new JsonArray(new JsonObject
        {
            ["name"] = Name,
            ["custom_function_name"] = Function,
            ["custom_function_run_id"] = Payload["id"]!.DeepClone(),
            ["status"] = success ? "success" : "failed",
            ["message"] = success ? "" : string.Join("; ", Gathered.Select(result => (string?)result!["message"]).Where(message => message is { Length: > 0 })),
            ["custom_function_results"] = results,
        }));
    }
}
