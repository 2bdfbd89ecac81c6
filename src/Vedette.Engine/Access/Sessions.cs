using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>Signed-in browsers: opened, found by their cookie, ended.</summary>
internal sealed class Sessions(IStore store, AccessOptions options, TimeProvider time)
{
    private const int MostKept = 4096;

    private readonly ConcurrentDictionary<string, (SessionRow Row, DateTimeOffset ReadAt)> _kept = new(StringComparer.Ordinal);

    /// <summary>The session of a cookie that has not ended, or null.</summary>
    public async ValueTask<SessionRow?> Find(string cookie, CancellationToken ct)
    {
        var digest = Randoms.Digest(cookie);
        var now = time.GetUtcNow();
        if (!_kept.TryGetValue(digest, out var kept) || now - kept.ReadAt >= options.KnownFor)
        {
            var rows = await store.Select<SessionRow>(Query.For(Where.Is(nameof(SessionRow.Hash), digest)), ct).ConfigureAwait(false);
            if (rows is not [var row])
            {
                return null;
            }

            kept = (row, now);
            if (_kept.Count >= MostKept)
            {
                _kept.Clear();
            }

            _kept[digest] = kept;
        }

        return kept.Row.Ended || kept.Row.EndsAt <= now ? null : kept.Row;
    }

    public SignedIn Open(Unit unit, KnownUser user, Caller caller)
    {
        var now = time.GetUtcNow();
        var (cookie, csrf) = (Randoms.Cookie(), Randoms.Cookie());
        var row = new SessionRow
        {
            Id = store.NextId<SessionRow>(),
            UserId = user.Row.Id,
            Hash = Randoms.Digest(cookie),
            CsrfHash = Randoms.Digest(csrf),
            CreatedAt = now,
            EndsAt = now + options.SessionLasts,
        };
        unit.Insert(row);
        unit.Audit(caller, now, "signed_in", "session", row.Id);
        return new SignedIn(caller, cookie, csrf, row.EndsAt, user.Row.MustChangePassword);
    }

    /// <summary>Writes down an attempt that failed. A name nobody has is not written: it may be a password in the wrong field.</summary>
    public void Refused(Unit unit, KnownUser? user, string address, Refusal why)
    {
        var nobody = new Caller { UserId = user?.Row.Id ?? 0, Username = user?.Row.Username ?? "unknown", May = Permissions.None, Channel = Channel.Console, Address = address };
        unit.Audit(nobody, time.GetUtcNow(), "refused_sign_in", "session", null, content: new JsonObject { ["why"] = why.Code });
    }

    public async ValueTask End(Unit unit, Caller caller, string cookie, CancellationToken ct)
    {
        if (await Find(cookie, ct).ConfigureAwait(false) is { } row && row.UserId == caller.UserId)
        {
            unit.Update<SessionRow>(row.Id, null, (nameof(SessionRow.Ended), true));
            unit.Audit(caller, time.GetUtcNow(), "signed_out", "session", row.Id);
            unit.Afterward(() => _kept.TryRemove(row.Hash, out _));
        }
    }

    /// <summary>Ends all sessions of a user: a new password, a lost right, a farewell.</summary>
    public async ValueTask EndAll(Unit unit, long userId, CancellationToken ct)
    {
        var open = await store.Select<SessionRow>(
            Query.For(Where.Is(nameof(SessionRow.UserId), userId) & Where.Is(nameof(SessionRow.Ended), false)), ct).ConfigureAwait(false);
        foreach (var row in open)
        {
            unit.Update<SessionRow>(row.Id, null, (nameof(SessionRow.Ended), true));
            unit.Afterward(() => _kept.TryRemove(row.Hash, out _));
        }
    }
}
