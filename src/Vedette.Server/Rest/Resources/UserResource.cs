using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>ph_user</c> and <c>role</c>.</summary>
internal sealed class UserResource(IAccess access, IStore store, AuditLists audit, Records records) : IResource
{
    private static readonly Shape Body = new Shape("UserBody", "A person, or a system that signs in with a token.")
        .With("username", Kind.Text, "Its name; unique, lower case. New users only, and needed for them.")
        .With("type", Kind.Text, "`normal` or `automation`. New users only.")
        .With("password", Kind.Text, "For a new person. To change one use `password`.")
        .With("email", Kind.Text, "Mail address.")
        .With("first_name", Kind.Text, "First name.")
        .With("last_name", Kind.Text, "Last name.")
        .With("title", Kind.Text, "What the person does.")
        .With("time_zone", Kind.Text, "Such as `UTC`.")
        .With("is_active", Kind.Truth, "False ends all access at once.")
        .With("allowed_ips", Kind.Words, "For automation: addresses and ranges its tokens count from, or `any`. Empty is nowhere.")
        .With("default_label", Kind.Text, "The label of events it sends without one.")
        .With("roles", Kind.Words, "Replaces all roles, by name.")
        .With("add_roles", Kind.Words, "Roles to give, by name; the others stay.")
        .With("remove_roles", Kind.Words, "Roles to take, by name; the others stay.");

    private static readonly Shape NewKey = new Shape("NewKey", "A token in its only showing.").Needs("success", Kind.Truth, "Always true.").Needs("key", Kind.Text, "The token: send it as `ph-auth-token`.");

    private static readonly Shape Key = new Shape("Key").Needs("key", Kind.Text, "The token: send it as `ph-auth-token`.");

    private static readonly Shape TokenBody = new Shape("TokenBody", "What the new token is to be. Without a kind it takes the place of the user's automation tokens, which end.")
        .With("kind", Kind.Text, "`intake`: creates events under its labels and reads pick lists, nothing else. `automation`: what its user may.")
        .With("name", Kind.Text, "A name to know it by.")
        .With("labels", Kind.Words, "For an intake token: the labels it may create events under.")
        .With("allowed_ips", Kind.Words, "Addresses and ranges it counts from, beside the user's own.")
        .With("ends_at", Kind.Time, "When it ends.");

    private static readonly (int, string)[] Faults = [(400, "The name is taken, or a role, address or label is not known."), (403, "It would give or take rights that the caller has not.")];

    public IEnumerable<Route> Routes =>
    [
        Route.Get("ph_user", "List users", List) with
        {
            Lists = RecordTypes.User, Needed = RecordTypes.User.Needed, Parameters = [("include_automation", "Automation users too; without it they are only in filtered lists.")],
        },
        Route.Post("ph_user", "Make a user", Body, Create) with { Needed = Permissions.EditUsers, Answers = Shapes.Written, Errors = Faults },
        Route.One("ph_user/{id}", "Read a user", RecordTypes.User, records),
        Route.Post("ph_user/{id}", "Change a user", Body, Change) with { Needed = Permissions.EditUsers, Answers = Shapes.Written, Errors = Faults },
        Route.Delete("ph_user/{id}", "End a user's access", call => call.Work.Write(async unit => await access.DeactivateUser(unit, call.Caller, new UserId(call.Number), call.Ct), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Needed = Permissions.EditUsers, Description = "The record stays. By a person, not by a token.",
        },
        Route.Get("ph_user/{id}/roles", "List the roles of a user", Roles) with { Lists = RecordTypes.Role, Needed = RecordTypes.Role.Needed },
        audit.Of("ph_user/{id}/audit", "What a user did", "user"),
        Route.Get("ph_user/{id}/token", "Read a user's token", ReadToken) with
        {
            Needed = Permissions.EditUsers, Answers = Key,
            Description = "Only where an administrator has switched that on (`system_settings/auth_settings`), only for tokens made since, and only by a person. Each reading is in the audit trail. Otherwise a token is shown once, when it is made.",
            Errors = [(403, "It is not switched on, or the caller is no person."), (404, "The user has no token that can be shown.")],
        },
        Route.Post("ph_user/{id}/token", "Make a token for a user", TokenBody, MakeToken) with { Needed = Permissions.EditUsers, Answers = NewKey, Description = "An empty body does. With an `Idempotency-Key` a repeat is told that the token is not kept." },
        Route.List("role", "List roles", RecordTypes.Role, records),
        Route.One("role/{id}", "Read a role", RecordTypes.Role, records),
    ];

    private Task<RestAnswer> List(RestCall call)
    {
        // Automation users are hidden unless asked for.
        var asked = call.Flag("include_automation") || call.Query.Any(pair => pair.Key.StartsWith("_filter_", StringComparison.Ordinal));
        return records.List(call, RecordTypes.User, asked ? null : Where.Is("Type", "normal"));
    }

    private async Task<RestAnswer> Roles(RestCall call)
    {
        if (await store.Find<UserRow>(call.Number, call.Ct) is not { } user || user.TenantId != call.Caller.TenantId)
        {
            return RestAnswer.NotFound("ph_user");
        }

        var names = JsonNode.Parse(user.Roles)!.AsArray().Select(name => (object?)(string?)name);
        return await records.List(call, RecordTypes.Role, Where.In(nameof(RoleRow.Name), names));
    }

    private Task<RestAnswer> Create(RestCall call)
    {
        var draft = Draft(call.Body(Body));
        return call.Work.Write(async unit => await access.CreateUser(unit, call.Caller, draft, call.Ct), id => RestAnswer.Ok(Wire.Success(id.Value)), call.Ct);
    }

    private Task<RestAnswer> Change(RestCall call)
    {
        var draft = Draft(call.Body(Body));
        return call.Work.Write(async unit => await access.ChangeUser(unit, call.Caller, new UserId(call.Number), draft, call.Ct), _ => RestAnswer.Ok(Wire.Success(call.Number)), call.Ct);
    }

    private Task<RestAnswer> ReadToken(RestCall call) =>
        call.Work.Write(async unit => await access.ReadToken(unit, call.Caller, new UserId(call.Number), call.Ct), key => RestAnswer.Ok(new JsonObject { ["key"] = key.Plain }) with { ShownOnce = true }, call.Ct);

    private Task<RestAnswer> MakeToken(RestCall call)
    {
        var user = new UserId(call.Number);
        TokenDraft? draft = null;
        if (!call.Content.IsEmpty)
        {
            var body = call.Body(TokenBody);
            if (body.Text("kind") is { } kind)
            {
                draft = new TokenDraft { Kind = kind, Name = body.Text("name") ?? "", Labels = body.Words("labels") ?? [], AllowedIps = body.Words("allowed_ips") ?? [], EndsAt = body.Time("ends_at") };
            }
        }

        return call.Work.Write(
            async unit => draft is null ? await access.RegenerateToken(unit, call.Caller, user, call.Ct) : await access.AddToken(unit, call.Caller, user, draft, call.Ct),
            made => RestAnswer.Ok(new JsonObject { ["success"] = true, ["key"] = made.Plain }) with { ShownOnce = true },
            call.Ct);
    }

    private static UserDraft Draft(Posted body) => new()
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
        AddRoles = body.Words("add_roles"),
        RemoveRoles = body.Words("remove_roles"),
    };
}
