using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>
/// Basic credentials that were verified a few minutes ago, as keyed digests: a client that sends them with every request costs one hash,
/// not thousands. The stored password is part of the digest, so that a changed one counts at once; the address is part of the key, so that
/// nobody else may guess at the speed of a digest.
/// </summary>
internal sealed class VerifiedBasics(AccessOptions options, TimeProvider time)
{
    private const int MostKept = 4096;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<(string User, string Address), (byte[] Digest, DateTimeOffset Until)> _kept = new();
    private readonly ConcurrentDictionary<(string User, string Address, string Digest), Lazy<Task<Outcome<KnownUser>>>> _underWay = new();

    public bool Knows(string user, string address, string stored, string password)
    {
        if (!_kept.TryGetValue((user, address), out var kept) || kept.Until <= time.GetUtcNow())
        {
            return false;
        }

        if (CryptographicOperations.FixedTimeEquals(kept.Digest, Digest(stored, password)))
        {
            return true;
        }

        // One wrong guess and the short way is closed, also to whoever shares the address.
        _kept.TryRemove((user, address), out _);
        return false;
    }

    public void Keep(string user, string address, string stored, string password)
    {
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        _kept[(user, address)] = (Digest(stored, password), time.GetUtcNow() + options.BasicKept);
    }

    /// <summary>What was verified of this user counts no more.</summary>
    public void Forget(string user)
    {
        foreach (var kept in _kept.Keys.Where(key => key.User == user))
        {
            _kept.TryRemove(kept, out _);
        }
    }

    /// <summary>
    /// The same credentials from the same address, while they are being checked, wait for that check instead of being an attempt and a hash of
    /// their own: a client that begins with fifty requests at once is one client, and who sends one guess fifty times learns one thing.
    /// </summary>
    /// <param name="check">Run once; not ended by a caller that goes away, since others may wait for it.</param>
    /// <param name="ct">Ends this caller's waiting.</param>
    public Task<Outcome<KnownUser>> Share(string user, string address, string stored, string password, Func<Task<Outcome<KnownUser>>> check, CancellationToken ct)
    {
        var key = (user, address, Convert.ToBase64String(Digest(stored, password)));
        return _underWay.GetOrAdd(key, key => new Lazy<Task<Outcome<KnownUser>>>(() => Checked(key, check))).Value.WaitAsync(ct);
    }

    private async Task<Outcome<KnownUser>> Checked((string User, string Address, string Digest) key, Func<Task<Outcome<KnownUser>>> check)
    {
        // Off the caller's stack, so that it is not taken off the list before it is on it.
        await Task.Yield();
        try
        {
            return await check().ConfigureAwait(false);
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    private byte[] Digest(string stored, string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{stored}\n{password}"));
}
