using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Actions;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

/// <summary>The end of a question: as the result of its action run, and as a message to the run that asked.</summary>
internal sealed class PromptEnds(IStore store, IActions actions, IRunWake runs)
{
    /// <summary>Writes all of it; the version of the question lets only the first end through.</summary>
    public async Task Write(Unit unit, PromptRow prompt, string status, string message, IReadOnlyList<string> responses, Caller caller, DateTimeOffset now)
    {
        var answered = status == "approved";
        unit.Update<PromptRow>(
            prompt.Id,
            unit.VersionToBuildOn<PromptRow>(prompt.Id, prompt.Version),
            (nameof(prompt.Status), status),
            (nameof(prompt.ClosedAt), now),
            (nameof(prompt.AnsweredBy), caller.Author),
            (nameof(prompt.Responses), JsonSerializer.Serialize(responses)));
        unit.Audit(caller, now, status, "approval", prompt.Id, prompt.ContainerId, new JsonObject { ["name"] = Faults.Short(prompt.Name), ["responses"] = new JsonArray([.. responses.Select(response => (JsonNode)Faults.Short(response))]) });
        var word = answered ? "success" : status == "cancelled" ? "cancelled" : "failed";
        if (prompt.Kind != PromptRow.OfAnAction)
        {
            Result(unit, prompt, word, message, responses, caller, now);
        }
        else if (!answered)
        {
            await actions.Withdraw(unit, new ActionRunId(prompt.ActionRunId), word, message);
        }
    }

    /// <summary>The answer is what the action run came to.</summary>
    private void Result(Unit unit, PromptRow prompt, string word, string message, IReadOnlyList<string> responses, Caller caller, DateTimeOffset now)
    {
        var answered = word == "success";
        var summary = new JsonObject();
        if (answered)
        {
            summary["response"] = responses.Count > 0 ? responses[0] : message;
            summary["responses"] = new JsonArray([.. responses.Select(response => (JsonNode)response)]);
            summary["responder"] = caller.Username;
        }

        var app = new AppRunRow
        {
            Id = store.NextId<AppRunRow>(),
            TenantId = prompt.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ActionRunId = prompt.ActionRunId,
            ContainerId = prompt.ContainerId,
            PlaybookRunId = prompt.PlaybookRunId,
            Action = prompt.Kind,
            AppId = 0,
            AssetId = 0,
            UserId = caller.Author,
            Status = word,
            Message = message,
            ResultSummary = $"{{\"total_objects\": 1, \"total_objects_successful\": {(answered ? 1 : 0)}}}",
            StartedAt = prompt.CreatedAt,
            EndedAt = now,
        };
        unit.Insert(app);
        unit.Insert(new ActionResultRow
        {
            Id = store.NextId<ActionResultRow>(),
            TenantId = prompt.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            AppRunId = app.Id,
            ActionRunId = prompt.ActionRunId,
            AssetId = 0,
            ContainerId = prompt.ContainerId,
            Position = 0,
            State = answered ? ActionState.Done : ActionState.Failed,
            Reach = Reach.Reads,
            Settling = Settling.Reads,
            EffectKey = "",
            Parameter = new JsonObject { ["message"] = prompt.Message }.ToJsonString(),
            StartedAt = prompt.CreatedAt,
            EndedAt = now,
            Status = answered ? "success" : "failed",
            Message = message,
            Summary = summary.ToJsonString(),
            Data = answered ? new JsonArray([.. responses.Select(response => (JsonNode)new JsonObject { ["response"] = response })]).ToJsonString() : "[]",
        });
        unit.Update<ActionRunRow>(prompt.ActionRunId, null, (nameof(ActionRunRow.Status), word), (nameof(ActionRunRow.Message), message), (nameof(ActionRunRow.EndedAt), now));
        unit.Add(new AppendMessage(new MessageRow
        {
            RunId = prompt.PlaybookRunId,
            MessageId = $"action {prompt.ActionRunId}",
            Kind = "action",
            Payload = $"{{\"action_run_id\":{prompt.ActionRunId}}}",
            CreatedAt = now,
        }));
        unit.Afterward(() => runs.Wake(prompt.PlaybookRunId));
    }
}
