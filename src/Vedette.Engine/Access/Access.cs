using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

internal sealed class Access(Callers callers, Users users, Tokens tokens, ReadableTokens readable, Sessions sessions, SecondFactors factors, Seeding seeding, Snapshot<Known> known, TimeProvider time) : IAccess
{
    public ValueTask<Outcome<Caller>> ByToken(string token, string address, CancellationToken ct) => callers.ByToken(token, address, ct);

    public ValueTask<Outcome<Caller>> ByBasic(string user, string password, string address, string code, CancellationToken ct) =>
        callers.ByBasic(user, password, address, code, ct);

    public ValueTask<Outcome<Caller>> BySession(string cookie, string? csrf, bool changing, string address, CancellationToken ct) =>
        callers.BySession(cookie, csrf, changing, address, ct);

    public ValueTask<Outcome<Caller>> ForRun(UserId user, PlaybookRunId run, string causedBy, CancellationToken ct) =>
        callers.ForRun(user, run, causedBy, ct);

    public async ValueTask<Outcome<SignedIn>> SignIn(Unit unit, string user, string password, string address, string code, CancellationToken ct)
    {
        var verified = await callers.ByPassword(user, password, address, code, ct, fresh: true).ConfigureAwait(false);
        if (verified.Ok(out var found, out var refusal))
        {
            return sessions.Open(unit, found, Callers.CallerOf(found, Channel.Console, address));
        }

        // Attempts that were sent away before a hash leave no row: a flood would fill the record.
        if (refusal.Kind == RefusalKind.Unauthenticated)
        {
            var all = await known.Read(ct).ConfigureAwait(false);
            sessions.Refused(unit, all.ByName.GetValueOrDefault(user.Trim().ToLowerInvariant()), address, refusal);
        }

        return refusal;
    }

    public async ValueTask<Outcome<Done>> SignOut(Unit unit, Caller caller, string cookie, CancellationToken ct)
    {
        await sessions.End(unit, caller, cookie, ct).ConfigureAwait(false);
        return default(Done);
    }

    public async ValueTask<Outcome<Done>> SignOutEverywhere(Unit unit, Caller caller, UserId user, CancellationToken ct)
    {
        if (user.Value != caller.UserId && caller.Lacks(Permissions.EditUsers) is { } lacks)
        {
            return lacks;
        }

        if (caller.Run is not null || !(await known.Read(ct).ConfigureAwait(false)).ById.ContainsKey(user.Value))
        {
            return caller.Run is not null ? new Refusal(RefusalKind.Forbidden, "person_needed", "No run ends sessions.") : No.User;
        }

        await sessions.EndAll(unit, user.Value, ct).ConfigureAwait(false);
        unit.Audit(caller, time.GetUtcNow(), "signed_out_everywhere", "ph_user", user.Value);
        return default(Done);
    }

    public ValueTask<Outcome<NewSecondFactor>> BeginSecondFactor(Unit unit, Caller caller, CancellationToken ct) => factors.Begin(unit, caller, ct);

    public ValueTask<Outcome<Done>> ConfirmSecondFactor(Unit unit, Caller caller, string code, CancellationToken ct) => factors.Confirm(unit, caller, code, ct);

    public ValueTask<Outcome<Done>> RemoveSecondFactor(Unit unit, Caller caller, UserId user, string code, CancellationToken ct) => factors.Remove(unit, caller, user, code, ct);

    public ValueTask<Outcome<UserId>> CreateUser(Unit unit, Caller caller, UserDraft draft, CancellationToken ct) =>
        users.Create(unit, caller, draft, ct);

    public ValueTask<Outcome<Done>> ChangeUser(Unit unit, Caller caller, UserId user, UserDraft draft, CancellationToken ct) =>
        users.Change(unit, caller, user, draft, ct);

    public ValueTask<Outcome<Done>> DeactivateUser(Unit unit, Caller caller, UserId user, CancellationToken ct) => caller.ByToken
        ? ValueTask.FromResult<Outcome<Done>>(caller.Lacks(Permissions.EditUsers) ?? No.Deletes(caller))
        : users.Change(unit, caller, user, new UserDraft { IsActive = false }, ct);

    public ValueTask<Outcome<Done>> ChangePassword(Unit unit, Caller caller, UserId user, string? oldPassword, string newPassword, CancellationToken ct) =>
        users.ChangePassword(unit, caller, user, oldPassword, newPassword, ct);

    public ValueTask<Outcome<NewToken>> AddToken(Unit unit, Caller caller, UserId user, TokenDraft draft, CancellationToken ct) =>
        tokens.Add(unit, caller, user, draft, ct);

    public ValueTask<Outcome<NewToken>> RegenerateToken(Unit unit, Caller caller, UserId user, CancellationToken ct) =>
        tokens.Regenerate(unit, caller, user, ct);

    public ValueTask<Outcome<NewToken>> ReadToken(Unit unit, Caller caller, UserId user, CancellationToken ct) =>
        readable.Read(unit, caller, user, ct);

    public ValueTask<bool> TokensReadable(CancellationToken ct) => readable.Kept(ct);

    public ValueTask<Outcome<Done>> MakeTokensReadable(Unit unit, Caller caller, bool on, CancellationToken ct) =>
        readable.Switch(unit, caller, on, ct);

    public ValueTask<Outcome<Done>> RevokeToken(Unit unit, Caller caller, TokenId token, CancellationToken ct) =>
        tokens.Revoke(unit, caller, token, ct);

    public ValueTask<Outcome<FirstStart>> FirstStart(Unit unit, string? adminPassword, string? automationToken, CancellationToken ct) =>
        seeding.Seed(unit, adminPassword, automationToken, ct);
}
