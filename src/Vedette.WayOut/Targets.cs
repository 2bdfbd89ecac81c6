using System.Net;
using Vedette.Sdk;

namespace Vedette.WayOut;

/// <summary>What an asset may reach, in normal spelling.</summary>
internal sealed class Targets
{
    private readonly HashSet<string> _hosts;

    public Targets(WayOutScope scope)
    {
        _hosts = scope.Targets.Select(Host.Normal).ToHashSet(StringComparer.Ordinal);
        PublicToo = scope.PublicToo;
        Key = $"{scope.Asset}\n{PublicToo}\n{string.Join('\n', _hosts.Order(StringComparer.Ordinal))}";
    }

    public bool PublicToo { get; }

    /// <summary>Equal for equal scopes.</summary>
    public string Key { get; }

    public bool Name(string host) => _hosts.Contains(Host.Normal(host));

    public bool NameAddress(IPAddress address) => _hosts.Contains(Reachable.Plain(address).ToString());
}
