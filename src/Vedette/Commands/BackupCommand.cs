using System.CommandLine;
using System.Globalization;
using Vedette.Remote;
using Vedette.Server.Hosting;
using Vedette.Settings;
using Vedette.Storage;
using Vedette.Storage.Carriage;

namespace Vedette.Commands;

/// <summary><c>vedette backup</c> and <c>vedette restore</c>: the rows and the files of one moment, in one file.</summary>
internal static class BackupCommand
{
    public static Command MakeBackup()
    {
        var file = new Argument<string>("FILE") { Description = "The file to make; it must not be there yet" };
        var (data, settings) = Where();
        var command = new ToldCommand("backup", """
            Makes a backup of an installation: its database, on SQLite or PostgreSQL, and the files of its events, of one moment and in one file of mode 0600. A server may run meanwhile.
            The backup holds no key: without the file secrets.key of the data folder the secrets of assets in it cannot be opened. Keep a copy of
            that file, of the certificate and of settings.json elsewhere, apart from the backups.

            Example: vedette backup /var/backups/vedette-monday.zip --data /var/lib/vedette
            """) { file, data, settings };
        command.SetAction((parsed, ct) => Told(async () =>
        {
            var place = Place(parsed.GetValue(data), parsed.GetValue(settings));
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            var made = await Task.Run(() => Backup.Write(place, path, OfflineStore.KeyIdOf(place.DataFolder), OfflineStore.ProgramVersion, TimeProvider.System, ct), ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Backed up {place}: {made.Rows} rows in {made.Tables.Count} tables and {made.Files.Count} files, as they were at {made.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, in {path}."));
            foreach (var missing in made.Missing)
            {
                Console.WriteLine($"Not in it, because it is not in the vault any more: {missing}");
            }

            Console.WriteLine(made.KeyId is { } key
                ? $"It holds no key. Keep a copy of {Path.Combine(place.DataFolder, OfflineStore.KeyFile)} (key {key}) elsewhere, apart from it: without it the secrets of assets are lost. The certificate and settings.json are not in it either."
                : "It holds no key, and there is none in the data folder.");
            return made.Missing.Count == 0 ? 0 : 1;
        }));
        return command;
    }

    public static Command MakeRestore()
    {
        var file = new Argument<string>("FILE") { Description = "A backup" };
        var (data, settings) = Where();
        var command = new ToldCommand("restore", """
            Restores a backup into a data folder or database where there is none yet. Every part of the backup is checked first. Where the rows go is
            set as for serve: in the data folder, or in the PostgreSQL database that VEDETTE_STORE names; it need not be the kind of store the backup was made of.
            What was done since the backup is not known to what is restored. So it starts with the stop switch on: alerts are taken in and
            playbooks run, but no action leaves before a person has looked and lets them go with vedette resume.

            Example: vedette restore /var/backups/vedette-monday.zip --data /var/lib/vedette
            """) { file, data, settings };
        command.SetAction((parsed, ct) => Told(async () =>
        {
            var place = Place(parsed.GetValue(data), parsed.GetValue(settings));
            var by = $"vedette restore by {Environment.UserName}";
            var restored = await Task.Run(() => Backup.Restore(Path.GetFullPath(parsed.GetValue(file)!), place, by, TimeProvider.System, ct), ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Restored {restored.Rows} rows and {restored.Files.Count} files, as they were at {restored.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, into {place}."));
            if (restored.KeyId is { } key && OfflineStore.KeyIdOf(place.DataFolder) != key)
            {
                Console.WriteLine($"Put the key file with key {key} to {Path.Combine(place.DataFolder, OfflineStore.KeyFile)} (mode 0600) before the server starts: the secrets of assets are sealed with it.");
            }

            Console.WriteLine("The stop switch is on: no action leaves. Look at what was done since the backup, then let them go: vedette resume");
            return 0;
        }));
        return command;
    }

    internal static (Option<string?> Data, Option<string?> Settings) Where() => (
        new Option<string?>("--data") { Description = "The data folder [default: VEDETTE_DATA, else the folder serve takes]", HelpName = "DIR" },
        new Option<string?>("--settings") { Description = $"The settings file that says where the store is [default: {SettingsFile.Name} in the data folder, if it is there]", HelpName = "FILE" });

    internal static string Folder(string? data) => Path.GetFullPath(data ?? Environment.GetEnvironmentVariable("VEDETTE_DATA") ?? AllSettings.DefaultDataFolder);

    /// <summary>What the store complains of is told in its sentence.</summary>
    internal static async Task<int> Told(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception exception) when (exception is StoreException or IOException)
        {
            throw new CommandException(exception.Message, exception);
        }
    }

    private static StorePlace Place(string? data, string? settings) => StoreOfFolder.Place(Folder(data), settings);
}
