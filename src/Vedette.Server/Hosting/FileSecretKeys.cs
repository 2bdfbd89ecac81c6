using System.Security.Cryptography;
using Vedette.Engine.Apps;

namespace Vedette.Server.Hosting;

/// <summary>The key that seals the secrets of assets: a file of its own, mode 0600, in no database and no backup.</summary>
internal sealed class FileSecretKeys : ISecretKeys
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileSecretKeys(SecretKey current) => Current = current;

    public SecretKey Current { get; }

    public SecretKey? Find(string id) => Current.Id == id ? Current : null;

    public static FileSecretKeys Open(string folder)
    {
        var file = Path.Combine(folder, "secrets.key");
        if (!File.Exists(file))
        {
            using var made = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Private });
            made.Write(RandomNumberGenerator.GetBytes(32));
            made.Flush(flushToDisk: true);
        }

        if ((File.GetUnixFileMode(file) & ~Private) != 0)
        {
            throw new SetupException($"The key file {file} can be read by others. Set its mode to 0600: chmod 600 \"{file}\".");
        }

        var bytes = File.ReadAllBytes(file);
        return bytes.Length == 32
            ? new FileSecretKeys(new SecretKey(bytes))
            : throw new SetupException($"The key file {file} has {bytes.Length} bytes instead of 32. Put the right one back; without it the secrets of assets cannot be opened.");
    }
}
