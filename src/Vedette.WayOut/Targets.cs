using System.Net;
using Vedette.Sdk;

namespace Vedette.WayOut;

/// <summary>What an asset may reach, in normal spelling.</summary>
internal sealed class Targets
{
    private readonly HashSet<string> _hosts;
    private readonly HashSet<(string Host, int Port)> _ports;

    public Targets(WayOutScope scope)
    {
        _hosts = scope.Targets.Select(Host.Normal).ToHashSet(StringComparer.Ordinal);
        _ports = scope.Targets.Select(target => (Host.Normal(target), Host.Port(target))).Where(named => named.Item2 > 0).ToHashSet();
        PublicToo = scope.PublicToo;
        Key = $"{scope.Asset}\n{PublicToo}\n{string.Join('\n', _hosts.Concat(_ports.Select(named => $"{named.Host} {named.Port}")).Order(StringComparer.Ordinal))}";
    }

    public bool PublicToo { get; }

    /// <summary>Equal for equal scopes.</summary>
    public string Key { get; }

    public bool Name(string host) => _hosts.Contains(Host.Normal(host));

    /// <summary>Whether a target names this host together with this port.</summary>
    public bool NamePort(string host, int port) => _ports.Contains((Host.Normal(host), port));

    public bool NameAddress(IPAddress address) => _hosts.Contains(Reachable.Plain(address).ToString());
}
