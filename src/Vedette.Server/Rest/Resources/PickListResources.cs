using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Storage;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary>What is only read and is one record type: severities, statuses, roles, audit.</summary>
internal sealed class ReadOnlyResource(Records records) : IResource
{
    public IReadOnlyList<string> Names => ["severity", "container_status", "role", "audit"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (!call.IsGet)
        {
            return Resource.NotAllowed(call);
        }

        return call.Path[0] switch
        {
            "severity" => await Read(call, RecordTypes.Severity),
            "container_status" => await Read(call, RecordTypes.Status),
            "role" => await Read(call, RecordTypes.Role),
            _ => await Read(call, RecordTypes.Audit),
        };
    }

    private async Task<RestAnswer> Read<T>(RestCall call, RecordType<T> type)
        where T : class, IRow =>
        call.Path.Count == 1 ? await records.List(call, type)
        : call.Path.Count == 2 && RestCall.Id(call.Path[1]) is { } id ? await records.One(call, type, id)
        : RestAnswer.NotFound(type.Name);
}

internal sealed class ContainerOptionsResource(IStore store) : IResource
{
    public IReadOnlyList<string> Names => ["container_options"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (!call.IsGet)
        {
            return Resource.NotAllowed(call);
        }

        if (call.Caller.Lacks(Permissions.ViewPickLists) is { } lacks)
        {
            return RestAnswer.Of(lacks);
        }

        var mine = new Query { Where = Where.Is("TenantId", call.Caller.TenantId) };
        var context = new ReadContext(store, call.Caller, true, false, call.Ct);
        var labels = new JsonArray();
        foreach (var label in (await store.Select<LabelRow>(mine, call.Ct)).Where(label => call.Caller.OnlyLabels?.Contains(label.Name) != false))
        {
            labels.Add(label.Name);
        }

        var statuses = new JsonArray();
        foreach (var row in await store.Select<StatusRow>(mine with { Order = [("Position", false)] }, call.Ct))
        {
            statuses.Add(await Records.Show(RecordTypes.Status, row, context, []));
        }

        var severities = new JsonArray();
        foreach (var row in await store.Select<SeverityRow>(mine with { Order = [("Position", false)] }, call.Ct))
        {
            severities.Add(await Records.Show(RecordTypes.Severity, row, context, []));
        }

        return RestAnswer.Ok(new JsonObject
        {
            ["label"] = labels,
            ["status"] = statuses,
            ["severity"] = severities,
            ["sensitivity"] = new JsonArray("white", "green", "amber", "red"),
            ["tags"] = new JsonArray(),
        });
    }
}

internal sealed class StopSwitchResource(IActions actions) : IResource
{
    public IReadOnlyList<string> Names => ["stop_switch"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.IsGet)
        {
            return call.Caller.Lacks(Permissions.ViewEvents) is { } lacks ? RestAnswer.Of(lacks) : RestAnswer.Ok(new JsonObject { ["stopped"] = actions.Stopped, ["reason"] = actions.StopReason });
        }

        if (call.Method != "POST")
        {
            return Resource.NotAllowed(call);
        }

        var body = call.Json().RequireObject();
        var stopped = body.Truth("stopped") ?? throw new BadRequestException("stopped is missing: true or false.");
        return await call.Work.Write(unit => actions.Stop(unit, call.Caller, stopped, body.Text("reason") ?? ""), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }
}

internal sealed class PlatformResource(IStore store) : IResource
{
    /// <summary>Clients compare the first three numbers with those of Phantom's versions.</summary>
    private const string Version = "6.2.2.134";

    public IReadOnlyList<string> Names => ["version", "system_info", "user_info"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (!call.IsGet)
        {
            return Resource.NotAllowed(call);
        }

        switch (call.Path[0])
        {
            case "version":
                return RestAnswer.Ok(new JsonObject { ["version"] = Version });
            case "system_info":
                return RestAnswer.Ok(new JsonObject { ["base_url"] = call.Work.BaseUrl, ["time_zone"] = "UTC", ["product"] = "Vedette", ["version"] = Version });
        }

        if (call.Caller.Lacks(Permissions.ViewUsers) is { } lacks)
        {
            return RestAnswer.Of(lacks);
        }

        var users = new JsonArray();
        foreach (var user in await store.Select<UserRow>(new Query { Where = Where.Is("TenantId", call.Caller.TenantId) & Where.Is("IsActive", true), Limit = Records.Most }, call.Ct))
        {
            users.Add(new JsonObject { ["id"] = user.Id, ["username"] = user.Username, ["first_name"] = user.FirstName, ["last_name"] = user.LastName, ["email"] = user.Email });
        }

        return RestAnswer.Ok(new JsonObject { ["users"] = users });
    }
}
