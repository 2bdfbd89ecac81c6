using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Actions;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class ActionRunResource(IActions actions, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["action_run", "app_run"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        var isAppRun = call.Path[0] == "app_run";
        if (call.Path.Count == 1)
        {
            return call.Method == "POST" && !isAppRun ? await Ask(call)
                : !call.IsGet ? Resource.NotAllowed(call)
                : isAppRun ? await records.List(call, RecordTypes.AppRun) : await records.List(call, RecordTypes.ActionRun);
        }

        if (RestCall.Id(call.Path[1]) is not { } id)
        {
            return RestAnswer.NotFound(call.Path[0]);
        }

        if (call.IsGet && call.Path.Count == 3 && call.Path[2] == "app_runs" && !isAppRun)
        {
            return await records.List(call, RecordTypes.AppRun, Where.Is("ActionRunId", id));
        }

        if (call.Path.Count > 2)
        {
            return RestAnswer.NotFound(call.Path[2]);
        }

        if (call.Method == "POST" && !isAppRun && call.Json().RequireObject().Truth("cancel") == true)
        {
            return await call.Work.Write(unit => actions.Cancel(unit, call.Caller, new ActionRunId(id)), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct);
        }

        return !call.IsGet ? Resource.NotAllowed(call)
            : isAppRun ? await records.One(call, RecordTypes.AppRun, id) : await records.One(call, RecordTypes.ActionRun, id);
    }

    private Task<RestAnswer> Ask(RestCall call)
    {
        var body = call.Json().RequireObject();
        var action = body.Text("action") ?? throw new BadRequestException("action is missing.");
        var targets = body.Objects("targets").Select(target => new ActionTarget(target.Words("assets"), target.Objects("parameters"), target.Text("app_id", "app"))).ToList();
        var request = new ActionRequest
        {
            Action = action,
            Name = body.Text("name") ?? action,
            Container = body.Whole("container_id", "container") is { } container ? new ContainerId(container) : null,
            Targets = targets,
        };
        return call.Work.Write(
            unit => actions.Ask(unit, call.Caller, request),
            id => RestAnswer.Ok(new JsonObject { ["success"] = true, ["action_run_id"] = id.Value, ["message"] = $"Action \"{action}\" was asked for." }),
            call.Ct);
    }
}

internal sealed class PlaybookRunResource(IPlaybooks playbooks, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["playbook_run"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method == "POST" ? await Start(call) : call.IsGet ? await records.List(call, RecordTypes.PlaybookRun) : Resource.NotAllowed(call);
        }

        if (RestCall.Id(call.Path[1]) is not { } id)
        {
            return RestAnswer.NotFound("playbook_run");
        }

        if (call.Path.Count > 2)
        {
            return !call.IsGet ? Resource.NotAllowed(call) : call.Path[2] switch
            {
                "log" => await records.List(call, RecordTypes.RunLog, Where.Is("RunId", id)),
                "actions" => await records.List(call, RecordTypes.ActionRun, Where.Is("PlaybookRunId", id)),
                _ => RestAnswer.NotFound(call.Path[2]),
            };
        }

        if (call.Method == "POST" && call.Json().RequireObject().Truth("cancel") == true)
        {
            return await call.Work.Write(unit => playbooks.Cancel(unit, call.Caller, new PlaybookRunId(id)), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct);
        }

        return call.IsGet ? await records.One(call, RecordTypes.PlaybookRun, id) : Resource.NotAllowed(call);
    }

    private Task<RestAnswer> Start(RestCall call)
    {
        var body = call.Json().RequireObject();
        var scope = body.Value("scope") is { ValueKind: JsonValueKind.Array } ids ? ids.GetRawText() : body.Text("scope") ?? "new";
        var inputs = body.Value("inputs");
        if (inputs is { ValueKind: JsonValueKind.String } text)
        {
            using var parsed = JsonDocument.Parse(text.GetString()!, new JsonDocumentOptions { MaxDepth = 64 });
            inputs = parsed.RootElement.Clone();
        }

        var what = new StartRun(
            new ContainerId(body.Whole("container_id", "container") ?? throw new BadRequestException("container_id is missing.")),
            body.Text("playbook_id", "playbook") ?? throw new BadRequestException("playbook_id is missing."),
            scope,
            inputs);
        return call.Work.Write(
            unit => playbooks.Start(unit, call.Caller, what),
            id => RestAnswer.Ok(new JsonObject { ["playbook_run_id"] = $"{id.Value}", ["received"] = true }),
            call.Ct);
    }
}
