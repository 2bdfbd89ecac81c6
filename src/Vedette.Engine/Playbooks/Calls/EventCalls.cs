using System.Text.Json;
using Vedette.Engine.Containers;
using Vedette.Engine.Notes;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Notes, comments, pins, artifacts, and the event's own fields.</summary>
internal static class EventCalls
{
    public static async Task<string> AddNote(Turn turn, JsonElement arguments) => await PlaybookCalls.Said(
        turn,
        await turn.Services.Notes.AddNote(turn.Unit, turn.Caller, new NoteDraft
        {
            Container = Container(turn, arguments),
            Title = arguments.Text("title") ?? "",
            Content = arguments.Text("content") ?? "",
            NoteType = (arguments.Text("note_type") ?? "general").ToLowerInvariant(),
            NoteFormat = (arguments.Text("note_format") ?? "html").ToLowerInvariant(),
            TaskId = arguments.Number("task_id"),
            PhaseId = arguments.Number("phase_id"),
            Artifact = arguments.Number("artifact_id") is { } artifact ? new ArtifactId(artifact) : null,
        }),
        withId: true,
        id => id.Value);

    public static async Task<string> Comment(Turn turn, JsonElement arguments) =>
        await PlaybookCalls.Said(turn, await turn.Services.Notes.AddComment(turn.Unit, turn.Caller, Container(turn, arguments), arguments.Text("comment") ?? ""), withId: false);

    public static async Task<string> Pin(Turn turn, JsonElement arguments)
    {
        var draft = new PinDraft
        {
            Container = Container(turn, arguments),
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

    public static Task<string> SetSeverity(Turn turn, JsonElement arguments) =>
        Change(turn, arguments, new ContainerChange { Severity = arguments.Text("severity")?.ToLowerInvariant() ?? "" });

    public static Task<string> SetStatus(Turn turn, JsonElement arguments) =>
        Change(turn, arguments, new ContainerChange { Status = Status(arguments.Text("status")) });

    public static Task<string> SetOwner(Turn turn, JsonElement arguments) => Change(
        turn,
        arguments,
        arguments.Text("role") is { } role ? new ContainerChange { Role = new Set<string?>(role) } : new ContainerChange { Owner = new Set<string?>(arguments.Text("user") is { Length: > 0 } user ? user : null) });

    public static Task<string> Update(Turn turn, JsonElement arguments)
    {
        var with = arguments.Get("update") ?? default;
        return Change(turn, arguments, new ContainerChange
        {
            Name = with.Text("name"),
            Label = with.Text("label"),
            Description = with.Text("description"),
            ContainerType = with.Text("container_type"),
            Status = with.Text("status") is { } status ? Status(status) : null,
            Severity = with.Text("severity")?.ToLowerInvariant(),
            Sensitivity = with.Text("sensitivity"),
            Tags = with.Texts("tags"),
            CustomFields = with.Get("custom_fields"),
            Data = with.Get("data"),
            Owner = with.Text("owner_id") is { } owner ? new Set<string?>(owner) : null,
            Role = with.Text("role_id") is { } role ? new Set<string?>(role) : null,
        });
    }

    public static async Task<string> AddArtifact(Turn turn, JsonElement arguments)
    {
        var container = Container(turn, arguments);
        var outcome = await turn.Services.Containers.AddArtifact(turn.Unit, turn.Caller, new ArtifactDraft
        {
            Container = container,
            Name = arguments.Text("name"),
            Label = arguments.Text("label"),
            Severity = arguments.Text("severity")?.ToLowerInvariant(),
            Type = arguments.Text("artifact_type"),
            SourceDataIdentifier = arguments.Text("identifier"),
            Cef = arguments.Get("cef_data"),
            CefTypes = arguments.Get("field_mapping"),
            Data = arguments.Get("raw_data") is { ValueKind: JsonValueKind.Object } raw ? raw : null,
            RunAutomation = arguments.Flag("run_automation"),
        });
        if (!outcome.Refused && container.Value == turn.Run.Row.ContainerId)
        {
            await turn.Data.See(turn.Unit.Writes.OfType<InsertArtifact>().Last().Artifact);
        }

        return await PlaybookCalls.Said(turn, outcome, withId: true, id => id.Value);
    }

    public static async Task<string> GetContainer(Turn turn, JsonElement arguments)
    {
        var id = arguments.Number("container_id") ?? 0;
        if (id == turn.Run.Row.ContainerId)
        {
            return turn.Data.Container.GetRawText();
        }

        var outcome = await turn.Services.Containers.Get(turn.Caller, new ContainerId(id));
        await turn.Note(outcome.Refusal);
        return outcome.Ok(out var row, out _) ? PlaybookJson.Container(row, turn.Services.Options.BaseUrl, turn.Run.Row.Id).GetRawText() : "null";
    }

    private static async Task<string> Change(Turn turn, JsonElement arguments, ContainerChange change)
    {
        var id = Container(turn, arguments);
        var outcome = await turn.Services.Containers.Change(turn.Unit, turn.Caller, id, change);
        if (!outcome.Refused && id.Value == turn.Run.Row.ContainerId && await turn.Unit.Find<ContainerRow>(turn.Services.Store, id.Value) is { } changed)
        {
            turn.Data.See(changed);
        }

        return await PlaybookCalls.Said(turn, outcome, withId: false);
    }

    private static ContainerId Container(Turn turn, JsonElement arguments) => new(arguments.Number("container") ?? turn.Run.Row.ContainerId);

    private static string Status(string? status) => status?.ToLowerInvariant() switch
    {
        "resolved" => "closed",
        { } name => name,
        null => "",
    };

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
