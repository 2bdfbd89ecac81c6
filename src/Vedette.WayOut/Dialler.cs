using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Vedette.Sdk;

namespace Vedette.WayOut;

/// <summary>
/// Resolves and connects. The address is judged here, after the name was resolved and on the very address that is then connected to:
/// a name that answers differently the second time gains nothing.
/// </summary>
internal sealed class Dialler(WayOutOptions options)
{
    public async Task<Socket> Dial(Targets targets, string host, int port, bool publicOnly, CancellationToken ct)
    {
        var named = !publicOnly && targets.Name(host);
        if (!named && !targets.PublicToo)
        {
            throw NotAllowed(host, "the asset does not name this host");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.ConnectWithin);
        try
        {
            var allowed = Judge(targets, host, port, named, await Resolve(host, limit.Token));
            return await ConnectFirst(allowed, host, port, limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WayOutException(new Fault(FaultKind.TimedOut), $"No connection to {host}:{port} within {options.ConnectWithin.TotalSeconds:0} s.", e);
        }
    }

    private static WayOutException NotAllowed(string host, string why) =>
        new(new Fault(FaultKind.NotAllowed), $"Not allowed to reach {host}: {why}.");

    private async Task<IPAddress[]> Resolve(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        try
        {
            var addresses = await options.Resolve(host, ct);
            return addresses.Length > 0
                ? addresses
                : throw new WayOutException(new Fault(FaultKind.NotReached), $"The name {host} has no address.");
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            throw new WayOutException(new Fault(FaultKind.NotReached), $"The name {host} could not be resolved.", e);
        }
    }

    private List<IPAddress> Judge(Targets targets, string host, int port, bool named, IPAddress[] addresses)
    {
        List<IPAddress> allowed = [];
        var ours = options.OwnPorts().Contains(port) && !(named && targets.NamePort(host, port));
        foreach (var address in addresses)
        {
            if (ours && Ours(address))
            {
                throw NotAllowed($"{host}:{port}", "this server itself listens there, and the asset does not name this host with this port");
            }

            var place = Reachable.Of(address);
            var fine = place switch
            {
                Place.Public => true,
                Place.Internal => named,
                _ => named && targets.NameAddress(address),
            };
            if (fine)
            {
                allowed.Add(Reachable.Plain(address));
            }
        }

        return allowed.Count > 0
            ? allowed
            : throw NotAllowed(host, "it is an address that only an asset that names it may reach");
    }

    private static bool Ours(IPAddress address) => IPAddress.IsLoopback(Reachable.Plain(address)) || NetworkInterface.GetAllNetworkInterfaces()
        .SelectMany(card => card.GetIPProperties().UnicastAddresses)
        .Any(own => own.Address.Equals(Reachable.Plain(address)));

    private static async Task<Socket> ConnectFirst(List<IPAddress> addresses, string host, int port, CancellationToken ct)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), ct);
                return socket;
            }
            catch (SocketException e)
            {
                last = e;
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new WayOutException(new Fault(FaultKind.NotReached), $"No connection to {host}:{port}: {Words(last!.SocketErrorCode)}.", last);
    }

    private static string Words(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to the host",
        _ => $"socket error {error}",
    };
}
