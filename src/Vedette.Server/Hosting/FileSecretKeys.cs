using System.Security.Cryptography;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;
using Path = System.IO.Path;

namespace Vedette.Server.Hosting;

/// <summary>The key that seals the secrets of assets: a file of its own, mode 0600, in no database and no backup.</summary>
internal sealed class FileSecretKeys : ISecretKeys
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "secrets.key";

    public const int Length = 32;

    private FileSecretKeys(SecretKey current) => Current = current;

    public SecretKey Current { get; }

    public SecretKey? Find(string id) => Current.Id == id ? Current : null;

    /// <summary>A new key beside secrets that another has sealed would make all of them unreadable, and nobody would know why.</summary>
    /// <exception cref="SetupException">The key is gone and there are assets.</exception>
    public static async Task RefuseWhereLost(string folder, IStore store, CancellationToken ct)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file) && await store.Count<AssetRow>(Where.All, ct) is > 0 and var assets)
        {
            throw new SetupException(
                $"The key file {file} is missing, and the secrets of {assets} assets are sealed with it. Put it back from where a copy is kept. "
                + $"Where there is none, make a new one (head -c {Length} /dev/urandom > \"{file}\" && chmod 600 \"{file}\") and enter the secrets again.");
        }
    }

    public static FileSecretKeys Open(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            PrivateFile.Write(file, RandomNumberGenerator.GetBytes(Length));
        }

        if ((File.GetUnixFileMode(file) & ~PrivateFile.Mode) != 0)
        {
            throw new SetupException($"The key file {file} can be read by others. Set its mode to 0600: chmod 600 \"{file}\".");
        }

        var bytes = File.ReadAllBytes(file);
        return bytes.Length == Length
            ? new FileSecretKeys(new SecretKey(bytes))
            : throw new SetupException($"The key file {file} has {bytes.Length} bytes instead of {Length}. Put the right one back; without it the secrets of assets cannot be opened.");
    }
}
