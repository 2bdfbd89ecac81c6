using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Vedette.Workers;

/// <summary>The few system calls that .NET has no word for.</summary>
internal static partial class Native
{
    private const int PidfdOpen = 434, PidfdSendSignal = 424, SigKill = 9, SolSocket = 1, PeerCredentials = 17;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseNumber(int number);

    /// <summary>A handle on a process that never means another one, also after the number was given away again; -1 when it is gone.</summary>
    internal static int Open(int pid) => (int)SystemCall(PidfdOpen, pid, 0, 0, 0);

    internal static void Kill(int pidfd)
    {
        if (pidfd >= 0)
        {
            _ = SystemCall(PidfdSendSignal, pidfd, SigKill, 0, 0);
        }
    }

    internal static void Close(int pidfd)
    {
        if (pidfd >= 0)
        {
            _ = CloseNumber(pidfd);
        }
    }

    /// <summary>The process on the other side of a Unix socket, by the numbers of this machine.</summary>
    internal static int PeerOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[12];
        return socket.GetRawSocketOption(SolSocket, PeerCredentials, credentials) >= 4 ? MemoryMarshal.Read<int>(credentials) : -1;
    }

    internal static int ParentOf(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1;
        }
    }
}
