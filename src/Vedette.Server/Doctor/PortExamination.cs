using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Vedette.Server.Hosting;

namespace Vedette.Server.Doctor;

/// <summary>Whether the server can listen where it is told to.</summary>
internal static class PortExamination
{
    private const string Area = "ports";

    public static IReadOnlyList<Finding> Of(ServerOptions options, bool serverRuns)
    {
        try
        {
            return [.. ListenAddresses.Parse(options).Select(listen => One(listen.Address, listen.Port, serverRuns, options.DataFolder))];
        }
        catch (SetupException exception)
        {
            return [Finding.Stops(Area, exception.Message)];
        }
    }

    private static Finding One(IPAddress address, int port, bool serverRuns, string folder)
    {
        var where = new IPEndPoint(address, port).ToString();
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return Finding.Good(Area, $"{where} is free.");
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse when serverRuns && RunningServer.Of(folder)?.Url.Port == port => Finding.Good(Area, $"{where} is taken by the server that runs."),
                SocketError.AddressAlreadyInUse => Finding.Stops(Area, $"{where} is taken by another program. End it (ss -ltnp 'sport = :{port.ToString(CultureInfo.InvariantCulture)}' names it), or choose another port with --urls."),
                SocketError.AccessDenied => Finding.Stops(Area, $"{where} may not be used by this user: ports below 1024 need a right. Choose another with --urls, or give the service CAP_NET_BIND_SERVICE."),
                SocketError.AddressNotAvailable => Finding.Stops(Area, $"This machine does not have the address {address}. Choose another with --urls."),
                _ => Finding.Stops(Area, $"{where} cannot be listened on: {exception.Message}"),
            };
        }
    }
}
