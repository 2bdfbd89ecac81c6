using System.Globalization;
using System.Security.Cryptography;

namespace Vedette.Engine.Access;

/// <summary>Hashes of passwords: PBKDF2 with SHA-256, a bounded number at once.</summary>
internal sealed class Passwords(AccessOptions options) : IDisposable
{
    /// <summary>A longer text is no password: nobody's, and nothing to spend time on.</summary>
    public const int Longest = 1024;

    public const int Shortest = 12;

    private const string Scheme = "pbkdf2-sha256";

    private readonly SemaphoreSlim _room = new(options.HashesAtOnce);
    private long _computed;
    private int _waiting;

    /// <summary>Hashes computed since start.</summary>
    public long Computed => Interlocked.Read(ref _computed);

    /// <summary>What to compare with for an unknown user, so that it takes as long as a known one.</summary>
    public string Nobody { get; } = $"{Scheme}${options.PasswordRounds}${Convert.ToBase64String(new byte[16])}${Convert.ToBase64String(new byte[32])}";

    /// <summary>The stored form of a new password; null when too many are at it.</summary>
    public async ValueTask<string?> Hash(string password, CancellationToken ct)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return await Compute(password, salt, options.PasswordRounds, ct).ConfigureAwait(false) is { } hash
            ? $"{Scheme}${options.PasswordRounds.ToString(CultureInfo.InvariantCulture)}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}"
            : null;
    }

    /// <summary>Whether the password belongs to the stored form; null when too many are at it.</summary>
    public async ValueTask<bool?> Verify(string stored, string password, CancellationToken ct)
    {
        var parts = stored.Split('$');
        if (parts.Length != 4 || parts[0] != Scheme)
        {
            throw new InvalidOperationException("A stored password has a form this version does not know.");
        }

        var rounds = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return await Compute(password, Convert.FromBase64String(parts[2]), rounds, ct).ConfigureAwait(false) is { } hash
            ? CryptographicOperations.FixedTimeEquals(hash, Convert.FromBase64String(parts[3]))
            : null;
    }

    public void Dispose() => _room.Dispose();

    private async ValueTask<byte[]?> Compute(string password, byte[] salt, int rounds, CancellationToken ct)
    {
        if (Interlocked.Increment(ref _waiting) > options.HashesAtOnce + options.HashesWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _room.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                Interlocked.Increment(ref _computed);
                return await Task.Run(() => Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, 32), ct).ConfigureAwait(false);
            }
            finally
            {
                _room.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
