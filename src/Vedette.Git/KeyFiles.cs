using System.Globalization;
using System.Net;
using Vedette.Engine.Repositories;

namespace Vedette.Git;

/// <summary>What ssh has to read from files: the key to come with and the key that the host has to show. There as long as the call, for its owner alone.</summary>
internal sealed class KeyFiles(string above) : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _folder = Path.Combine(above, $"ssh-{Guid.NewGuid():N}");

    /// <summary>The command Git calls: no settings of anybody, nobody is asked, nothing is forwarded, and only the pinned host key counts.</summary>
    public string Command(Remote remote, IPAddress at)
    {
        Directory.CreateDirectory(_folder);
        var (key, known) = (Path.Combine(_folder, "key"), Path.Combine(_folder, "known_hosts"));
        Write(key, remote.Secret.Replace("\r", "", StringComparison.Ordinal).TrimEnd('\n') + "\n");
        var parts = remote.HostKey.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // A whole line of ssh-keyscan begins with the host; a key alone with its kind, and may end with a remark.
        var first = parts.Length > 2 && !parts[0].StartsWith("ssh-", StringComparison.Ordinal) && !parts[0].StartsWith("ecdsa-", StringComparison.Ordinal) && !parts[0].StartsWith("sk-", StringComparison.Ordinal) ? 1 : 0;
        var hostKey = string.Join(' ', parts.Skip(first).Take(2));
        Write(known, $"vedette-pinned {hostKey}\n");
        return string.Create(CultureInfo.InvariantCulture, $"/usr/bin/ssh -F /dev/null -o BatchMode=yes -o IdentitiesOnly=yes -o IdentityFile={key} -o IdentityAgent=none -o UserKnownHostsFile={known} -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes -o CheckHostIP=no -o HostKeyAlias=vedette-pinned -o HostName={at} -o ProxyCommand=none -o ClearAllForwardings=yes -o ForwardAgent=no -o PermitLocalCommand=no -o ConnectTimeout=20");
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        using var writer = new StreamWriter(file, options);
        writer.Write(text);
    }
}
