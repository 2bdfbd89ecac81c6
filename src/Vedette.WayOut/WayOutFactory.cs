using System.Collections.Concurrent;
using System.Net;
using Vedette.Sdk;

namespace Vedette.WayOut;

/// <summary>Settings of the way out.</summary>
public sealed record WayOutOptions
{
    /// <summary>
    /// Ports this server listens on, asked for at each connection since a port may be chosen when it starts: refused on its own addresses
    /// unless the asset names host and port. Default: none.
    /// </summary>
    public Func<IReadOnlyCollection<int>> OwnPorts { get; init; } = static () => [];

    /// <summary>How long a connection may take to come about. Default: 10 seconds.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Names to addresses. Default: the system's resolver.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}

/// <summary>
/// Makes the ways out and keeps their connections: calls of one asset with the same certificate check share them, and no two assets
/// do. The only place in the house that opens sockets to other systems.
/// </summary>
public sealed class WayOutFactory(WayOutOptions options) : IWayOutFactory, IDisposable
{
    /// <summary>An edited asset leaves its old connections behind; beyond this many, the longest unused are let go.</summary>
    private const int MostPools = 512;

    private readonly ConcurrentDictionary<PoolKey, Pool> _pools = new();
    private readonly Dialler _dialler = new(options);

    public WayOutFactory()
        : this(new WayOutOptions())
    {
    }

    public IWayOut For(WayOutScope scope) => new GuardedWayOut(scope, new Targets(scope), _dialler, PoolFor);

    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Dispose();
        }

        _pools.Clear();
    }

    private Pool PoolFor(Targets targets, TlsCheck tls, bool publicOnly)
    {
        var key = new PoolKey(targets.Key, tls, publicOnly);
        var pool = _pools.GetOrAdd(key, static (k, made) => new Pool(made._dialler, made.targets, k.Tls, k.PublicOnly), (_dialler, targets));
        pool.UsedAt = Environment.TickCount64;
        if (_pools.Count > MostPools)
        {
            foreach (var (old, _) in _pools.OrderBy(p => p.Value.UsedAt).Take(_pools.Count - MostPools))
            {
                // Not disposed: a call may still be using it. Its idle connections end by themselves.
                _pools.TryRemove(old, out _);
            }
        }

        return pool;
    }

    private sealed record PoolKey(string Targets, TlsCheck Tls, bool PublicOnly);
}
