using System.Text.Json;
using Vedette.Engine.Containers;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>The fields of an event one by one, its tags, and new events.</summary>
internal static class ContainerCalls
{
    public static Task<string> SetSensitivity(Turn turn, JsonElement arguments) =>
        EventCalls.Change(turn, arguments, new ContainerChange { Sensitivity = arguments.Text("sensitivity")?.ToLowerInvariant() ?? "" });

    public static Task<string> SetLabel(Turn turn, JsonElement arguments) =>
        EventCalls.Change(turn, arguments, new ContainerChange { Label = arguments.Text("label") ?? "" });

    /// <summary>The first status of the resolved ones.</summary>
    public static async Task<string> Close(Turn turn, JsonElement arguments)
    {
        var resolved = await turn.Services.Store.Select<StatusRow>(new Query
        {
            Where = Where.Is(nameof(StatusRow.TenantId), turn.Caller.TenantId) & Where.Is(nameof(StatusRow.StatusType), "resolved") & Where.Is(nameof(StatusRow.Disabled), false),
            Order = [(nameof(StatusRow.Position), false)],
            Limit = 1,
        });
        return await EventCalls.Change(turn, arguments, new ContainerChange { Status = resolved.Count == 0 ? "closed" : resolved[0].Name });
    }

    public static Task<string> Deescalate(Turn turn, JsonElement arguments) =>
        EventCalls.Change(turn, arguments, new ContainerChange { Severity = "low" });

    /// <summary>Minutes are counted from the time that is due, and from now where none is.</summary>
    public static async Task<string> SetDueTime(Turn turn, JsonElement arguments)
    {
        var minutes = arguments.Number("minutes") ?? 0;
        if (Math.Abs(minutes) > 60 * 24 * 366)
        {
            return await PlaybookCalls.Said<Done>(turn, new Refusal(RefusalKind.Invalid, "bad_minutes", $"A due time moves by a year at most; {minutes} minutes were asked for."), withId: false);
        }

        var container = await turn.Unit.Find<ContainerRow>(turn.Services.Store, EventCalls.Container(turn, arguments).Value);
        var from = container?.DueTime ?? turn.Services.Time.GetUtcNow();
        return await EventCalls.Change(turn, arguments, new ContainerChange
        {
            DueTime = new Set<DateTimeOffset?>(from.AddMinutes(arguments.Text("operation") is "-" ? -minutes : minutes)),
        });
    }

    public static Task<string> AddTags(Turn turn, JsonElement arguments) => Tags(turn, arguments, (has, given) => [.. has.Union(given)]);

    public static Task<string> RemoveTags(Turn turn, JsonElement arguments) => Tags(turn, arguments, (has, given) => [.. has.Except(given)]);

    public static async Task<string> GetTags(Turn turn, JsonElement arguments)
    {
        var found = await Seen(turn, arguments);
        return found.Ok(out var row, out var refusal) ? $"[true,\"\",{row.Tags}]" : $"[false,{JsonSerializer.Serialize(refusal.Message)},null]";
    }

    /// <summary>A case gets the workbook that is named, or the default one.</summary>
    public static async Task<string> CreateContainer(Turn turn, JsonElement arguments)
    {
        var made = await turn.Services.Containers.Create(turn.Unit, turn.Caller, new ContainerDraft
        {
            Name = arguments.Text("name"),
            Label = arguments.Text("label"),
            ContainerType = arguments.Text("container_type"),
        });
        if (made.Ok(out var id, out _) && arguments.Text("container_type") is "case"
            && (await turn.Services.Cases.Promote(turn.Unit, turn.Caller, id, arguments.Text("template"))).Refusal is { } without)
        {
            turn.Log(40, $"{without.Message}. The case was made without a workbook.");
        }

        return await PlaybookCalls.Said(turn, made, withId: true, one => one.Value);
    }

    public static async Task<string> DeleteArtifact(Turn turn, JsonElement arguments)
    {
        var outcome = await turn.Services.Containers.DeleteArtifact(turn.Unit, turn.Caller, new ArtifactId(arguments.Number("artifact_id") ?? 0));
        if (!outcome.Refused)
        {
            turn.Data.Forget(arguments.Number("artifact_id") ?? 0);
        }

        return await PlaybookCalls.Said(turn, outcome, withId: false);
    }

    private static async Task<string> Tags(Turn turn, JsonElement arguments, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        var found = await Seen(turn, arguments);
        return found.Ok(out var row, out var refusal)
            ? await EventCalls.Change(turn, arguments, new ContainerChange { Tags = change(JsonSerializer.Deserialize<string[]>(row.Tags)!, arguments.Texts("tags") ?? []) })
            : await PlaybookCalls.Said<Done>(turn, refusal, withId: false);
    }

    /// <summary>The event with what this turn wrote on it.</summary>
    private static async Task<Outcome<ContainerRow>> Seen(Turn turn, JsonElement arguments)
    {
        var id = EventCalls.Container(turn, arguments);
        var outcome = await turn.Services.Containers.Get(turn.Caller, id);
        return outcome.Refused ? outcome : (await turn.Unit.Find<ContainerRow>(turn.Services.Store, id.Value))!;
    }
}
