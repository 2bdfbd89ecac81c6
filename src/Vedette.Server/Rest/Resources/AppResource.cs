using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>app</c> and <c>app_action</c>: what is installed and what it can do.</summary>
internal sealed class AppResource(IStore store, Records records) : IResource
{
    private static readonly Shape Listed = new Shape("AppActions", "All of them at once; there are no pages.")
        .Needs("count", Kind.Whole, "How many.").Needs("num_pages", Kind.Whole, "0 or 1.").Needs("data", Kind.Any, "Each with its name, description, parameters, output and `app`.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("app", "List apps", RecordTypes.App, records),
        Route.One("app/{id}", "Read an app", RecordTypes.App, records),
        Route.Get("app/{id}/actions", "List what an app can do", call => Actions(call, Where.Is("Id", call.Number))) with { Needed = Permissions.ViewAssets, Answers = Listed },
        Route.Get("app_action", "List what all apps can do", call => Actions(call, Where.All)) with { Needed = Permissions.ViewAssets, Answers = Listed },
    ];

    private async Task<RestAnswer> Actions(RestCall call, Where which)
    {
        var data = new JsonArray();
        foreach (var row in await store.Select<AppRow>(Query.For(Where.Is("TenantId", call.Caller.TenantId) & which), call.Ct))
        {
            foreach (var action in JsonNode.Parse(row.Manifest)?["actions"] as JsonArray ?? [])
            {
                var shown = action!.DeepClone().AsObject();
                shown["app"] = row.Id;
                data.Add(shown);
            }
        }

        return RestAnswer.Ok(Wire.List(data));
    }
}
