namespace Vedette.Storage.Sqlite;

/// <summary>The data folder: for its owner alone, and for one process alone.</summary>
internal sealed class Folder : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;
    private const string LockFile = "vedette.lock";
    private readonly FileStream _lock;

    private Folder(FileStream held) => _lock = held;

    /// <exception cref="StoreException">Another process has it.</exception>
    public static Folder Take(string folder)
    {
        MakeFolder(folder);
        var file = System.IO.Path.Combine(folder, LockFile);
        MakeFile(file);
        try
        {
            // The lock ends with the process, however it ends: there is nothing to clean up after a crash.
            return new Folder(new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (e is not FileNotFoundException)
        {
            throw new StoreException($"The data folder {folder} is in use by another process: stop that one, or give this one a folder of its own.", e);
        }
    }

    /// <summary>Makes a folder for its owner alone; one that is there is set to that.</summary>
    public static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
            // It may have been there before, open to others.
            File.SetUnixFileMode(folder, OwnerFolder);
        }
    }

    /// <summary>Whether a process has the folder now.</summary>
    public static bool IsTaken(string folder)
    {
        try
        {
            using var held = new FileStream(System.IO.Path.Combine(folder, LockFile), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Makes an empty file that only its owner reads and writes; one that is there is set to that.</summary>
    public static void MakeFile(string file)
    {
        if (File.Exists(file))
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, OwnerFile);
            return;
        }

        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        using var made = new FileStream(file, options);
    }

    public void Dispose() => _lock.Dispose();
}
