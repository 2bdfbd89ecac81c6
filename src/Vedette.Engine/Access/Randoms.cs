using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vedette.Engine.Access;

/// <summary>Tokens, cookies and made-up passwords: 256 bits drawn, SHA-256 stored.</summary>
internal static class Randoms
{
    /// <summary>As the field's tokens look: Base64 with its plus, slash and equals.</summary>
    public static string Token() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static string Cookie() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>20 signs that nobody confuses when reading them off a screen: 100 bits.</summary>
    public static string Password() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);

    /// <summary>A drawn value has enough chance in it: a plain digest cannot be guessed back.</summary>
    public static string Digest(string drawn) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(drawn)));
}
