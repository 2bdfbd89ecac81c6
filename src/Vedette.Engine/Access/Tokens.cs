using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>Makes and revokes tokens.</summary>
internal sealed class Tokens(IStore store, Snapshot<Known> known, ReadableTokens readable, TimeProvider time)
{
    public async ValueTask<Outcome<NewToken>> Add(Unit unit, Caller caller, UserId userId, TokenDraft draft, CancellationToken ct)
    {
        var owner = await Owner(caller, userId, ct).ConfigureAwait(false);
        if (!owner.Ok(out var user, out var refusal))
        {
            return refusal;
        }

        if (draft.Kind is not (TokenKinds.Automation or TokenKinds.Intake))
        {
            return No.Invalid("bad_token_kind", $"The kind of a token is \"{draft.Kind}\"; it may be \"automation\" or \"intake\".");
        }

        if ((draft.Kind == TokenKinds.Intake) != (draft.Labels.Count > 0))
        {
            return No.Invalid("token_labels", "An intake token names the labels it creates events under; an automation token names none.");
        }

        if (draft.AllowedIps.FirstOrDefault(entry => !AllowedAddresses.IsUsable(entry)) is { } bad)
        {
            return No.Invalid("bad_address", $"\"allowed_ips\": \"{bad}\" is neither an address, nor a range such as 10.1.0.0/16, nor \"any\".");
        }

        if (draft.EndsAt <= time.GetUtcNow())
        {
            return No.Invalid("token_ended", "The token would have ended already.");
        }

        return await Users.UnknownLabel(store, draft.Labels, ct).ConfigureAwait(false) is { } unknown
            ? unknown
            : await Insert(unit, caller, user.Id, draft, Randoms.Token(), ct).ConfigureAwait(false);
    }

    public async ValueTask<Outcome<NewToken>> Regenerate(Unit unit, Caller caller, UserId userId, CancellationToken ct)
    {
        var owner = await Owner(caller, userId, ct).ConfigureAwait(false);
        if (!owner.Ok(out var user, out var refusal))
        {
            return refusal;
        }

        var old = await store.Select<TokenRow>(
            Query.For(Where.Is(nameof(TokenRow.UserId), user.Id) & Where.Is(nameof(TokenRow.Kind), TokenKinds.Automation) & Where.Is(nameof(TokenRow.Revoked), false)), ct).ConfigureAwait(false);
        foreach (var row in old)
        {
            Revoke(unit, caller, row.Id);
        }

        return await Insert(unit, caller, user.Id, new TokenDraft(), Randoms.Token(), ct).ConfigureAwait(false);
    }

    public async ValueTask<Outcome<Done>> Revoke(Unit unit, Caller caller, TokenId token, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        if (caller.ByToken)
        {
            return No.Deletes(caller);
        }

        if (await store.Find<TokenRow>(token.Value, ct).ConfigureAwait(false) is null)
        {
            return new Refusal(RefusalKind.NotFound, "unknown_token", "token item not found");
        }

        Revoke(unit, caller, token.Value);
        return default(Done);
    }

    /// <summary>Writes a token that is drawn or was handed over.</summary>
    public async ValueTask<NewToken> Insert(Unit unit, Caller caller, long userId, TokenDraft draft, string plain, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var id = store.NextId<TokenRow>();
        var row = new TokenRow
        {
            Id = id,
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            UserId = userId,
            Hash = Randoms.Digest(plain),
            Kind = draft.Kind,
            Name = draft.Name,
            Labels = Texts.Write(draft.Labels),
            AllowedIps = Texts.Write(draft.AllowedIps),
            EndsAt = draft.EndsAt,
            Sealed = await readable.Seal(id, plain, ct).ConfigureAwait(false),
        };
        unit.Insert(row);
        unit.Audit(caller, now, "created", "token", row.Id, content: new JsonObject { ["user"] = userId, ["kind"] = row.Kind, ["name"] = row.Name });
        unit.Afterward(known.Forget);
        return new NewToken(new TokenId(row.Id), plain);
    }

    private void Revoke(Unit unit, Caller caller, long id)
    {
        unit.Update<TokenRow>(id, null, (nameof(TokenRow.Revoked), true), (nameof(TokenRow.Sealed), null));
        unit.Audit(caller, time.GetUtcNow(), "revoked", "token", id);
        unit.Afterward(known.Forget);
    }

    private async ValueTask<Outcome<UserRow>> Owner(Caller caller, UserId userId, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        if (await store.Find<UserRow>(userId.Value, ct).ConfigureAwait(false) is not { } user)
        {
            return No.User;
        }

        var all = await known.Read(ct).ConfigureAwait(false);
        return Users.MayTouch(caller, all, user) is { } raises ? raises
            : user.Type != UserTypes.Automation ? No.Invalid("token_of_person", "Tokens belong to automation users; a person signs in.")
            : user;
    }
}
