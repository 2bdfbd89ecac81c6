using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>Taking back what a run did on other systems, by the ways back that the apps named when they did it.</summary>
internal sealed class Undoing(IStore store, IApps apps)
{
    public async Task<Outcome<IReadOnlyList<UndoStep>>> Plan(Caller caller, PlaybookRunId id)
    {
        if (caller.Lacks(Permissions.ViewEvents) is { } refusal)
        {
            return refusal;
        }

        if (await store.Find<PlaybookRunRow>(id.Value) is not { } run || run.TenantId != caller.TenantId)
        {
            return OwnRows.NotFound("playbook_run");
        }

        var assets = (await apps.Catalogue()).Assets.ToDictionary(asset => asset.Id, asset => asset.Name);
        var steps = new List<UndoStep>();
        foreach (var (action, result) in await Effects(run))
        {
            var (state, says) = await State(result);
            var back = result.StateBefore is { } json ? JsonNode.Parse(json) : null;
            steps.Add(new UndoStep(
                new ActionResultId(result.Id),
                new ActionRunId(action.Id),
                action.Action,
                assets.GetValueOrDefault(result.AssetId, $"{result.AssetId}"),
                result.Parameter,
                result.StartedAt ?? result.CreatedAt,
                state,
                back is null ? null : ((string)back["action"]!, back["parameters"]!.ToJsonString()),
                says));
        }

        return steps.OrderByDescending(step => step.At).ThenByDescending(step => step.Result.Value).ToList();
    }

    public async Task<Outcome<ActionRequest>> Request(Caller caller, PlaybookRunId id, ActionResultId what)
    {
        if (caller.Lacks(Permissions.RunActions) is { } refusal)
        {
            return refusal;
        }

        if (caller.Run is not null)
        {
            return new Refusal(RefusalKind.Forbidden, "person_needed", "What a run did is not taken back by a run.");
        }

        if (!(await Plan(caller, id)).Ok(out var steps, out var none))
        {
            return none;
        }

        if (steps.FirstOrDefault(step => step.Result == what) is not { } step)
        {
            return OwnRows.NotFound("action_result");
        }

        if (step.State != UndoState.Open)
        {
            return new Refusal(RefusalKind.Conflict, "not_undone", $"\"{step.Action}\" on {step.Asset} is not undone: {step.Says}");
        }

        var result = (await store.Find<ActionResultRow>(what.Value))!;
        return new ActionRequest
        {
            Action = step.Back!.Value.Action,
            Name = $"undo_{step.Action.Replace(' ', '_')}_{what.Value}",
            Container = result.ContainerId is { } container ? new ContainerId(container) : null,
            Targets = [new ActionTarget([step.Asset], [JsonSerializer.Deserialize<JsonElement>(step.Back.Value.Parameters)], null)],
            Undoes = result,
        };
    }

    /// <summary>Of the run and those it started.</summary>
    private async Task<List<(ActionRunRow Action, ActionResultRow Result)>> Effects(PlaybookRunRow run)
    {
        var effects = new List<(ActionRunRow Action, ActionResultRow Result)>();
        foreach (var action in await store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id))))
        {
            effects.AddRange((await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), action.Id))))
                .Where(result => result.Reach > Reach.Reads && result.State is (ActionState.Done or ActionState.Unknown))
                .Select(result => (action, result)));
        }

        foreach (var child in await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ParentRunId), run.Id))))
        {
            effects.AddRange(await Effects(child));
        }

        return effects;
    }

    private async Task<(UndoState State, string Says)> State(ActionResultRow result)
    {
        if (result.State == ActionState.Unknown)
        {
            return (UndoState.InDoubt, "nobody knows whether it happened.");
        }

        if (result.StateBefore is not { } json)
        {
            return (UndoState.Cannot, "the app names no way back.");
        }

        var tried = result.UndoneById is { } by ? await store.Find<ActionResultRow>(by) : null;
        return tried switch
        {
            { Status: "" } => (UndoState.UnderWay, "it is being undone, or that waits for an approval."),
            { Status: "success" } => (UndoState.Undone, "it is undone already."),
            _ => (UndoState.Open, (string?)JsonNode.Parse(json)!["left"] ?? ""),
        };
    }
}
