using System.Net;
using System.Net.Sockets;

namespace Vedette.Model;

/// <summary>Questions about IP addresses and networks. Whatever else is handed in is answered with no.</summary>
public static class Networks
{
    public static bool IsIp(string? text) => Address(text) is not null;

    /// <summary>Whether it is a network in CIDR form; host bits may be set.</summary>
    public static bool IsNetwork(string? text) => Network(text) is not null;

    /// <summary>Whether the address lies in the network; a network without a length is that one address.</summary>
    public static bool Contains(string? network, string? address)
    {
        if (Address(address) is not { } inside)
            return false;
        if (Network(network) is { } net)
            return Holds(net, inside);
        return Address(network) is { } single && single == inside;
    }

    internal static bool Holds((UInt128 Bits, bool V6, int Length) network, (UInt128 Bits, bool V6) address)
    {
        if (network.V6 != address.V6)
            return false;
        var shift = (network.V6 ? 128 : 32) - network.Length;
        return shift >= 128 || network.Bits >> shift == address.Bits >> shift;
    }

    internal static (UInt128 Bits, bool V6)? Address(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 45)
            return null;
        if (text.Contains(':', StringComparison.Ordinal))
            return V6(text);
        return V4(text) is { } four ? (four, false) : null;
    }

    internal static (UInt128 Bits, bool V6, int Length)? Network(string? text)
    {
        var cut = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (cut <= 0 || Address(text![..cut]) is not { } address)
            return null;
        var length = Length(text[(cut + 1)..], address.V6);
        return length < 0 ? null : (address.Bits, address.V6, length);
    }

    private static int Length(string text, bool v6)
    {
        if (text.Length is > 0 and < 4 && text.All(char.IsAsciiDigit))
        {
            var length = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            return length <= (v6 ? 128 : 32) ? length : -1;
        }
        // 10.0.0.0/255.0.0.0
        if (v6 || V4(text) is not { } mask)
            return -1;
        var ones = System.Numerics.BitOperations.PopCount(mask);
        return ones == 0 || mask == uint.MaxValue << (32 - ones) ? ones : -1;
    }

    private static uint? V4(string text)
    {
        uint bits = 0;
        var parts = 0;
        foreach (var range in text.AsSpan().Split('.'))
        {
            var part = text.AsSpan(range);
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || part.ContainsAnyExceptInRange('0', '9'))
                return null;
            var value = uint.Parse(part, System.Globalization.CultureInfo.InvariantCulture);
            if (value > 255)
                return null;
            bits = (bits << 8) | value;
        }
        return parts == 4 ? bits : null;
    }

    private static (UInt128 Bits, bool V6)? V6(string text)
    {
        if (text.AsSpan().IndexOfAny("[]%/") >= 0 || !IPAddress.TryParse(text, out var address)
            || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), true);
    }
}
