using System.Text.Json;
using Vedette.Engine.Notes;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Facts pinned to the head of an event.</summary>
internal static class PinCalls
{
    public static async Task<string> Pin(Turn turn, JsonElement arguments)
    {
        var draft = new PinDraft
        {
            Container = EventCalls.Container(turn, arguments),
            Name = arguments.Text("name"),
            Message = arguments.Text("message") ?? "",
            Data = arguments.Text("data") ?? "",
            PinType = PinType(arguments) ?? "data",
            PinStyle = arguments.Text("pin_style") ?? "",
            Playbook = new PlaybookId(turn.Run.Row.PlaybookId),
        };
        if (draft.Name is { } name && await Named(turn, draft.Container, name) is { } known)
        {
            var changed = await turn.Services.Notes.ChangePin(turn.Unit, turn.Caller, known, new PinChange(draft.Message, draft.Data, draft.PinType, draft.PinStyle));
            return await PlaybookCalls.Said(turn, changed, withId: true, _ => known.Value);
        }

        return await PlaybookCalls.Said(turn, await turn.Services.Notes.AddPin(turn.Unit, turn.Caller, draft), withId: true, id => id.Value);
    }

    public static async Task<string> UpdatePin(Turn turn, JsonElement arguments) => await PlaybookCalls.Said(
        turn,
        await turn.Services.Notes.ChangePin(turn.Unit, turn.Caller, new PinId(arguments.Number("pin_id") ?? 0), new PinChange(arguments.Text("message"), arguments.Text("data"), PinType(arguments), arguments.Text("pin_style"))),
        withId: false);

    public static async Task<string> DeletePin(Turn turn, JsonElement arguments)
    {
        await turn.CommitSoFar();
        return await PlaybookCalls.Said(turn, await turn.Services.Notes.DeletePin(turn.Unit, turn.Caller, new PinId(arguments.Number("pin_id") ?? 0)), withId: false);
    }

    private static string? PinType(JsonElement arguments) => arguments.Text("pin_type") is "card" ? "card_medium" : arguments.Text("pin_type");

    private static async Task<PinId?> Named(Turn turn, ContainerId container, string name)
    {
        var own = turn.Unit.Writes.OfType<Insert>().Select(insert => insert.Row).OfType<PinRow>().FirstOrDefault(pin => pin.ContainerId == container.Value && pin.Name == name);
        if (own is not null)
        {
            return new PinId(own.Id);
        }

        return (await turn.Data.Pins(container)).FirstOrDefault(pin => pin.Name == name) is { } known ? new PinId(known.Id) : null;
    }
}
