using Vedette.Sdk;

namespace Vedette.Trial.Platform;

/// <summary>Nothing leaves a trial: whoever tries gets an answer that says so.</summary>
internal sealed class NoWayOut : IWayOutFactory, IWayOut
{
    public IWayOut For(WayOutScope scope) => this;

    public Task<HttpResponseMessage> Send(HttpRequestMessage request, TlsCheck tls, CancellationToken ct) => throw Refused();

    public Task<Stream> Connect(string host, int port, TlsCheck? tls, CancellationToken ct) => throw Refused();

    public Task<Stream> Upgrade(Stream plain, string host, TlsCheck tls, CancellationToken ct) => throw Refused();

    private static WayOutException Refused() => new(new Fault(FaultKind.NotAllowed), "Nothing leaves a trial.");
}
