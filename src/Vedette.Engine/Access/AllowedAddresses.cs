using System.Net;

namespace Vedette.Engine.Access;

/// <summary>Lists of addresses and ranges. <c>any</c> is every address; an empty list is nobody.</summary>
internal static class AllowedAddresses
{
    public const string Any = "any";

    public static IReadOnlyList<string> Loopback { get; } = ["127.0.0.1", "::1"];

    public static bool IsUsable(string entry) =>
        entry == Any || IPAddress.TryParse(entry, out _) || IPNetwork.TryParse(entry, out _);

    public static bool Allow(IReadOnlyList<string> list, string address)
    {
        if (list.Contains(Any, StringComparer.Ordinal))
        {
            return true;
        }

        if (!IPAddress.TryParse(address, out var from))
        {
            return false;
        }

        // A dual-stack socket shows an IPv4 client as ::ffff:a.b.c.d, which no list of people contains.
        from = from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from;
        return list.Any(entry => IPAddress.TryParse(entry, out var one)
            ? one.Equals(from)
            : IPNetwork.TryParse(entry, out var range) && range.Contains(from));
    }
}
