using System.Collections.Frozen;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Access;

/// <summary>Users, roles and tokens as they are, kept in memory: what a request is let in by.</summary>
internal sealed record Known(
    FrozenDictionary<long, KnownUser> ById,
    FrozenDictionary<string, KnownUser> ByName,
    FrozenDictionary<string, KnownToken> ByTokenDigest,
    FrozenDictionary<string, Permissions> Roles)
{
    public static async ValueTask<Known> Load(IStore store, CancellationToken ct)
    {
        var roles = (await store.Select<RoleRow>(new Query(), ct).ConfigureAwait(false))
            .ToFrozenDictionary(r => r.Name, MayOf, StringComparer.Ordinal);
        var users = (await store.Select<UserRow>(new Query(), ct).ConfigureAwait(false))
            .Select(u => new KnownUser(u, Sum(Texts.Read(u.Roles), roles), Texts.Read(u.AllowedIps)))
            .ToList();
        var tokens = await store.Select<TokenRow>(Query.For(Where.Is(nameof(TokenRow.Revoked), false)), ct).ConfigureAwait(false);
        return new Known(
            users.ToFrozenDictionary(u => u.Row.Id),
            users.ToFrozenDictionary(u => u.Row.Username, StringComparer.Ordinal),
            tokens.ToFrozenDictionary(
                t => t.Hash,
                t => new KnownToken(t, Texts.Read(t.AllowedIps), Texts.Read(t.Labels).ToFrozenSet(StringComparer.Ordinal)),
                StringComparer.Ordinal),
            roles);
    }

    /// <summary>What roles allow together; a role that is not there allows nothing.</summary>
    public static Permissions Sum(IEnumerable<string> names, IReadOnlyDictionary<string, Permissions> roles) =>
        names.Aggregate(Permissions.None, (sum, name) => sum | roles.GetValueOrDefault(name));

    /// <summary>Names of single permissions, as a role stores them.</summary>
    public static IEnumerable<string> NamesOf(Permissions may) =>
        Enum.GetValues<Permissions>().Where(p => int.PopCount((int)p) == 1 && may.HasFlag(p)).Select(p => p.ToString());

    // A built-in role is what this version says it is: one that was seeded by an older version gets what came since.
    private static Permissions MayOf(RoleRow row) =>
        row.Immutable && BuiltInRoles.All.FirstOrDefault(r => r.Name == row.Name) is { Name: not null } builtIn
            ? builtIn.May
            : Texts.Read(row.Permissions).Aggregate(
                Permissions.None,
                (sum, name) => Enum.TryParse<Permissions>(name, out var may) ? sum | may : sum);
}

internal sealed record KnownUser(UserRow Row, Permissions May, IReadOnlyList<string> AllowedIps)
{
    public bool IsAutomation => Row.Type == UserTypes.Automation;
}

internal sealed record KnownToken(TokenRow Row, IReadOnlyList<string> AllowedIps, IReadOnlySet<string> Labels);

internal static class UserTypes
{
    public const string Normal = "normal";
    public const string Automation = "automation";
}

internal static class TokenKinds
{
    public const string Automation = "automation";
    public const string Intake = "intake";

    /// <summary>All that an intake token ever may.</summary>
    public const Permissions IntakeMay = Permissions.CreateEvents | Permissions.ViewPickLists;
}
