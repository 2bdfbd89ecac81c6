using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>How a run was called by another: kept in the child's row, so that its end and the message to its parent are one commit.</summary>
/// <param name="Callback">The parent's function that hears of the end; without one the parent does not wait.</param>
/// <param name="Handle">JSON: what the callback gets back, and the child reads as its parent's handle.</param>
internal sealed record ChildCall(string Name, string? Callback, string? Handle, string? LoopState)
{
    public bool Waited => Callback is not null;

    public static ChildCall Of(PlaybookRunRow child)
    {
        using var asked = JsonDocument.Parse(child.Asked);
        var root = asked.RootElement;
        string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new ChildCall(Text("name") ?? "", Text("callback"), Text("handle"), Text("loop_state"));
    }

    public string ToJson() => new JsonObject { ["name"] = Name, ["callback"] = Callback, ["handle"] = Handle, ["loop_state"] = LoopState }.ToJsonString();

    /// <summary>Tells the parent, if there is one, in the unit that ends the child.</summary>
    public static void WriteEnd(Unit unit, PlaybookRunRow child, DateTimeOffset now)
    {
        if (child.ParentRunId is { } parent)
        {
            unit.Add(new AppendMessage(new MessageRow
            {
                RunId = parent,
                MessageId = $"child {child.Id}",
                Kind = "child",
                Payload = new JsonObject { ["run_id"] = child.Id, ["name"] = Of(child).Name }.ToJsonString(),
                CreatedAt = now,
            }));
        }
    }

    /// <summary>What the parent's callback gets as results.</summary>
    public JsonElement Results(PlaybookRunRow child) => JsonSerializer.SerializeToElement(new[]
    {
        new
        {
            name = Name,
            playbook = $"{child.Repository}/{child.PlaybookName}",
            playbook_id = child.PlaybookId,
            playbook_run_id = child.Id,
            status = child.Status,
            message = child.Message,
            outputs = JsonSerializer.Deserialize<JsonElement>(child.Outputs),
        },
    });
}
