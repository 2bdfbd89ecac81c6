using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>The second factor of people: set up by themselves, confirmed by a first code, asked for beside the password from then on.</summary>
internal sealed class SecondFactors(IStore store, Snapshot<Known> known, SecretSeal seal, VerifiedBasics basics, TimeProvider time)
{
    /// <summary>Why this code does not do beside the right password; null where it does, or where nothing is set up.</summary>
    public async ValueTask<Refusal?> Check(UserRow user, string code, CancellationToken ct)
    {
        if (await Of(user.Id, ct).ConfigureAwait(false) is not { Confirmed: true } row)
        {
            return null;
        }

        if (code.Length == 0)
        {
            return No.SecondFactor;
        }

        if (Step(row, code) is not { } step)
        {
            return No.Code;
        }

        // A code counts once: of two who bring it at the same time the version lets one through.
        var unit = new Unit();
        unit.Update<SecondFactorRow>(row.Id, row.Version, (nameof(row.LastStep), step));
        return (await store.Commit(unit, ct).ConfigureAwait(false)).Kind switch
        {
            CommitKind.Done => null,
            CommitKind.Unavailable => No.Busy,
            _ => No.Code,
        };
    }

    /// <summary>Draws a key for the caller; it counts only once it is confirmed.</summary>
    public async ValueTask<Outcome<NewSecondFactor>> Begin(Unit unit, Caller caller, CancellationToken ct)
    {
        if (Person(caller) is { } refusal)
        {
            return refusal;
        }

        var before = await Of(caller.UserId, ct).ConfigureAwait(false);
        if (before is { Confirmed: true })
        {
            return new Refusal(RefusalKind.Conflict, "has_second_factor", "A second factor is set up already: remove it first.");
        }

        var (now, key) = (time.GetUtcNow(), RandomNumberGenerator.GetBytes(Totp.KeyBytes));
        var sealedKey = seal.Seal(Convert.ToBase64String(key), Place(caller.UserId));
        if (before is null)
        {
            unit.Insert(new SecondFactorRow { Id = store.NextId<SecondFactorRow>(), TenantId = caller.TenantId, CreatedAt = now, UpdatedAt = now, UserId = caller.UserId, Sealed = sealedKey });
        }
        else
        {
            unit.Update<SecondFactorRow>(before.Id, before.Version, (nameof(before.Sealed), sealedKey));
        }

        unit.Audit(caller, now, "began", "second_factor", caller.UserId);
        var secret = Totp.Base32(key);
        return new NewSecondFactor(secret, $"otpauth://totp/Vedette:{Uri.EscapeDataString(caller.Username)}?secret={secret}&issuer=Vedette");
    }

    public async ValueTask<Outcome<Done>> Confirm(Unit unit, Caller caller, string code, CancellationToken ct)
    {
        if (Person(caller) is { } refusal)
        {
            return refusal;
        }

        if (await Of(caller.UserId, ct).ConfigureAwait(false) is not { Confirmed: false } row)
        {
            return new Refusal(RefusalKind.Conflict, "nothing_begun", "There is no second factor that waits to be confirmed: begin with one.");
        }

        if (Step(row, code) is not { } step)
        {
            return No.Invalid("wrong_code", "This is not the code of now. Compare the clocks of this server and of the device.");
        }

        unit.Update<SecondFactorRow>(row.Id, row.Version, (nameof(row.Confirmed), true), (nameof(row.LastStep), step));
        unit.Audit(caller, time.GetUtcNow(), "set_up", "second_factor", caller.UserId);
        unit.Afterward(() => basics.Forget(caller.Username));
        return default(Done);
    }

    /// <summary>One's own with a code of it; somebody else's by who may edit users.</summary>
    public async ValueTask<Outcome<Done>> Remove(Unit unit, Caller caller, UserId user, string code, CancellationToken ct)
    {
        var own = user.Value == caller.UserId;
        if ((own ? Person(caller) : caller.LacksInPerson(Permissions.EditUsers)) is { } refusal)
        {
            return refusal;
        }

        var all = await known.Read(ct).ConfigureAwait(false);
        if (!all.ById.TryGetValue(user.Value, out var whose))
        {
            return No.User;
        }

        if (!own && Users.MayTouch(caller, all, whose.Row) is { } raises)
        {
            return raises;
        }

        if (await Of(user.Value, ct).ConfigureAwait(false) is not { } row)
        {
            return new Refusal(RefusalKind.NotFound, "no_second_factor", "second_factor item not found");
        }

        if (own && row.Confirmed && Step(row, code) is null)
        {
            return No.Invalid("wrong_code", "Removing it takes a new code of it. Where the device is lost, somebody who may edit users removes it.");
        }

        unit.Expect<SecondFactorRow>(row.Id, row.Version);
        unit.Delete<SecondFactorRow>(row.Id);
        unit.Audit(caller, time.GetUtcNow(), "removed", "second_factor", user.Value, content: new JsonObject { ["user"] = whose.Row.Username });
        return default(Done);
    }

    private static Refusal? Person(Caller caller) => caller.ByToken || caller.Run is not null || caller.UserId == 0
        ? new Refusal(RefusalKind.Forbidden, "person_needed", "A token does not have permission here: a second factor is a person's, signed in with name and password.")
        : caller.MustChangePassword ? caller.Lacks(Permissions.ViewEvents) : null;

    private static byte[] Place(long user) => Encoding.UTF8.GetBytes($"vedette second factor\n{user.ToString(CultureInfo.InvariantCulture)}");

    private long? Step(SecondFactorRow row, string code) =>
        seal.Open(row.Sealed, Place(row.UserId)) is { } key ? Totp.Step(Convert.FromBase64String(key), code, time.GetUtcNow(), row.LastStep) : null;

    private async ValueTask<SecondFactorRow?> Of(long user, CancellationToken ct) =>
        await store.Select<SecondFactorRow>(Query.For(Where.Is(nameof(SecondFactorRow.UserId), user)), ct).ConfigureAwait(false) is [var row] ? row : null;
}
