using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>Tokens that can be shown again, for installations whose provisioning reads them: only where an administrator switched that on.</summary>
internal sealed class ReadableTokens(IStore store, SecretSeal seal, TimeProvider time)
{
    private const string Setting = "token_readable_by_admin";

    public async ValueTask<bool> Kept(CancellationToken ct) => await Row(ct).ConfigureAwait(false) is { Value: "true" };

    /// <summary>The token sealed for its row, or null where tokens are not kept.</summary>
    public async ValueTask<string?> Seal(long tokenId, string plain, CancellationToken ct) =>
        await Kept(ct).ConfigureAwait(false) ? seal.Seal(plain, Place(tokenId)) : null;

    public async ValueTask<Outcome<Done>> Switch(Unit unit, Caller caller, bool on, CancellationToken ct)
    {
        if (caller.LacksInPerson(Permissions.EditSettings) is { } lacks)
        {
            return lacks;
        }

        var now = time.GetUtcNow();
        var row = await Row(ct).ConfigureAwait(false);
        var value = on ? "true" : "false";
        if (row is null)
        {
            unit.Insert(new SettingRow { Id = store.NextId<SettingRow>(), Name = Setting, Value = value, UpdatedAt = now });
        }
        else
        {
            unit.Update<SettingRow>(row.Id, row.Version, (nameof(SettingRow.Value), value), (nameof(SettingRow.Version), row.Version + 1), (nameof(SettingRow.UpdatedAt), now));
        }

        if (!on)
        {
            foreach (var token in await store.Select<TokenRow>(Query.For(new Compare(nameof(TokenRow.Sealed), Comparison.IsNull, false)), ct).ConfigureAwait(false))
            {
                unit.Update<TokenRow>(token.Id, null, (nameof(TokenRow.Sealed), null));
            }
        }

        unit.Audit(caller, now, "changed", "setting", row?.Id, content: new JsonObject { [Setting] = on });
        return default(Done);
    }

    public async ValueTask<Outcome<NewToken>> Read(Unit unit, Caller caller, UserId user, CancellationToken ct)
    {
        if (caller.LacksInPerson(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        if (!await Kept(ct).ConfigureAwait(false))
        {
            return new Refusal(
                RefusalKind.Forbidden,
                "token_not_readable",
                "Tokens are stored as hashes only, so this one cannot be shown again. POST here makes a new one and shows it once. To have tokens shown again, an administrator sets token_readable_by_admin in system_settings/auth_settings.");
        }

        var mine = Where.Is(nameof(TokenRow.UserId), user.Value) & Where.Is(nameof(TokenRow.Revoked), false) & new Compare(nameof(TokenRow.Sealed), Comparison.IsNull, false);
        var rows = await store.Select<TokenRow>(new Query { Where = mine & Where.Is(nameof(TokenRow.Kind), TokenKinds.Automation), Order = [(nameof(TokenRow.Id), true)], Limit = 1 }, ct).ConfigureAwait(false);
        if (rows is not [{ Sealed: { } text } row] || seal.Open(text, Place(row.Id)) is not { } plain)
        {
            return new Refusal(RefusalKind.NotFound, "no_readable_token", "This user has no token that can be shown: it was made before that was switched on. POST here makes a new one. token item not found");
        }

        unit.Audit(caller, time.GetUtcNow(), "read", "token", row.Id, content: new JsonObject { ["user"] = user.Value });
        return new NewToken(new TokenId(row.Id), plain);
    }

    private static byte[] Place(long tokenId) => Encoding.UTF8.GetBytes($"vedette token\n{tokenId.ToString(CultureInfo.InvariantCulture)}");

    private async ValueTask<SettingRow?> Row(CancellationToken ct) =>
        await store.Select<SettingRow>(Query.For(Where.Is(nameof(SettingRow.Name), Setting)), ct).ConfigureAwait(false) is [var row] ? row : null;
}
