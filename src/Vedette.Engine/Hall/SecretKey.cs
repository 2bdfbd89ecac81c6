using System.Security.Cryptography;

namespace Vedette.Engine.Hall;

/// <summary>A 256-bit key and its id, which is derived from it and says nothing about it.</summary>
public sealed class SecretKey
{
    private readonly byte[] _bytes;

    public SecretKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32)
        {
            throw new ArgumentException("A key for secrets has 32 bytes.", nameof(bytes));
        }

        _bytes = bytes.ToArray();
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(_bytes, "vedette secret key id"u8)[..8]);
    }

    /// <summary>16 hex digits.</summary>
    public string Id { get; }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    public static SecretKey Draw() => new(RandomNumberGenerator.GetBytes(32));

    public override string ToString() => $"secret key {Id}";
}
