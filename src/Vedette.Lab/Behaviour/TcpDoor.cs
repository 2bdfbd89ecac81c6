using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Vedette.Lab.Behaviour;

/// <summary>A listener on loopback that hands every connection to <paramref name="talk"/>, and ends all of them on disposal.</summary>
internal sealed class TcpDoor(int port, Func<Socket, CancellationToken, Task> talk) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<Task, byte> _talks = new();
    private Task _accepting = Task.CompletedTask;

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal void Open()
    {
        _listener.Start(512);
        _accepting = Accept();
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_talks.Keys);
        _listener.Dispose();
        _closing.Dispose();
    }

    /// <summary>Ends the connection with RST instead of an orderly end.</summary>
    internal static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private async Task Accept()
    {
        while (!_closing.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_closing.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            socket.NoDelay = true;
            var conversation = Talk(socket);
            _talks.TryAdd(conversation, 0);
            _ = conversation.ContinueWith(done => _talks.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task Talk(Socket socket)
    {
        using (socket)
        {
            try
            {
                await talk(socket, _closing.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // The client went away or the lab closes: either way nobody is left to tell.
                return;
            }
        }
    }
}
