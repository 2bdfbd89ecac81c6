using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

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

    private byte[] Digest(string stored, string password) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{stored}\n{password}"));
}
