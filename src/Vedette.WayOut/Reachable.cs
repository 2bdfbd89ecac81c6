using System.Net;
using System.Net.Sockets;

namespace Vedette.WayOut;

/// <summary>What kind of place an address is. Decided on bytes, never on how somebody spelt it.</summary>
public enum Place
{
    /// <summary>On the internet.</summary>
    Public,

    /// <summary>Loopback, private, link-local or otherwise not routed: only for hosts that the asset names.</summary>
    Internal,

    /// <summary>Metadata services, multicast and the unspecified address: only if the asset names this very address.</summary>
    Special,
}

/// <summary>Tells places apart.</summary>
public static class Reachable
{
    private static readonly IPNetwork[] InternalNetworks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"),
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork[] SpecialNetworks =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"), IPNetwork.Parse("ff00::/8"),
        // The metadata services of the large clouds.
        IPNetwork.Parse("169.254.169.254/32"), IPNetwork.Parse("169.254.170.2/32"), IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("fd00:ec2::254/128"),
    ];

    private static readonly IPNetwork RoutedV6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork V4Compatible = IPNetwork.Parse("::/96");

    public static Place Of(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = Plain(address);
        if (Any(SpecialNetworks, plain) || plain.Equals(IPAddress.IPv6Any))
        {
            return Place.Special;
        }

        if (Any(InternalNetworks, plain))
        {
            return Place.Internal;
        }

        return plain.AddressFamily == AddressFamily.InterNetwork || RoutedV6.Contains(plain) ? Place.Public : Place.Internal;
    }

    /// <summary>The address itself: an IPv4 address that travels inside an IPv6 one is taken out.</summary>
    public static IPAddress Plain(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        // A scope would hide the address from every comparison.
        var bytes = address.GetAddressBytes();
        var bare = new IPAddress(bytes);
        if (Nat64.Contains(bare))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        if (SixToFour.Contains(bare))
        {
            return new IPAddress(bytes.AsSpan(2, 4));
        }

        return V4Compatible.Contains(bare) && !bare.Equals(IPAddress.IPv6Any) && !bare.Equals(IPAddress.IPv6Loopback)
            ? new IPAddress(bytes.AsSpan(12, 4))
            : bare;
    }

    private static bool Any(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
