using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>ph_user</c>; a token is shown once, when it is made, and never again.</summary>
internal sealed class UserResource(IAccess access, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["ph_user"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method == "POST" ? await Create(call) : call.IsGet ? await List(call) : Resource.NotAllowed(call);
        }

        if (RestCall.Id(call.Path[1]) is not { } id)
        {
            return RestAnswer.NotFound("ph_user");
        }

        if (call.Path.Count > 2)
        {
            return call.Path[2] == "token" && call.Path.Count == 3 ? await Token(call, new UserId(id)) : RestAnswer.NotFound(call.Path[2]);
        }

        return call.Method switch
        {
            "POST" => await Change(call, id),
            "DELETE" => await call.Work.Write(async unit => await access.DeactivateUser(unit, call.Caller, new UserId(id), call.Ct), _ => RestAnswer.Ok(Wire.Success()), call.Ct),
            _ => await records.One(call, RecordTypes.User, id),
        };
    }

    private Task<RestAnswer> List(RestCall call)
    {
        // Automation users are hidden unless asked for.
        var asked = call.Flag("include_automation") || call.Query.Any(pair => pair.Key.StartsWith("_filter_", StringComparison.Ordinal));
        return records.List(call, RecordTypes.User, asked ? null : Where.Is("Type", "normal"));
    }

    private Task<RestAnswer> Create(RestCall call)
    {
        var draft = Draft(call.Json().RequireObject());
        return call.Work.Write(async unit => await access.CreateUser(unit, call.Caller, draft, call.Ct), id => RestAnswer.Ok(Wire.Success(id.Value)), call.Ct);
    }

    private Task<RestAnswer> Change(RestCall call, long id)
    {
        var draft = Draft(call.Json().RequireObject());
        return call.Work.Write(async unit => await access.ChangeUser(unit, call.Caller, new UserId(id), draft, call.Ct), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct);
    }

    private async Task<RestAnswer> Token(RestCall call, UserId user)
    {
        if (call.Method == "POST")
        {
            return await call.Work.Write(async unit => await access.RegenerateToken(unit, call.Caller, user, call.Ct), made => RestAnswer.Ok(new JsonObject { ["success"] = true, ["key"] = made.Plain }), call.Ct);
        }

        return call.Caller.Lacks(Permissions.EditUsers) is { } lacks
            ? RestAnswer.Of(lacks)
            : RestAnswer.Failed(403, "Tokens are stored as hashes only, so this one cannot be shown again. POST here makes a new one and shows it once.");
    }

    private static UserDraft Draft(JsonElement body) => new()
    {
        Username = body.Text("username"),
        Type = body.Text("type"),
        Password = body.Text("password"),
        Email = body.Text("email"),
        FirstName = body.Text("first_name"),
        LastName = body.Text("last_name"),
        Title = body.Text("title"),
        TimeZone = body.Text("time_zone"),
        IsActive = body.Truth("is_active"),
        AllowedIps = body.Words("allowed_ips"),
        DefaultLabel = body.Text("default_label"),
        Roles = body.Words("roles"),
    };
}
