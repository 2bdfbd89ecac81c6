using System.Net.Sockets;

namespace Vedette.Workers;

/// <summary>A child process with its connection.</summary>
internal sealed class Child(string key, Socket socket, int pid, int pidfd, string scratch) : IDisposable
{
    private int _ended;

    public string Key { get; } = key;

    public int Pid { get; } = pid;

    public FrameReader Reader { get; } = new(socket);

    public FrameWriter Writer { get; } = new();

    /// <summary>Sources it has compiled already.</summary>
    public HashSet<string> Sources { get; } = [];

    public int Turns { get; set; }

    public long IdleSince { get; set; }

    public async ValueTask Send(CancellationToken cancellation)
    {
        var rest = Writer.Written;
        while (rest.Length > 0)
        {
            rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellation).ConfigureAwait(false)..];
        }
        Writer.Clear();
    }

    /// <summary>An idle child has nothing to say: it is gone, or it speaks out of turn.</summary>
    public bool IsQuiet()
    {
        try
        {
            return Reader.Waiting == 0 && !socket.Poll(0, SelectMode.SelectRead);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Kill() => Native.Kill(pidfd);

    /// <summary>Kills it, closes the connection and removes what it left in its folder.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }
        Native.Kill(pidfd);
        Native.Close(pidfd);
        socket.Dispose();
        try
        {
            Directory.Delete(scratch, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // It ended before it made one.
        }
        catch (IOException)
        {
            // A process that is just dying may still write there; the folder goes with the one above it when the workers are disposed.
        }
    }
}
