using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Vedette.Connectors.Whois;

/// <summary>The prefixes that make up a range, as registries write it: <c>first - last</c>.</summary>
internal static class Cidr
{
    private const int Most = 64;

    /// <summary>The prefixes, joined by commas; null for what is no range.</summary>
    public static string? Of(string range)
    {
        if (range.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.TryParse(range, out _) ? range : null;
        }

        var ends = range.Split('-', StringSplitOptions.TrimEntries);
        if (ends.Length != 2 || !IPAddress.TryParse(ends[0], out var first) || !IPAddress.TryParse(ends[1], out var last) || first.AddressFamily != last.AddressFamily)
        {
            return null;
        }

        var bits = first.GetAddressBytes().Length * 8;
        var (from, to) = (Number(first), Number(last));
        List<string> prefixes = [];
        while (from <= to && prefixes.Count < Most)
        {
            // The largest block that begins here and does not reach beyond the end.
            var size = from == 0 ? bits : Math.Min(bits, (int)UInt128.TrailingZeroCount(from));
            while (size > 0 && Reach(size) > to - from)
            {
                size--;
            }

            prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"{Address(from, bits)}/{bits - size}"));
            if (Reach(size) == to - from)
            {
                break;
            }

            from += Reach(size) + 1;
        }

        return prefixes.Count > 0 ? string.Join(", ", prefixes) : null;
    }

    /// <summary>From the first to the last address of a block. A shift by all 128 bits would shift by none.</summary>
    private static UInt128 Reach(int size) => size == 128 ? UInt128.MaxValue : (UInt128.One << size) - 1;

    private static UInt128 Number(IPAddress address) => address.GetAddressBytes().Aggregate(UInt128.Zero, (sum, octet) => (sum << 8) | octet);

    private static IPAddress Address(UInt128 number, int bits)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes.AsSpan(16 - (bits / 8)));
    }
}
