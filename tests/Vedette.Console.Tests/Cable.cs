using System.Net;
using System.Net.Sockets;

namespace Vedette.Console.Tests;

/// <summary>A line between browser and server that can be cut.</summary>
internal sealed class Cable : IDisposable
{
    private readonly TcpListener _near = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly List<TcpClient> _ends = [];
    private readonly int _far;

    public Cable(Uri server)
    {
        _far = server.Port;
        _near.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_near.LocalEndpoint).Port}/");
        _ = Accept();
    }

    /// <summary>The near end.</summary>
    public Uri Url { get; }

    /// <summary>All that is open breaks off; what comes afterwards gets through again.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _ends.ForEach(end => end.Close());
            _ends.Clear();
        }
    }

    public void Dispose()
    {
        _near.Dispose();
        Cut();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var near = await _near.AcceptTcpClientAsync();
                var far = new TcpClient();
                await far.ConnectAsync(IPAddress.Loopback, _far);
                lock (_lock)
                {
                    _ends.AddRange([near, far]);
                }

                _ = Pass(near, far);
                _ = Pass(far, near);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Taken away.
        }
    }

    private static async Task Pass(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
            to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }
}
