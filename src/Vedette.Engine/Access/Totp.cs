using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Vedette.Engine.Access;

/// <summary>Codes of six digits, one each half minute, as authenticator apps make them (RFC 6238).</summary>
internal static class Totp
{
    public const int KeyBytes = 20;
    private const int Seconds = 30;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The step whose code this is: now, or one before or after, as clocks differ; null for none, or one that was used.</summary>
    /// <param name="last">The newest step whose code was used; one of it or before counts no more.</param>
    public static long? Step(byte[] key, string code, DateTimeOffset now, long last)
    {
        var current = now.ToUnixTimeSeconds() / Seconds;
        var given = Encoding.UTF8.GetBytes(code.Replace(" ", "", StringComparison.Ordinal));
        long? found = null;
        for (var step = current - 1; step <= current + 1; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Code(key, step))) && step > last)
            {
                found = step;
            }
        }

        return found;
    }

    public static string Code(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // Authenticator apps know no other; it is a keyed digest, whose strength does not rest on collisions.
        var digest = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var at = digest[^1] & 0x0f;
        var number = (BinaryPrimitives.ReadInt32BigEndian(digest.AsSpan(at, 4)) & 0x7fffffff) % 1_000_000;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }

    public static string Base32(byte[] bytes)
    {
        var text = new StringBuilder();
        var (bits, held) = (0, 0);
        foreach (var one in bytes)
        {
            (bits, held) = ((bits << 8) | one, held + 8);
            while (held >= 5)
            {
                held -= 5;
                text.Append(Letters[(bits >> held) & 31]);
            }

            bits &= (1 << held) - 1;
        }

        return held == 0 ? text.ToString() : text.Append(Letters[(bits << (5 - held)) & 31]).ToString();
    }
}
