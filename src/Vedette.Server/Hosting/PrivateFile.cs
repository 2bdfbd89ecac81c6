namespace Vedette.Server.Hosting;

/// <summary>A file that only its owner reads and writes, also when one with another mode was there before.</summary>
public static class PrivateFile
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Write(string file, ReadOnlySpan<byte> content)
    {
        File.Delete(file);
        using var made = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mode });
        made.Write(content);
        made.Flush(flushToDisk: true);
    }
}
