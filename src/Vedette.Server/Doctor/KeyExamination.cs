using System.Globalization;
using Vedette.Server.Hosting;

namespace Vedette.Server.Doctor;

/// <summary>The key that seals the secrets of assets.</summary>
internal static class KeyExamination
{
    private const string Area = "key";

    public static IEnumerable<Finding> Of(ServerOptions options, bool storeThere)
    {
        var file = Path.Combine(options.DataFolder, FileSecretKeys.FileName);
        if (!File.Exists(file))
        {
            yield return storeThere
                ? Finding.Stops(Area, $"The key file {file} is missing: the secrets of assets cannot be opened. Put it back from where a copy is kept. Where there are assets, vedette serve does not start without it.")
                : Finding.Good(Area, "There is no key yet; vedette serve makes it.");
            yield break;
        }

        var mode = File.GetUnixFileMode(file);
        if ((mode & ~PrivateFile.Mode) != 0)
        {
            yield return Finding.Stops(Area, $"The key file {file} can be reached by others (mode 0{Convert.ToString((int)mode, 8)}), and Vedette does not start with it. Set its mode: chmod 600 \"{file}\".");
        }

        var length = new FileInfo(file).Length;
        yield return length == FileSecretKeys.Length
            ? Finding.Good(Area, $"{file} is there, mode 0{Convert.ToString((int)mode, 8)}. It is in no backup of the database: keep a copy elsewhere.")
            : Finding.Stops(Area, $"The key file {file} has {length.ToString(CultureInfo.InvariantCulture)} bytes instead of {FileSecretKeys.Length}. Put the right one back.");
    }
}
