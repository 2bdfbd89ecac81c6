using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Vedette.Engine.Vault;

namespace Vedette.Storage;

/// <summary>
/// Content of the vault in a folder: <c>ab/abcdef…-0123abcd</c>, for its owner alone. A file is written under another name, synced, renamed
/// and its folder synced, so that a name is never there without its content, whenever the machine stops.
/// </summary>
public sealed class VaultFolder : IVaultFiles
{
    /// <summary>Name of the vault in a data folder.</summary>
    public const string InDataFolder = "vault";

    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const string Unfinished = "unfinished";
    private readonly string _folder;
    private readonly List<string> _before;

    /// <param name="folder">Made when it is first written to; at a start what was not finished in it is removed.</param>
    public VaultFolder(string folder)
    {
        _folder = folder;
        if (Directory.Exists(Path.Combine(folder, Unfinished)))
        {
            Directory.Delete(Path.Combine(folder, Unfinished), recursive: true);
        }

        _before = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))] : [];
    }

    public async Task<string> Write(Stream content, Func<string> name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(name);
        MakeFolder(_folder);
        var unfinished = Path.Combine(_folder, Unfinished);
        MakeFolder(unfinished);
        var chance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var written = Path.Combine(unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerFile;
            }

            await using (var file = new FileStream(written, options))
            {
                await content.CopyToAsync(file, ct);
                file.Flush(flushToDisk: true);
            }

            var digest = name();
            var beneath = Path.Combine(_folder, digest[..2]);
            MakeFolder(beneath);
            var whole = Path.Combine(digest[..2], $"{digest}-{chance}");
            File.Move(written, Path.Combine(_folder, whole));
            Sync(beneath);
            return whole;
        }
        catch
        {
            File.Delete(written);
            throw;
        }
    }

    public Stream Open(string file) => new FileStream(Path.Combine(_folder, file), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);

    public void Remove(string file)
    {
        try
        {
            File.Delete(Path.Combine(_folder, file));
        }
        catch (Exception exception) when (exception is DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // Nothing names it any more; where it cannot be removed now, the next start tries again.
        }
    }

    public IReadOnlyList<string> FromBefore() => _before;

    /// <summary>Gives a file of a vault another name as well, under which it stays when the vault removes it.</summary>
    /// <returns>False when it is not there.</returns>
    internal static bool Hold(string vault, string file, string folder)
    {
        const int NotThere = 2;
        var target = Path.Combine(folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (File.Exists(target) || Link(Path.Combine(vault, file), target) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NotThere ? false : throw new IOException($"The file {file} of the vault cannot be held for the backup.", new Win32Exception(error));
    }

    /// <summary>Puts a file back under the name it had.</summary>
    internal static void PutBack(string vault, string file, Stream content)
    {
        var target = Path.Combine(vault, file);
        MakeFolder(vault);
        MakeFolder(Path.GetDirectoryName(target)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        using (var written = new FileStream(target, options))
        {
            content.CopyTo(written);
            written.Flush(flushToDisk: true);
        }

        Sync(Path.GetDirectoryName(target)!);
    }

    private static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
        }

        Sync(Path.GetDirectoryName(folder) ?? "/");
    }

    /// <summary>A new name is on disk only when its folder is. The system's own calls, for a folder cannot be opened as a stream.</summary>
    private static void Sync(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var number = OpenFolder(folder, 0);
        if (number < 0)
        {
            throw new IOException($"The folder {folder} cannot be synced.", new Win32Exception());
        }

        var synced = SyncFile(number);
        _ = Close(number);
        if (synced != 0)
        {
            throw new IOException($"The folder {folder} could not be synced.");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int OpenFolder([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int SyncFile(int file);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
