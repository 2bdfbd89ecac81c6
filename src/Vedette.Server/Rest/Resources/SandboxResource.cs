using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Server.Hosting;

namespace Vedette.Server.Rest.Resources;

/// <summary>What keeps playbooks in on this machine, and an administrator's acceptance of a level that does not hold everything.</summary>
internal sealed class SandboxResource(IPlaybookWorkers workers, IPlaybooks playbooks, BundledContent bundled) : IResource
{
    private static readonly Shape State = new Shape("Sandbox", "What was tried out at the start.")
        .Needs("level", Kind.Text, "The level reached; `full` when all holds.").Needs("holds", Kind.Truth, "True when all holds.").Needs("accepted", Kind.Text, "The level that somebody accepted, or null.")
        .Needs("playbooks_run", Kind.Truth, "Whether playbooks run.").Needs("message", Kind.Text, "The same in a sentence.").Needs("python", Kind.Any, "The Python that runs them.")
        .Needs("measures", Kind.Any, "Each measure, and whether it is on.").Needs("probes", Kind.Any, "Each attempt to get out, and whether it was denied.");

    private static readonly Shape Body = new Shape("SandboxBody").Needs("accept", Kind.Any, "The name of the level to run at, or null to take the acceptance back.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("sandbox", "What keeps playbooks in on this machine", _ => Task.FromResult(RestAnswer.Ok(Shown()))) with { Needed = Permissions.ViewPlaybooks, Answers = State },
        Route.Post("sandbox", "Accept a sandbox that does not hold everything", Body, Accept) with { Needed = Permissions.EditSettings, Description = "By a person, not by a token." },
    ];

    private async Task<RestAnswer> Accept(RestCall call)
    {
        var accept = call.Body(Body).Value("accept") ?? throw new BadRequestException("accept is missing: the name of the level, or null to take the acceptance back.");
        var level = accept.ValueKind switch
        {
            JsonValueKind.String => accept.GetString(),
            JsonValueKind.Null => null,
            _ => throw new BadRequestException("accept has to be the name of a level, or null."),
        };
        var answer = await call.Work.Write(unit => playbooks.AcceptSandbox(unit, call.Caller, level), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
        if (answer.Status == 200 && workers.MayRun)
        {
            // A first start at a level that was not accepted brought no playbooks: they could not be checked.
            await bundled.BringIfNew(call.Ct);
        }

        return answer;
    }

    private JsonObject Shown() => new()
    {
        ["level"] = workers.Sandbox.Level,
        ["holds"] = workers.Sandbox.Holds,
        ["accepted"] = workers.AcceptedLevel,
        ["playbooks_run"] = workers.MayRun,
        ["message"] = SandboxWords.Of(workers.Sandbox, workers.AcceptedLevel),
        ["python"] = workers.Sandbox.Python,
        ["measures"] = new JsonArray([.. workers.Sandbox.Measures.Select(measure => (JsonNode)new JsonObject { ["name"] = measure.Name, ["on"] = measure.On, ["detail"] = measure.Detail })]),
        ["probes"] = new JsonArray([.. workers.Sandbox.Probes.Select(probe => (JsonNode)new JsonObject { ["name"] = probe.Name, ["denied"] = probe.Denied, ["detail"] = probe.Detail })]),
    };
}
