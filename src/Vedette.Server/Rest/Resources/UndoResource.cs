using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Approvals;
using Vedette.Model;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>playbook_run/{id}/undo</c>: what a run did on other systems, and taking it back.</summary>
internal sealed class UndoResource(IActions actions, IApprovals approvals) : IResource
{
    private static readonly Dictionary<UndoState, string> States = new()
    {
        [UndoState.Open] = "open",
        [UndoState.UnderWay] = "under_way",
        [UndoState.Undone] = "undone",
        [UndoState.Cannot] = "cannot",
        [UndoState.InDoubt] = "in_doubt",
    };

    private static readonly Shape Step = new Shape("UndoStep", "An effect of the run.")
        .Needs("result", Kind.Whole, "Its number.").Needs("action_run", Kind.Whole, "The action it is of.").Needs("action", Kind.Text, "What was done.").Needs("asset", Kind.Text, "On what.")
        .Needs("parameter", Kind.Any, "With what.").Needs("time", Kind.Time, "When.").Needs("state", Kind.Text, $"`{string.Join("`, `", States.Values)}`.")
        .Needs("back", Kind.Any, "The action that takes it back and its parameters, or null.").Needs("says", Kind.Text, "Why it is not undone, or what stays.");

    private static readonly Shape Plan = new Shape("UndoPlan", "Newest first, as it is to be undone.").Needs("count", Kind.Whole, "How many effects.").Needs("num_pages", Kind.Whole, "Always one page.").ListOf("data", Step, "The effects.");

    private static readonly Shape Body = new Shape("UndoBody").Needs("result", Kind.Whole, "The effect to take back, as the plan numbers it.");

    private static readonly Shape Asked = new Shape("AskedUndo", "Read `action_run/<id>` until it has ended.").Needs("success", Kind.Truth, "Always true.").Needs("action_run_id", Kind.Whole, "The action that takes it back.").Needs("message", Kind.Text, "What was asked for.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("playbook_run/{id}/undo", "List what a run did and how it is taken back", Show) with { Needed = Permissions.ViewEvents, Answers = Plan, Errors = [(404, "There is no such run.")] },
        Route.Post("playbook_run/{id}/undo", "Take one effect of a run back", Body, Undo) with
        {
            Needed = Permissions.RunActions, Answers = Asked, Errors = [(409, "It is undone already, is being undone, or cannot be.")],
            Description = "By an action, to which the policy applies as to any other. Take the newest back first, and the next once that has ended.",
        },
    ];

    private async Task<RestAnswer> Show(RestCall call) => (await actions.UndoPlan(call.Caller, new PlaybookRunId(call.Number))).Ok(out var steps, out var refusal)
        ? RestAnswer.Ok(Wire.List(new JsonArray([.. steps.Select(step => (JsonNode)new JsonObject
        {
            ["result"] = step.Result.Value,
            ["action_run"] = step.ActionRun.Value,
            ["action"] = step.Action,
            ["asset"] = step.Asset,
            ["parameter"] = JsonNode.Parse(step.Parameter),
            ["time"] = Wire.Time(step.At),
            ["state"] = States[step.State],
            ["back"] = step.Back is { } back ? new JsonObject { ["action"] = back.Action, ["parameters"] = JsonNode.Parse(back.Parameters) } : null,
            ["says"] = step.Says,
        })])))
        : RestAnswer.Of(refusal);

    private Task<RestAnswer> Undo(RestCall call)
    {
        var result = new ActionResultId(call.Body(Body).NeedWhole("result"));
        return call.Work.Write(
            async unit => (await actions.UndoRequest(call.Caller, new PlaybookRunId(call.Number), result)).Ok(out var request, out var refusal) ? await approvals.Act(unit, call.Caller, request, []) : refusal,
            asked => RestAnswer.Ok(new JsonObject { ["success"] = true, ["action_run_id"] = asked.Id.Value, ["message"] = asked.Held.Count > 0 ? "It waits for an approval." : "It is being undone." }),
            call.Ct);
    }
}
