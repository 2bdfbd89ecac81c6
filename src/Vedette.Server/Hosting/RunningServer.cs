using System.Text.Json;

namespace Vedette.Server.Hosting;

/// <summary>Where the server of a data folder listens, written into it while it runs, so that a command needs the folder only.</summary>
public sealed record RunningServer(Uri Url, int ProcessId)
{
    private const string FileName = "running.json";

    /// <summary>Null when none is written down; one that was killed leaves its file, so ask the lock of the store as well.</summary>
    public static RunningServer? Of(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<RunningServer>(File.ReadAllBytes(Path.Combine(folder, FileName)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    internal void Write(string folder) => PrivateFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this));

    internal static void Forget(string folder) => File.Delete(Path.Combine(folder, FileName));
}
