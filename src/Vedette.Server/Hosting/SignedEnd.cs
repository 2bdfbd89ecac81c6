using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vedette.Engine.Audit;

namespace Vedette.Server.Hosting;

/// <summary>
/// An end of the record as a signed line: <c>vedette-end-1 CHAIN NUMBER HASH TIME KEY SIGNATURE</c>. Kept where the server cannot reach it,
/// it shows a tail that was cut off and a chain that was written anew, also to who trusts neither server nor database.
/// </summary>
public static class SignedEnd
{
    private const string Form = "vedette-end-1";

    public static string Sign(ECDsa key, string chain, long number, string hash, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(key);
        var said = string.Create(CultureInfo.InvariantCulture, $"{Form} {chain} {number} {hash} {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {Id(key)}");
        return $"{said} {Convert.ToBase64String(key.SignData(Encoding.UTF8.GetBytes(said), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The end that a line says, or null where this key has not signed it. What stands before it in a line, such as a head of syslog, is passed over.</summary>
    public static AuditCheckpoint? Read(string line, ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(key);
        var from = line.IndexOf(Form, StringComparison.Ordinal);
        if (from < 0 || line[from..].TrimEnd().Split(' ') is not [Form, var chain, var number, { Length: 64 } hash, _, _, var signature] parts
            || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at))
        {
            return null;
        }

        var bytes = new byte[signature.Length];
        return Convert.TryFromBase64String(signature, bytes, out var length) && key.VerifyData(Encoding.UTF8.GetBytes(string.Join(' ', parts[..^1])), bytes.AsSpan(0, length), HashAlgorithmName.SHA256)
            ? new AuditCheckpoint(chain, at, hash)
            : null;
    }

    /// <summary>16 hex digits that tell keys apart.</summary>
    public static string Id(ECDsa key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
    }
}
