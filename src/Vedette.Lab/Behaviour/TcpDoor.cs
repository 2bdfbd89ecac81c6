using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

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

    /// <summary>Keeps the client waiting. False as soon as it has hung up.</summary>
    internal static async Task<bool> Waits(Socket socket, TimeSpan time, TimeProvider clock, CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var over = Task.Delay(time, clock, end.Token);
        var said = Said(socket, end.Token);
        var stays = await Task.WhenAny(over, said) == over || await said;
        if (stays)
        {
            await over;
        }

        await end.CancelAsync();
        await said;
        return stays;
    }

    /// <summary>True when the client sends on, false when it leaves; nothing is taken from the stream. True also when the waiting is ended.</summary>
    private static async Task<bool> Said(Socket socket, CancellationToken ct)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], SocketFlags.Peek, ct) > 0;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (SocketException)
        {
            // Left with a reset.
            return false;
        }
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
            catch (Exception end) when (end is OperationCanceledException or SocketException or IOException or ObjectDisposedException or AuthenticationException)
            {
                // The client went away, does not trust the certificate, or the lab closes: in each case nobody is left to tell.
                return;
            }
        }
    }
}
