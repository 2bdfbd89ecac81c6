using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Actions;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>asset</c>: its configuration is shown with secrets masked, and cannot be filtered by.</summary>
internal sealed class AssetResource(IApps apps, IActions actions, IStore store, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["asset"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method == "POST" ? await Create(call) : call.IsGet ? await Masked(await records.List(call, RecordTypes.Asset), call) : Resource.NotAllowed(call);
        }

        if (RestCall.Id(call.Path[1]) is not { } id)
        {
            return RestAnswer.NotFound("asset");
        }

        if (call.Path.Count == 3 && call.Path[2] == "test" && call.Method == "POST")
        {
            return (await actions.Test(call.Caller, new AssetId(id), call.Ct)).Ok(out var test, out var refusal)
                ? RestAnswer.Ok(new JsonObject { [test.Passed ? "success" : "failed"] = true, ["message"] = test.Message, ["steps"] = new JsonArray([.. test.Steps.Select(step => (JsonNode)step)]) })
                : RestAnswer.Of(refusal);
        }

        if (call.Path.Count > 2)
        {
            return RestAnswer.NotFound(call.Path[2]);
        }

        if (call.Method == "POST")
        {
            var draft = Draft(call.Json().RequireObject());
            return await call.Work.Write(async unit => await apps.ChangeAsset(unit, call.Caller, new AssetId(id), draft, call.Ct), Written, call.Ct);
        }

        return call.IsGet ? await Masked(await records.One(call, RecordTypes.Asset, id), call) : Resource.NotAllowed(call);
    }

    private async Task<RestAnswer> Masked(RestAnswer answer, RestCall call)
    {
        var found = answer.Body is JsonObject whole && whole["data"] is JsonArray data ? data.OfType<JsonObject>() : answer.Body is JsonObject one && one.ContainsKey("id") ? [one] : [];
        foreach (var record in found)
        {
            if (await store.Find<AssetRow>(record["id"]!.GetValue<long>(), call.Ct) is { } row)
            {
                record["configuration"] = apps.Masked(row);
            }
        }

        return answer;
    }

    private Task<RestAnswer> Create(RestCall call)
    {
        var draft = Draft(call.Json().RequireObject());
        return call.Work.Write(async unit => await apps.CreateAsset(unit, call.Caller, draft, call.Ct), Written, call.Ct);
    }

    private static RestAnswer Written(AssetAnswer answer)
    {
        var body = Wire.Success(answer.Id.Value);
        if (answer.SecretsCleared.Count > 0)
        {
            body["message"] = $"The address has changed: enter again {string.Join(", ", answer.SecretsCleared)}.";
        }

        return RestAnswer.Ok(body);
    }

    private static AssetDraft Draft(JsonElement body) => new()
    {
        Name = body.Text("name"),
        App = body.Text("app_id", "app") is { } app ? RestCall.Id(app) is { } id ? new AppChoice(new AppId(id)) : new AppChoice(Guid: app)
            : body.Text("app_guid") is { } guid ? new AppChoice(Guid: guid)
            : body.Text("product_name") is { } product ? new AppChoice(Vendor: body.Text("product_vendor"), Product: product)
            : null,
        Configuration = body.Value("configuration"),
        Description = body.Text("description"),
        Tags = body.Words("tags"),
        Disabled = body.Truth("disabled"),
        Concurrency = body.Whole("concurrency_limit"),
    };
}

internal sealed class AppResource(IStore store, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["app", "app_action"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (!call.IsGet)
        {
            return Resource.NotAllowed(call);
        }

        if (call.Path[0] == "app_action")
        {
            return call.Path.Count == 1 ? await Actions(call, null) : RestAnswer.NotFound("app_action");
        }

        if (call.Path.Count == 1)
        {
            return await records.List(call, RecordTypes.App);
        }

        return RestCall.Id(call.Path[1]) is not { } id ? RestAnswer.NotFound("app")
            : call.Path.Count == 3 && call.Path[2] == "actions" ? await Actions(call, id)
            : await records.One(call, RecordTypes.App, id);
    }

    private async Task<RestAnswer> Actions(RestCall call, long? app)
    {
        if (call.Caller.Lacks(Permissions.ViewAssets) is { } lacks)
        {
            return RestAnswer.Of(lacks);
        }

        var data = new JsonArray();
        var where = Where.Is("TenantId", call.Caller.TenantId) & (app is { } id ? Where.Is("Id", id) : Where.All);
        foreach (var row in await store.Select<AppRow>(Query.For(where), call.Ct))
        {
            foreach (var action in JsonNode.Parse(row.Manifest)?["actions"] as JsonArray ?? [])
            {
                var shown = action!.DeepClone().AsObject();
                shown["app"] = row.Id;
                data.Add(shown);
            }
        }

        return RestAnswer.Ok(new JsonObject { ["count"] = data.Count, ["num_pages"] = data.Count == 0 ? 0 : 1, ["data"] = data });
    }
}
