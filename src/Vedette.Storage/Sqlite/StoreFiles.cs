namespace Vedette.Storage.Sqlite;

/// <summary>The data folder and its files: for their owner only, and for one process at a time.</summary>
internal static class StoreFiles
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    public static void MakeFolder(string folder)
    {
        Directory.CreateDirectory(folder, PrivateFolder);
        File.SetUnixFileMode(folder, PrivateFolder);
    }

    public static void KeepPrivate(string file)
    {
        if (File.Exists(file))
        {
            File.SetUnixFileMode(file, PrivateFile);
        }
    }

    /// <summary>Makes the file before the database does, which would make it readable to others for a moment.</summary>
    public static void MakePrivate(string file)
    {
        using var made = new FileStream(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, UnixCreateMode = PrivateFile });
        File.SetUnixFileMode(file, PrivateFile);
    }

    /// <summary>Holds the folder until disposed.</summary>
    public static FileStream Lock(string folder)
    {
        var file = Path.Combine(folder, "lock");
        try
        {
            return new FileStream(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = PrivateFile });
        }
        catch (IOException exception)
        {
            throw new StoreException($"The data folder {folder} is in use by another Vedette. Stop that one, or give this one a folder of its own with --data.", exception);
        }
    }
}
