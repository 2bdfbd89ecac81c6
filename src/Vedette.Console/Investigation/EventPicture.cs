using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Console.Reading;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;

namespace Vedette.Console.Investigation;

/// <summary>All that the page of an event shows, as it is in the store at one moment.</summary>
public sealed record EventPicture
{
    /// <summary>Of each kind; what is beyond is counted, not drawn.</summary>
    private const int Most = 200;

    public required ContainerRow Event { get; init; }
    public required IReadOnlyList<ArtifactRow> Artifacts { get; init; }
    public required IReadOnlyList<PinRow> Pins { get; init; }
    public required IReadOnlyList<NoteRow> Notes { get; init; }
    public required IReadOnlyList<CommentRow> Comments { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<PlaybookRunRow> Runs { get; init; }

    public required IReadOnlyList<ActionRunRow> Actions { get; init; }
    public required IReadOnlyList<AppRunRow> AppRuns { get; init; }
    public required IReadOnlyList<ActionResultRow> Results { get; init; }
    public required IReadOnlyList<PromptRow> Prompts { get; init; }
    public required IReadOnlyList<EvidenceRow> Evidence { get; init; }
    public required IReadOnlyList<ContainerAttachmentRow> Files { get; init; }
    public required IReadOnlyDictionary<long, VaultDocumentRow> Contents { get; init; }
    public required IReadOnlyList<AuditRow> Audit { get; init; }

    /// <summary>Other events that share a value, with one of the values.</summary>
    public required IReadOnlyList<(ContainerRow Event, string Value)> Related { get; init; }

    /// <summary>The ids by which a change is known to be this event's.</summary>
    public bool IsTouchedBy(Touch touch) => touch.Container == Event.Id
        || (touch.Run is { } run && Runs.Any(mine => mine.Id == run))
        || (touch is { Container: null, Run: null } && ((touch.Row == typeof(ActionRunRow) && Actions.Any(action => action.Id == touch.Id))
            || (touch.Row == typeof(AppRunRow) && AppRuns.Any(app => app.Id == touch.Id))
            || (touch.Row == typeof(ActionResultRow) && Results.Any(result => result.Id == touch.Id))
            || (touch.Row == typeof(PromptRow) && Prompts.Any(prompt => prompt.Id == touch.Id))
            || (touch.Row == typeof(NoteRow) && Notes.Any(note => note.Id == touch.Id))
            || (touch.Row == typeof(PinRow) && Pins.Any(pin => pin.Id == touch.Id))
            || (touch.Row == typeof(ArtifactRow) && Artifacts.Any(artifact => artifact.Id == touch.Id))
            || (touch.Row == typeof(EvidenceRow) && Evidence.Any(evidence => evidence.Id == touch.Id))
            || (touch.Row == typeof(ContainerAttachmentRow) && Files.Any(file => file.Id == touch.Id))));

    internal static async Task<Outcome<EventPicture>> Read(Reader reader, long id)
    {
        if (!(await reader.Select<ContainerRow>(Query.For(Where.Is("Id", id)))).Ok(out var found, out var refusal))
        {
            return refusal;
        }

        if (found.Count == 0)
        {
            return new Refusal(RefusalKind.NotFound, "no_container", $"There is no event {id}.");
        }

        var mine = Where.Is("ContainerId", id);
        var files = await reader.SelectIfAllowed<ContainerAttachmentRow>(Newest(mine));
        var actions = await reader.SelectIfAllowed<ActionRunRow>(Newest(mine));
        return new EventPicture
        {
            Event = found[0],
            Artifacts = await reader.SelectIfAllowed<ArtifactRow>(new Query { Where = mine, Limit = Most }),
            Pins = await reader.SelectIfAllowed<PinRow>(new Query { Where = mine, Limit = 40 }),
            Notes = await reader.SelectIfAllowed<NoteRow>(Newest(mine)),
            Comments = await reader.SelectIfAllowed<CommentRow>(Newest(mine)),
            Runs = await reader.SelectIfAllowed<PlaybookRunRow>(new Query { Where = mine, Order = [("Id", true)], Limit = 40 }),
            Actions = [.. actions.Reverse()],
            AppRuns = await reader.SelectIfAllowed<AppRunRow>(Newest(mine)),
            Results = [.. (await reader.SelectIfAllowed<ActionResultRow>(Newest(mine))).Reverse()],
            Prompts = await reader.SelectIfAllowed<PromptRow>(Newest(mine)),
            Evidence = await reader.SelectIfAllowed<EvidenceRow>(Newest(mine)),
            Files = files,
            Contents = (await reader.SelectIfAllowed<VaultDocumentRow>(Query.For(Where.In("Id", files.Select(file => (object?)file.VaultDocumentId))))).ToDictionary(row => row.Id),
            Audit = await reader.SelectIfAllowed<AuditRow>(Newest(mine)),
            Related = await RelatedTo(reader, id),
        };
    }

    /// <summary>The fields of artifacts that contain something, as the menu of a value needs it.</summary>
    public static IReadOnlyList<string> ContainsOf(ArtifactRow artifact, string field)
    {
        var types = CefFields.AllTypes(JsonNode.Parse(artifact.Cef) as JsonObject, JsonNode.Parse(artifact.CefTypes) as JsonObject);
        return types[field] is JsonArray list ? [.. list.Select(item => item?.ToString() ?? "").Where(item => item.Length > 0)] : [];
    }

    private static Query Newest(Where where) => new() { Where = where, Order = [("Id", true)], Limit = Most };

    private static async Task<IReadOnlyList<(ContainerRow, string)>> RelatedTo(Reader reader, long id)
    {
        var seen = await reader.SelectIfAllowed<IndicatorArtifactRow>(new Query { Where = Where.Is(nameof(IndicatorArtifactRow.ContainerId), id), Limit = 60 });
        var indicators = seen.Select(row => row.IndicatorId).Distinct().Take(30).ToList();
        if (indicators.Count == 0)
        {
            return [];
        }

        var others = await reader.SelectIfAllowed<IndicatorArtifactRow>(new Query { Where = Where.In(nameof(IndicatorArtifactRow.IndicatorId), indicators.Select(row => (object?)row)) & !Where.Is(nameof(IndicatorArtifactRow.ContainerId), id), Order = [("Id", true)], Limit = 200 });
        var events = await reader.SelectIfAllowed<ContainerRow>(new Query { Where = Where.In("Id", others.Select(row => (object?)row.ContainerId).Distinct().Take(12)), Order = [("Id", true)], Limit = 6 });
        var values = (await reader.SelectIfAllowed<IndicatorRow>(Query.For(Where.In("Id", others.Select(row => (object?)row.IndicatorId).Distinct())))).ToDictionary(row => row.Id, row => row.Value);
        return [.. events.Select(row => (row, values.GetValueOrDefault(others.First(other => other.ContainerId == row.Id).IndicatorId, "")))];
    }
}
