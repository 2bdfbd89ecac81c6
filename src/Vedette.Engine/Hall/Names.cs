using System.Globalization;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Hall;

/// <summary>Finds what a sender names by id or by name: a person, a role, an app.</summary>
internal static class Names
{
    public static async ValueTask<long?> Owner(IStore store, long tenant, string? who, Faults faults)
    {
        if (string.IsNullOrWhiteSpace(who))
        {
            return null;
        }

        var user = Number(who) is { } id
            ? await store.Find<UserRow>(id)
            : await One<UserRow>(store, Where.Is("TenantId", tenant) & Where.Is("Username", who.Trim().ToLowerInvariant()));
        if (user is null || user.TenantId != tenant)
        {
            faults.Add("unknown_owner", $"\"owner_id\" Not found: there is no user \"{Faults.Short(who)}\".");
            return null;
        }

        return user.Id;
    }

    public static async ValueTask<long?> Role(IStore store, long tenant, string? name, Faults faults)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        var role = Number(name) is { } id
            ? await store.Find<RoleRow>(id)
            : await One<RoleRow>(store, Where.Is("TenantId", tenant) & Where.Is("Name", name));
        if (role is null || role.TenantId != tenant)
        {
            faults.Add("unknown_role", $"\"role_id\" Not found: there is no role \"{Faults.Short(name)}\".");
            return null;
        }

        return role.Id;
    }

    public static async ValueTask<long?> App(IStore store, long tenant, string? name, Faults faults)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        var app = Number(name) is { } id
            ? await store.Find<AppRow>(id)
            : await One<AppRow>(store, Where.Is("AppGuid", name.ToLowerInvariant()) | Where.Is("Name", name));
        if (app is null || app.TenantId != tenant)
        {
            faults.Add("unknown_app", $"\"ingest_app_id\" Not found: there is no app \"{Faults.Short(name)}\".");
            return null;
        }

        return app.Id;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async ValueTask<T?> One<T>(IStore store, Where where)
        where T : class, IRow
    {
        var found = await store.Select<T>(new Query { Where = where, Limit = 1 });
        return found.Count == 0 ? null : found[0];
    }
}
