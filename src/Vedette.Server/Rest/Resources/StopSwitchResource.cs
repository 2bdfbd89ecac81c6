using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;

namespace Vedette.Server.Rest.Resources;

internal sealed class StopSwitchResource(IActions actions) : IResource
{
    private static readonly Shape Part = new Shape("StoppedPart", "Stopped while the rest goes on.").Needs("kind", Kind.Text, "`label`, `playbook` or `asset`.").Needs("value", Kind.Text, "Its name.").Needs("reason", Kind.Text, "Why.");

    private static readonly Shape State = new Shape("StopSwitch").Needs("stopped", Kind.Truth, "True: no action leaves.").Needs("reason", Kind.Text, "Why; empty when nothing was said.")
        .ListOf("parts", Part, "What is stopped by itself.");

    private static readonly Shape Body = new Shape("StopSwitchBody", "What the switch is to be.")
        .Needs("stopped", Kind.Truth, "True stops every action that has not left.")
        .With("reason", Kind.Text, "Why; it is in the audit trail.")
        .With("label", Kind.Text, "Only actions for events of this label.")
        .With("playbook", Kind.Text, "Only actions of this playbook, with or without its repository, and of those it starts.")
        .With("asset", Kind.Text, "Only actions on this asset.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("stop_switch", "Whether all actions are stopped", _ => Task.FromResult(RestAnswer.Ok(Shown()))) with { Needed = Permissions.ViewEvents, Answers = State },
        Route.Post("stop_switch", "Stop all actions, or let them go on", Body, Set) with { Needed = Permissions.StopSwitch, Description = "Once this has answered, no action leaves, or none of the part that is named; that survives a restart. What waits is carried out once it is lifted. Lifting it for all leaves parts stopped that were stopped by themselves. Lifting it needs a person, not a token." },
    ];

    private Task<RestAnswer> Set(RestCall call)
    {
        var body = call.Body(Body);
        var stopped = body.Truth("stopped") ?? throw new BadRequestException("stopped is missing: true or false.");
        List<StopScope> scopes = [];
        foreach (var (kind, field) in new[] { (StopKind.Label, "label"), (StopKind.Playbook, "playbook"), (StopKind.Asset, "asset") })
        {
            if (body.Text(field) is { } name)
            {
                scopes.Add(new StopScope(kind, name.Trim()));
            }
        }

        if (scopes.Count > 1)
        {
            throw new BadRequestException("One part at a time: a label, a playbook or an asset.");
        }

        return call.Work.Write(unit => actions.Stop(unit, call.Caller, stopped, body.Text("reason") ?? "", scopes.FirstOrDefault()), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }

    private JsonObject Shown() => new()
    {
        ["stopped"] = actions.Stopped,
        ["reason"] = actions.StopReason,
        ["parts"] = new JsonArray([.. actions.StoppedParts.Select(part => new JsonObject { ["kind"] = part.Kind.ToString().ToLowerInvariant(), ["value"] = part.Value, ["reason"] = part.Reason })]),
    };
}
