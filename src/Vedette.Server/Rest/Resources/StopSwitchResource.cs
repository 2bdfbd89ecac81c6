using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;

namespace Vedette.Server.Rest.Resources;

internal sealed class StopSwitchResource(IActions actions) : IResource
{
    private static readonly Shape State = new Shape("StopSwitch").Needs("stopped", Kind.Truth, "True: no action leaves.").Needs("reason", Kind.Text, "Why; empty when nothing was said.");

    private static readonly Shape Body = new Shape("StopSwitchBody", "What the switch is to be.")
        .Needs("stopped", Kind.Truth, "True stops every action that has not left.")
        .With("reason", Kind.Text, "Why; it is in the audit trail.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("stop_switch", "Whether all actions are stopped", call => Task.FromResult(RestAnswer.Ok(new JsonObject { ["stopped"] = actions.Stopped, ["reason"] = actions.StopReason }))) with { Needed = Permissions.ViewEvents, Answers = State },
        Route.Post("stop_switch", "Stop all actions, or let them go on", Body, Set) with { Needed = Permissions.StopSwitch, Description = "Once this has answered, no action leaves; that survives a restart. Lifting it needs a person, not a token." },
    ];

    private Task<RestAnswer> Set(RestCall call)
    {
        var body = call.Body(Body);
        var stopped = body.Truth("stopped") ?? throw new BadRequestException("stopped is missing: true or false.");
        return call.Work.Write(unit => actions.Stop(unit, call.Caller, stopped, body.Text("reason") ?? ""), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }
}
