using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vedette.Lab.Behaviour;
using Vedette.Lab.Company;

namespace Vedette.Lab.Whois;

/// <summary>WHOIS (RFC 3912) on three ports: the root that refers, a registry with thin answers, a registrar with the rest.</summary>
internal sealed class WhoisStandIn(Behaviours behaviours, CallLog calls, LabOptions options) : IAsyncDisposable
{
    private readonly LineServer _root = new();
    private readonly LineServer _registry = new();
    private readonly LineServer _registrar = new();

    public int Port => _root.Port;

    public void Start(int port)
    {
        _registrar.Start(0, query => Answer(query, Registrar));
        _registry.Start(0, query => Answer(query, Registry));
        _root.Start(port, query =>
        {
            calls.Count(LabSystem.Whois);
            return Answer(query, Root);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _root.DisposeAsync();
        await _registry.DisposeAsync();
        await _registrar.DisposeAsync();
    }

    private async Task<byte[]?> Answer(string query, Func<string, byte[]> answer)
    {
        var latency = behaviours.Of(LabSystem.Whois).Latency;
        if (latency > TimeSpan.Zero)
        {
            await Task.Delay(latency / 3, options.Clock);
        }

        return behaviours.Next(LabSystem.Whois, write: false) switch
        {
            Mishap.TooMany => "WHOIS LIMIT EXCEEDED - SEE WWW.PIR.ORG/WHOIS FOR DETAILS\r\n"u8.ToArray(),
            Mishap.ServerError => [],
            Mishap.Reset => null,
            Mishap.Cut => answer(query)[..20],
            _ => answer(query),
        };
    }

    private byte[] Root(string query) => Bytes(IPAddress.TryParse(query, out _)
        ? $"% IANA WHOIS server\n\nrefer:        127.0.0.1:{_registry.Port}\n\ninetnum:      198.0.0.0 - 203.255.255.255\norganisation: ARIN\nstatus:       LEGACY\n"
        : $"% IANA WHOIS server\n\nrefer:        127.0.0.1:{_registry.Port}\n\ndomain:       {query.Split('.')[^1].ToUpperInvariant()}\n\nstatus:       ACTIVE\n");

    private byte[] Registry(string query)
    {
        if (IPAddress.TryParse(query, out _))
        {
            return Bytes("NetRange:       198.51.100.0 - 198.51.100.255\nCIDR:           198.51.100.0/24\nNetName:        QUICKHOST\nNetHandle:      NET-198-51-100-0-1\nOriginAS:       AS64500\nOrgName:        Quickhost Systems\nCity:           Amsterdam\nCountry:        NL\nRegDate:        2019-02-11\nUpdated:        2024-06-30\n");
        }

        var created = Created(query);
        if (query is Destinations.UnregisteredDomain)
        {
            return Bytes($"No match for \"{query.ToUpperInvariant()}\".\r\n>>> Last update of whois database: {Stamp(options.Clock.GetUtcNow())} <<<\r\n");
        }

        return Bytes($"   Domain Name: {query.ToUpperInvariant()}\r\n   Registry Domain ID: 21385{query.Length}_DOMAIN_NET-VRSN\r\n   Registrar WHOIS Server: 127.0.0.1:{_registrar.Port}\r\n"
            + (created is { } at ? $"   Creation Date: {Stamp(at)}\r\n   Registry Expiry Date: {Stamp(at.AddYears(10))}\r\n" : "")
            + "   Registrar: Namenshafen GmbH\r\n   Domain Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited\r\n   Name Server: NS1.QUICKHOST.EXAMPLE\r\n");
    }

    private byte[] Registrar(string query) => query is Destinations.OldCdnDomain
        ? Bytes($"Domain Name: {query}\r\nRegistrar: Namenshafen GmbH\r\nRegistrant Organization: Wide Edge Network\r\nRegistrant Country: US\r\n")
        // Latin-1 without saying so, as registrars do.
        : Encoding.Latin1.GetBytes($"Domain Name: {query}\r\nRegistrar: Namenshafen GmbH\r\nRegistrant Name: Ren\u00e9 M\u00fcller\r\nRegistrant Organization: REDACTED FOR PRIVACY\r\nRegistrant Country: NL\r\n");

    private DateTimeOffset? Created(string domain) => domain switch
    {
        Destinations.YoungDomain => options.Clock.GetUtcNow().AddDays(-6),
        Destinations.DatelessDomain => null,
        _ => options.Clock.GetUtcNow().AddYears(-9),
    };

    private static string Stamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Takes one line, answers, closes.</summary>
    private sealed class LineServer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private TcpListener? _listener;

        public int Port => ((IPEndPoint)_listener!.LocalEndpoint).Port;

        public void Start(int port, Func<string, Task<byte[]?>> answer)
        {
            _listener = new TcpListener(IPAddress.Loopback, port);
            _listener.Start(512);
            _ = Accept(answer);
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _listener?.Dispose();
        }

        private async Task Accept(Func<string, Task<byte[]?>> answer)
        {
            while (!_end.IsCancellationRequested)
            {
                try
                {
                    _ = Serve(await _listener!.AcceptSocketAsync(_end.Token), answer);
                }
                catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
                {
                    return;
                }
            }
        }

        private static async Task Serve(Socket socket, Func<string, Task<byte[]?>> answer)
        {
            using var owned = socket;
            try
            {
                var buffer = new byte[512];
                var length = 0;
                while (length < buffer.Length && Array.IndexOf(buffer, (byte)'\n', 0, length) < 0)
                {
                    var read = await socket.ReceiveAsync(buffer.AsMemory(length));
                    if (read == 0)
                    {
                        return;
                    }

                    length += read;
                }

                if (await answer(Encoding.UTF8.GetString(buffer, 0, length).Trim()) is not { } bytes)
                {
                    socket.LingerState = new LingerOption(true, 0);
                    return;
                }

                await socket.SendAsync(bytes);
                socket.Shutdown(SocketShutdown.Both);
            }
            catch (SocketException)
            {
                // Whoever asked is gone; a stand-in has nobody to tell.
                owned.Dispose();
            }
        }
    }
}
