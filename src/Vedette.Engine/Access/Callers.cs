using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>Turns credentials into callers.</summary>
internal sealed class Callers(IStore store, Snapshot<Known> known, Passwords passwords, SecondFactors factors, Attempts attempts, VerifiedBasics basics, Sessions sessions, TimeProvider time, ILogger<Callers> log)
{
    private static readonly TimeSpan UseIsNotedEvery = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, DateTimeOffset> _noted = new();

    public async ValueTask<Outcome<Caller>> ByToken(string token, string address, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(token))
        {
            return No.Credentials;
        }

        var all = await known.Read(ct).ConfigureAwait(false);
        var now = time.GetUtcNow();
        if (!all.ByTokenDigest.TryGetValue(Randoms.Digest(token), out var found)
            || found.Row.EndsAt <= now
            || !all.ById.TryGetValue(found.Row.UserId, out var user))
        {
            return No.Token;
        }

        if (!user.Row.IsActive)
        {
            return No.Inactive;
        }

        if (!AllowedAddresses.Allow(user.AllowedIps, address)
            || (found.AllowedIps.Count > 0 && !AllowedAddresses.Allow(found.AllowedIps, address)))
        {
            log.LogWarning("Token {Token} of {User} was used from {Address}, which is not among its allowed addresses.", found.Row.Id, user.Row.Username, address);
            return No.Token;
        }

        await NoteUse(found.Row, now, ct).ConfigureAwait(false);
        var intake = found.Row.Kind == TokenKinds.Intake;
        return CallerOf(user, Channel.Rest, address) with
        {
            ByToken = true,
            May = intake ? user.May & TokenKinds.IntakeMay : user.May,
            OnlyLabels = intake ? found.Labels : null,
        };
    }

    public async ValueTask<Outcome<Caller>> ByBasic(string user, string password, string address, string code, CancellationToken ct)
    {
        if (user.Length == 0)
        {
            return await ByToken(password, address, ct).ConfigureAwait(false);
        }

        var verified = await ByPassword(user, password, address, code, ct).ConfigureAwait(false);
        return verified.Ok(out var found, out var refusal) ? CallerOf(found, Channel.Rest, address) : refusal;
    }

    /// <summary>The person a name and password belong to, with the code of the second factor where one is set up.</summary>
    /// <param name="fresh">A code that is remembered from before does not do.</param>
    public async ValueTask<Outcome<KnownUser>> ByPassword(string user, string password, string address, string code, CancellationToken ct, bool fresh = false)
    {
        if (password.Length is 0 or > Passwords.Longest || user.Length > 256 || code.Length > 32)
        {
            return No.Password;
        }

        var name = user.Trim().ToLowerInvariant();
        var all = await known.Read(ct).ConfigureAwait(false);
        var found = all.ByName.GetValueOrDefault(name);
        var stored = found?.Row.PasswordHash;
        if (fresh && code.Length > 0)
        {
            // A session lasts: a code opens one, not as many as are asked for while it is remembered.
            return await Verify(name, password, code, address, found, fresh).ConfigureAwait(false);
        }

        if (found is not null && stored is not null && basics.Knows(name, address, stored, With(password, code)))
        {
            return found.Row.IsActive ? found : No.Inactive;
        }

        return await basics.Share(name, address, stored ?? passwords.Nobody, With(password, code), () => Verify(name, password, code, address, found), ct).ConfigureAwait(false);
    }

    /// <summary>What was verified once and is remembered for minutes is both: a code that was right is no pass for another.</summary>
    private static string With(string password, string code) => $"{password}\n{code}";

    private async Task<Outcome<KnownUser>> Verify(string name, string password, string code, string address, KnownUser? found, bool fresh = false)
    {
        var stored = found?.Row.PasswordHash;
        // Another check may have ended between the look and this.
        if (fresh || found is null || stored is null || !basics.Knows(name, address, stored, With(password, code)))
        {
            if (attempts.Begin(name, address) is { } wait)
            {
                return No.Slow(wait);
            }

            if (await passwords.Verify(stored ?? passwords.Nobody, password, CancellationToken.None).ConfigureAwait(false) is not { } right)
            {
                return No.Busy;
            }

            if (!right || found is null || stored is null)
            {
                return No.Password;
            }

            if (await factors.Check(found.Row, code, CancellationToken.None).ConfigureAwait(false) is { } second)
            {
                return second;
            }

            attempts.Succeeded(name, address);
            basics.Keep(name, address, stored, With(password, code));
        }

        return found.Row.IsActive ? found : No.Inactive;
    }

    public async ValueTask<Outcome<Caller>> BySession(string cookie, string? csrf, bool changing, string address, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(cookie))
        {
            return No.Credentials;
        }

        var session = await sessions.Find(cookie, ct).ConfigureAwait(false);
        var all = await known.Read(ct).ConfigureAwait(false);
        if (session is null || !all.ById.TryGetValue(session.UserId, out var user))
        {
            return No.Session;
        }

        if (!user.Row.IsActive)
        {
            return No.Inactive;
        }

        if (changing && !CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(session.CsrfHash),
            Encoding.ASCII.GetBytes(Randoms.Digest(csrf ?? ""))))
        {
            return No.Csrf;
        }

        return CallerOf(user, Channel.Console, address);
    }

    public async ValueTask<Outcome<Caller>> ForRun(UserId userId, PlaybookRunId run, string causedBy, CancellationToken ct)
    {
        var all = await known.Read(ct).ConfigureAwait(false);
        if (!all.ById.TryGetValue(userId.Value, out var user))
        {
            return No.User;
        }

        if (!user.Row.IsActive)
        {
            return No.Inactive;
        }

        var caller = CallerOf(user, Channel.Playbook, "");
        return caller with { May = caller.May & ~Permissions.NeverForRuns, Run = run, CausedBy = causedBy };
    }

    /// <summary>Somebody whose password others know may do nothing but change it.</summary>
    public static Caller CallerOf(KnownUser user, Channel channel, string address) => new()
    {
        UserId = user.Row.Id,
        Username = user.Row.Username,
        May = user.Row.MustChangePassword ? Permissions.None : user.May,
        Channel = channel,
        Address = address,
        TenantId = user.Row.TenantId,
        DefaultLabel = user.Row.DefaultLabel,
        MustChangePassword = user.Row.MustChangePassword,
    };

    private async ValueTask NoteUse(TokenRow token, DateTimeOffset now, CancellationToken ct)
    {
        var last = _noted.GetOrAdd(token.Id, token.LastUsedAt ?? DateTimeOffset.MinValue);
        if (now - last < UseIsNotedEvery || !_noted.TryUpdate(token.Id, now, last))
        {
            return;
        }

        var unit = new Unit();
        unit.Update<TokenRow>(token.Id, null, (nameof(TokenRow.LastUsedAt), now));
        var commit = await store.Commit(unit, ct).ConfigureAwait(false);
        if (!commit.IsDone)
        {
            // The request goes on: that a token was used is told by the audit rows of what it did.
            log.LogWarning("The last use of token {Token} could not be noted: {Kind} {What}", token.Id, commit.Kind, commit.What);
        }
    }
}
