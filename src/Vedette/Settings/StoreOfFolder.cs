using Vedette.Server.Hosting;
using Vedette.Storage;

namespace Vedette.Settings;

/// <summary>Where the rows of an installation are, for commands that are told its data folder alone.</summary>
internal static class StoreOfFolder
{
    private static readonly Setting Store = AllSettings.Find("store")!;

    /// <summary>As a server with this folder and this environment finds it: by the environment, else by a settings file.</summary>
    /// <param name="settings">The settings file; null for the one in the folder, if it is there.</param>
    /// <exception cref="SetupException">What is set cannot be used.</exception>
    public static StorePlace Place(string folder, string? settings = null)
    {
        var file = settings ?? Path.Combine(folder, SettingsFile.Name);
        var options = new ServerOptions { DataFolder = folder };
        if (Environment.GetEnvironmentVariable(Store.EnvironmentName) is { Length: > 0 } text)
        {
            return Store.Put(options, [text], Store.EnvironmentName).Place;
        }

        return (settings is not null || File.Exists(file)) && SettingsFile.Read(file).TryGetValue(Store, out var values) ? Store.Put(options, values, file).Place : options.Place;
    }
}
