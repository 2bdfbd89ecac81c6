using System.Security.Cryptography;
using System.Text;

namespace Vedette.Engine.Hall;

/// <summary>
/// Seals a secret for one place, such as one field of one asset with one address (AES-256-GCM). Elsewhere it does not open.
/// The text is <c>v1.KEYID.BASE64</c> of nonce, ciphertext and tag.
/// </summary>
internal sealed class SecretSeal(ISecretKeys keys)
{
    private const string Version = "v1";
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public string Seal(string secret, byte[] place)
    {
        var key = keys.Current;
        var plain = Encoding.UTF8.GetBytes(secret);
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), place);
        CryptographicOperations.ZeroMemory(plain);
        return $"{Version}.{key.Id}.{Convert.ToBase64String(sealedBytes)}";
    }

    /// <summary>The secret, or null when it was not sealed for this place or its key is not here.</summary>
    public string? Open(string sealedText, byte[] place)
    {
        var parts = sealedText.Split('.');
        if (parts is not [Version, var id, var text] || keys.Find(id) is not { } key)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length < NonceBytes + TagBytes)
        {
            return null;
        }

        var all = bytes.AsSpan(0, length);
        var plain = new byte[length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key.Bytes, TagBytes);
        try
        {
            aes.Decrypt(all[..NonceBytes], all[NonceBytes..^TagBytes], all[^TagBytes..], plain, place);
        }
        catch (AuthenticationTagMismatchException)
        {
            // The library's way of saying: not for this place.
            return null;
        }

        var secret = Encoding.UTF8.GetString(plain);
        CryptographicOperations.ZeroMemory(plain);
        return secret;
    }

    /// <summary>What is shown in place of a secret. It depends on the ciphertext alone, which is new at every sealing.</summary>
    public static string Mask(string sealedText) => $"{MaskStart}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sealedText)))[..24]}";

    public const string MaskStart = "salt:";
}
