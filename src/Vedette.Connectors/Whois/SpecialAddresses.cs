using System.Net;

namespace Vedette.Connectors.Whois;

/// <summary>Addresses that no registry gives out, with the names the original gives them.</summary>
internal static class SpecialAddresses
{
    private static readonly (IPNetwork Network, string Name)[] All =
    [
        (IPNetwork.Parse("10.0.0.0/8"), "Private-Use Networks via RFC 1918"),
        (IPNetwork.Parse("172.16.0.0/12"), "Private-Use Networks via RFC 1918"),
        (IPNetwork.Parse("192.168.0.0/16"), "Private-Use Networks via RFC 1918"),
        (IPNetwork.Parse("127.0.0.0/8"), "Loopback via RFC 1122"),
        (IPNetwork.Parse("169.254.0.0/16"), "Link Local via RFC 3927"),
        (IPNetwork.Parse("224.0.0.0/4"), "Multicast via RFC 5771"),
        (IPNetwork.Parse("0.0.0.0/8"), "This Network via RFC 1122"),
        (IPNetwork.Parse("100.64.0.0/10"), "Shared Address Space via RFC 6598"),
        (IPNetwork.Parse("198.18.0.0/15"), "Benchmarking via RFC 2544"),
        (IPNetwork.Parse("240.0.0.0/4"), "Reserved via RFC 1112"),
        (IPNetwork.Parse("::/128"), "Unspecified Address via RFC 4291"),
        (IPNetwork.Parse("ff00::/8"), "Multicast via RFC 4291"),
        (IPNetwork.Parse("::1/128"), "Loopback via RFC 4291"),
        (IPNetwork.Parse("fc00::/7"), "Unique Local Unicast via RFC 4193"),
        (IPNetwork.Parse("fe80::/10"), "Link-Local Unicast via RFC 4291"),
    ];

    public static string? NameOf(IPAddress address) => All.Where(one => one.Network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)).Select(one => one.Name).FirstOrDefault();
}
