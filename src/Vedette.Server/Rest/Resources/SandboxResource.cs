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
    public IReadOnlyList<string> Names => ["sandbox"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count > 1)
        {
            return RestAnswer.NotFound("sandbox");
        }

        if (call.IsGet)
        {
            return call.Caller.Lacks(Permissions.ViewPlaybooks) is { } lacks ? RestAnswer.Of(lacks) : RestAnswer.Ok(Shown());
        }

        if (call.Method != "POST")
        {
            return Resource.NotAllowed(call);
        }

        var accept = call.Json().RequireObject().Value("accept") ?? throw new BadRequestException("accept is missing: the name of the level, or null to take the acceptance back.");
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
