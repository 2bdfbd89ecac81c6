namespace Vedette.Sdk;

/// <summary>
/// The one way to other systems. It is made for one call of one asset, checks every address at the moment of connecting, and
/// follows redirects with credentials only to the same origin.
/// </summary>
public interface IWayOut
{
    /// <summary>
    /// Sends a request and answers when the headers are here; the caller reads the body and disposes. Throws
    /// <see cref="WayOutException"/>, which carries the facts, and nothing else but cancellation.
    /// </summary>
    /// <param name="request">With an absolute http or https address.</param>
    /// <param name="tls">How to check the other side.</param>
    /// <param name="ct">Ends the exchange.</param>
    Task<HttpResponseMessage> Send(HttpRequestMessage request, TlsCheck tls, CancellationToken ct);

    /// <summary>Opens a stream to host and port, over TLS if <paramref name="tls"/> is given. Throws as <see cref="Send"/>.</summary>
    Task<Stream> Connect(string host, int port, TlsCheck? tls, CancellationToken ct);

    /// <summary>Turns a plain stream that <see cref="Connect"/> gave into a TLS stream (StartTLS).</summary>
    Task<Stream> Upgrade(Stream plain, string host, TlsCheck tls, CancellationToken ct);
}

/// <summary>Makes the way out for one asset.</summary>
public interface IWayOutFactory
{
    IWayOut For(WayOutScope scope);
}

/// <summary>What one asset may reach.</summary>
/// <param name="Asset">Name of the asset, for messages.</param>
/// <param name="Targets">
/// Hosts (names or addresses), with the port where it stands beside, that the asset's settings name. Only these may be loopback, link-local or private addresses, and only
/// they ever get credentials.
/// </param>
/// <param name="PublicToo">Whether other, public addresses may be reached without credentials (WHOIS and RDAP referrals).</param>
public sealed record WayOutScope(string Asset, IReadOnlyList<string> Targets, bool PublicToo = false);

/// <summary>How to check the other side's certificate.</summary>
/// <param name="Verify">False only where the asset says so: shown in red, audited.</param>
/// <param name="AuthorityPem">A certificate authority of the asset's own, as PEM, or null for the system's.</param>
public sealed record TlsCheck(bool Verify = true, string? AuthorityPem = null);

/// <summary>The way out could not be gone; the facts are in <see cref="Fault"/>.</summary>
public sealed class WayOutException : Exception
{
    public WayOutException(Fault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public Fault Fault { get; }
}
