using System.Net;
using System.Net.Sockets;
using Vedette.Sdk;

namespace Vedette.WayOut;

/// <summary>The kept connections of one asset with one certificate check.</summary>
internal sealed class Pool : IDisposable
{
    private readonly SocketsHttpHandler _handler;

    public Pool(Dialler dialler, Targets targets, TlsCheck tls, bool publicOnly)
    {
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.All,
            MaxConnectionsPerServer = 256,
            // Shorter than what servers usually keep: a request on a connection that the other side is just closing is lost for nothing.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            // Names are resolved and judged anew now and then, also under steady use.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseDrainSize = 64 * 1024,
            ActivityHeadersPropagator = null,
            SslOptions = Tls.Options(tls, host: null),
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = async (context, ct) =>
            {
                var socket = await dialler.Dial(targets, context.DnsEndPoint.Host, context.DnsEndPoint.Port, publicOnly, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        Invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    public HttpMessageInvoker Invoker { get; }

    public long UsedAt { get; set; }

    public void Dispose()
    {
        Invoker.Dispose();
        _handler.Dispose();
    }
}
