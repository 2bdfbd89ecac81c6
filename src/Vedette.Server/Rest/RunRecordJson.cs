using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks;

namespace Vedette.Server.Rest;

/// <summary>The record of a run on the wire: what <c>vedette playbook test --record</c> makes a case of.</summary>
internal static class RunRecordJson
{
    public static Shape Shape { get; } = new Shape("RunRecord", "How a run went, with those it started.")
        .Needs("run", Kind.Any, "Its playbook, the SHA-256 of its source, status, inputs, outputs, start and end.")
        .Needs("event", Kind.Any, "As it was when the run started.")
        .Needs("event_at_end", Kind.Any, "Severity and status when the run ended.")
        .Needs("artifacts", Kind.Any, "Those the run was made for.")
        .Needs("turns", Kind.Any, "Each function: readings of the clock, and calls with arguments and answers. Calls that follow from what is on disk (`collect2`, `format`, `decision`) are left out.")
        .Needs("actions", Kind.Any, "Each asking in order, with parameters and answers.")
        .Needs("prompts", Kind.Any, "Each question to a person, with the answer.")
        .Needs("notes", Kind.Any, "Notes the run wrote.")
        .Needs("pins", Kind.Any, "Pins the run set.");

    public static JsonObject Of(RunRecord record) => new()
    {
        ["run"] = new JsonObject
        {
            ["id"] = record.Run.Id,
            ["playbook"] = record.Run.PlaybookName,
            ["repository"] = record.Run.Repository,
            ["sha256"] = record.Run.SourceHash,
            ["status"] = record.Run.Status,
            ["message"] = record.Run.Message,
            ["inputs"] = JsonNode.Parse(record.Run.Inputs),
            ["outputs"] = JsonNode.Parse(record.Run.Outputs),
            ["start_time"] = Wire.Time(record.Run.StartedAt!.Value),
            ["end_time"] = Wire.Time(record.Run.EndedAt!.Value),
        },
        ["event"] = new JsonObject
        {
            ["id"] = record.Event.Id,
            ["name"] = record.Event.Name,
            ["label"] = record.Event.Label,
            ["severity"] = record.Event.Severity,
            ["status"] = record.Event.Status,
            ["sensitivity"] = record.Event.Sensitivity,
            ["description"] = record.Event.Description,
            ["source_data_identifier"] = record.Event.SourceDataIdentifier,
            ["tags"] = JsonNode.Parse(record.Event.Tags),
            ["data"] = JsonNode.Parse(record.Event.Data),
            ["custom_fields"] = JsonNode.Parse(record.Event.CustomFields),
            ["create_time"] = Wire.Time(record.Event.CreatedAt),
        },
        ["event_at_end"] = new JsonObject { ["severity"] = record.SeverityAtEnd, ["status"] = record.StatusAtEnd },
        ["artifacts"] = Each(record.Artifacts, artifact => new JsonObject
        {
            ["name"] = artifact.Name,
            ["label"] = artifact.Label,
            ["severity"] = artifact.Severity,
            ["type"] = artifact.Type,
            ["source_data_identifier"] = artifact.SourceDataIdentifier,
            ["cef"] = JsonNode.Parse(artifact.Cef),
            ["cef_types"] = JsonNode.Parse(artifact.CefTypes),
            ["data"] = JsonNode.Parse(artifact.Data),
            ["tags"] = JsonNode.Parse(artifact.Tags),
        }),
        ["turns"] = Each(record.Turns, turn => new JsonObject
        {
            ["run"] = turn.Run,
            ["function"] = turn.Function,
            ["clock"] = new JsonArray([.. turn.Clock.Select(reading => (JsonNode)reading)]),
            ["calls"] = Each(turn.Calls, call => new JsonObject { ["name"] = call.Name, ["arguments"] = JsonNode.Parse(call.Arguments), ["answer"] = JsonNode.Parse(call.Answer) }),
        }),
        ["actions"] = Each(record.Actions, action => new JsonObject
        {
            ["name"] = action.Asked.Name,
            ["action"] = action.Asked.Action,
            ["status"] = action.Asked.Status,
            ["message"] = action.Asked.Message,
            ["results"] = Each(action.Results, one => new JsonObject
            {
                ["asset"] = one.Asset,
                ["parameter"] = JsonNode.Parse(one.Result.Parameter),
                ["status"] = one.Result.Status,
                ["message"] = one.Result.Message,
                ["data"] = JsonNode.Parse(one.Result.Data),
                ["summary"] = JsonNode.Parse(one.Result.Summary),
            }),
        }),
        ["prompts"] = Each(record.Prompts, prompt => new JsonObject
        {
            ["action_run"] = prompt.Asked.ActionRunId,
            ["name"] = prompt.Asked.Name,
            ["kind"] = prompt.Asked.Kind,
            ["message"] = prompt.Asked.Message,
            ["status"] = prompt.Asked.Status,
            ["responses"] = JsonNode.Parse(prompt.Asked.Responses),
            ["by"] = prompt.By,
        }),
        ["notes"] = Each(record.Notes, note => new JsonObject { ["title"] = note.Title, ["content"] = note.Content }),
        ["pins"] = Each(record.Pins, pin => new JsonObject { ["message"] = pin.Message, ["data"] = pin.Data }),
    };

    private static JsonArray Each<T>(IEnumerable<T> all, Func<T, JsonObject> of) => new([.. all.Select(of)]);
}
