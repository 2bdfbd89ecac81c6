using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Approvals;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class ActionRunResource(IActions actions, IApprovals approvals, Records records) : IResource
{
    private static readonly Shape Target = new Shape("ActionTarget", "What the action is done on.")
        .With("assets", Kind.Words, "Names or numbers of assets. Without, every asset that can; a changing action needs one.")
        .With("parameters", Kind.Any, "A list of objects, one carrying out each.")
        .With("app_id", Kind.Text, "Number, GUID or name of the app, if several know the action.", "app");

    private static readonly Shape Body = new Shape("ActionBody", "An action to carry out.")
        .Needs("action", Kind.Text, "Its name, such as `lookup domain`.")
        .With("name", Kind.Text, "A name for this asking; the action's if nothing is said.")
        .With("container_id", Kind.Whole, "The event it is done for.", "container")
        .ListOf("targets", Target, "What it is done on.");

    private static readonly Shape Change = new Shape("ActionRunChange", "One of the two.")
        .With("cancel", Kind.Truth, "True calls off what has not left.")
        .With("outcome", Kind.Text, "For a call of which nobody could know whether it happened: `happened`, `do_it` sends it once more, `leave_it` fails it.")
        .With("message", Kind.Text, "What is to be on record with the outcome.");

    private static readonly Shape Asked = new Shape("AskedAction", "The asking is on disk. Read `action_run/<id>` until its status is `success`, `failed` or `cancelled`.")
        .Needs("success", Kind.Truth, "Always true.").Needs("action_run_id", Kind.Whole, "Its number.").Needs("message", Kind.Text, "What was asked for.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("action_run", "List the actions asked for", RecordTypes.ActionRun, records),
        Route.Post("action_run", "Ask for an action", Body, Ask) with
        {
            Description = "What the autonomy policy does not allow is refused into the record: it shows as a failed action with a message. What people have to approve waits as `approval`.",
            Needed = Permissions.RunActions, Answers = Asked, Errors = [(400, "Action, asset or a parameter is not known or missing; the message names it.")],
        },
        Route.One("action_run/{id}", "Read an action that was asked for", RecordTypes.ActionRun, records),
        Route.Post("action_run/{id}", "Call an action off, or say what became of it", Change, Alter) with
        {
            Needed = Permissions.RunActions, Answers = Shapes.Written,
            Description = "Called off: what is under way finishes into the record; a question to a person ends. An outcome is said by a person, not by a token; the first word counts.",
        },
        Route.Get("action_run/{id}/app_runs", "List what was carried out for an action", call => records.List(call, RecordTypes.AppRun, Where.Is("ActionRunId", call.Number))) with
        {
            Lists = RecordTypes.AppRun, Needed = RecordTypes.AppRun.Needed,
        },
    ];

    private Task<RestAnswer> Alter(RestCall call)
    {
        var (body, id) = (call.Body(Change), new ActionRunId(call.Number));
        if (body.Text("outcome") is { } said)
        {
            var word = said switch
            {
                "happened" => OutcomeWord.Happened,
                "do_it" => OutcomeWord.DoIt,
                "leave_it" => OutcomeWord.LeaveIt,
                _ => throw new BadRequestException("outcome is happened, do_it or leave_it."),
            };
            return call.Work.Write(unit => actions.Decide(unit, call.Caller, id, word, body.Text("message") ?? ""), _ => RestAnswer.Ok(Wire.Success(call.Number)), call.Ct);
        }

        return body.Truth("cancel") == true
            ? call.Work.Write(unit => approvals.CallOff(unit, call.Caller, id), _ => RestAnswer.Ok(Wire.Success(call.Number)), call.Ct)
            : throw new BadRequestException("An action that was asked for can be called off ({\"cancel\": true}), or its outcome said ({\"outcome\": \"happened\"}).");
    }

    private Task<RestAnswer> Ask(RestCall call)
    {
        var body = call.Body(Body);
        var action = body.NeedText("action");
        var request = new ActionRequest
        {
            Action = action,
            Name = body.Text("name") ?? action,
            Container = body.Whole("container_id", "container") is { } container ? new ContainerId(container) : null,
            Targets = body.Each("targets", target => new ActionTarget(target.Words("assets"), target.Objects("parameters"), target.Text("app_id", "app"))),
        };
        return call.Work.Write(
            unit => approvals.Act(unit, call.Caller, request, []),
            asked => RestAnswer.Ok(new JsonObject { ["success"] = true, ["action_run_id"] = asked.Id.Value, ["message"] = asked.Held.Count > 0 ? $"Action \"{action}\" was asked for; it waits for an approval." : $"Action \"{action}\" was asked for." }),
            call.Ct);
    }
}
