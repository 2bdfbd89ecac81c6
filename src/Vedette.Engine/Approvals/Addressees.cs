using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

/// <summary>Whom a question is for: names that become users and roles, and whether somebody is one of them.</summary>
internal sealed class Addressees(IStore store, TimeProvider time)
{
    private const string Administrators = "Administrator";

    /// <summary>All who are known; the administrators where nobody is.</summary>
    public async Task<IReadOnlyList<(long? User, long? Role)>> All(long tenant, IReadOnlyList<string> names)
    {
        var known = new List<(long? User, long? Role)>();
        foreach (var name in names)
        {
            if (await Known(tenant, name) is { } one && !known.Contains(one))
            {
                known.Add(one);
            }
        }

        return known.Count > 0 ? known : [await One(tenant, null)];
    }

    /// <summary>A user by name or e-mail, else a role by name; who is not known here is stood in for by the administrators.</summary>
    public async Task<(long? User, long? Role)> One(long tenant, string? to)
    {
        if (to is { Length: > 0 } && await Known(tenant, to.Trim()) is { } known)
        {
            return known;
        }

        var administrators = await store.Select<RoleRow>(Query.For(Where.Is("TenantId", tenant) & Where.Is(nameof(RoleRow.Name), Administrators)));
        return (null, administrators.Count == 0 ? null : administrators[0].Id);
    }

    public async Task<(long? User, long? Role)?> Known(long tenant, string name)
    {
        var mine = Where.Is("TenantId", tenant);
        var users = await store.Select<UserRow>(Query.For(mine & Where.Is(nameof(UserRow.Type), "normal")
            & (Where.Is(nameof(UserRow.Username), name.ToLowerInvariant()) | new Compare(nameof(UserRow.Email), Comparison.EqualIgnoreCase, name))));
        if (users.Count > 0)
        {
            return (users[0].Id, null);
        }

        var roles = await store.Select<RoleRow>(Query.For(mine & new Compare(nameof(RoleRow.Name), Comparison.EqualIgnoreCase, name)));
        return roles.Count > 0 ? (null, roles[0].Id) : null;
    }

    /// <summary>The user, and whoever has this one answer for them now. Who may not answer themselves has nobody answer for them.</summary>
    public async Task<IReadOnlyList<UserRow>> StandsFor(UserRow user, IReadOnlySet<long> notFor)
    {
        var stands = new List<UserRow> { user };
        foreach (var one in await store.Select<DelegationRow>(Query.For(Where.Is(nameof(DelegationRow.ToUserId), user.Id) & new Compare(nameof(DelegationRow.EndsAt), Comparison.Greater, time.GetUtcNow()))))
        {
            if (!notFor.Contains(one.FromUserId) && await store.Find<UserRow>(one.FromUserId) is { IsActive: true } from)
            {
                stands.Add(from);
            }
        }

        return stands;
    }

    /// <param name="who">A list of <c>{"user": id}</c> and <c>{"role": id}</c>.</param>
    public async Task<bool> Has(JsonArray who, IReadOnlyList<UserRow> stands)
    {
        var users = who.Select(one => (long?)one!["user"]).OfType<long>().ToHashSet();
        if (stands.Any(user => users.Contains(user.Id)))
        {
            return true;
        }

        var roles = stands.SelectMany(user => JsonSerializer.Deserialize<string[]>(user.Roles)!).ToHashSet();
        foreach (var role in who.Select(one => (long?)one!["role"]).OfType<long>())
        {
            if (await store.Find<RoleRow>(role) is { } row && roles.Contains(row.Name))
            {
                return true;
            }
        }

        return false;
    }

    public static JsonArray Json(IEnumerable<(long? User, long? Role)> who) => [.. who.Select(one => one.User is { } user ? new JsonObject { ["user"] = user } : new JsonObject { ["role"] = one.Role })];
}
