using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary>What the platform says of itself, its API included.</summary>
internal sealed class PlatformResource(IStore store, Lazy<RouteTable> routes) : IResource
{
    /// <summary>Clients compare the first three numbers with those of Phantom's versions.</summary>
    public const string Version = "6.2.2.134";

    private static readonly Shape VersionShape = new Shape("Version").Needs("version", Kind.Text, "A version of Phantom whose API this is.");

    private static readonly Shape SystemInfo = new Shape("SystemInfo").Needs("base_url", Kind.Text, "The address of this server.").Needs("time_zone", Kind.Text, "Always `UTC`.")
        .Needs("product", Kind.Text, "Always `Vedette`.").Needs("version", Kind.Text, "As `version` says.");

    private static readonly Shape Users = new Shape("UserInfo").Needs("users", Kind.Any, "Active users: number, username, names, mail address.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("version", "Read the version; a light way to try credentials", _ => Task.FromResult(RestAnswer.Ok(new JsonObject { ["version"] = Version }))) with { Needed = Permissions.ViewPickLists, Answers = VersionShape },
        Route.Get("system_info", "Read the address of the server", Info) with { Needed = Permissions.ViewEvents, Answers = SystemInfo },
        Route.Get("user_info", "List active users", Active) with { Needed = Permissions.ViewUsers, Answers = Users },
        Route.Get("openapi.json", "Read this document", _ => Task.FromResult(RestAnswer.Ok(OpenApi.Document(routes.Value)))) with
        {
            Needed = Permissions.ViewEvents, Answers = new Shape("OpenApi", "An OpenAPI 3.1 document, made from the routes as they are."),
        },
    ];

    private static Task<RestAnswer> Info(RestCall call) =>
        Task.FromResult(RestAnswer.Ok(new JsonObject { ["base_url"] = call.Work.BaseUrl, ["time_zone"] = "UTC", ["product"] = "Vedette", ["version"] = Version }));

    private async Task<RestAnswer> Active(RestCall call)
    {
        var users = new JsonArray();
        foreach (var user in await store.Select<UserRow>(new Query { Where = Where.Is("TenantId", call.Caller.TenantId) & Where.Is("IsActive", true), Limit = Records.Most }, call.Ct))
        {
            users.Add(new JsonObject { ["id"] = user.Id, ["username"] = user.Username, ["first_name"] = user.FirstName, ["last_name"] = user.LastName, ["email"] = user.Email });
        }

        return RestAnswer.Ok(new JsonObject { ["users"] = users });
    }
}
