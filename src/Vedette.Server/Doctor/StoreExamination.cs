using System.Globalization;
using Vedette.Server.Hosting;
using Vedette.Storage;

namespace Vedette.Server.Doctor;

/// <summary>The data folder: modes, room, schema, whole or not, and who has it.</summary>
internal static class StoreExamination
{
    private const string Area = "store";
    private const string FirstPasswordFile = "first-password";
    private const long Megabyte = 1 << 20;
    private const long Little = 1024 * Megabyte;
    private const long TooLittle = 64 * Megabyte;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>What the other examinations have to know of the store.</summary>
    internal sealed record Seen(IReadOnlyList<Finding> Findings, bool Exists, bool Readable, bool InUse);

    public static Seen Look(ServerOptions options)
    {
        var folder = options.DataFolder;
        if (!Directory.Exists(folder))
        {
            var nothing = new Seen([Finding.Good(Area, $"The data folder {folder} is not there yet; vedette serve makes it."), Room(folder)], false, false, false);
            return options.Store is null ? nothing : nothing with { Findings = [.. nothing.Findings, .. Database(options.Place.Look())] };
        }

        StoreLook look;
        try
        {
            look = options.Place.Look();
        }
        catch (UnauthorizedAccessException)
        {
            return new Seen([Finding.Stops(Area, $"The data folder {folder} belongs to somebody else. Run this as the user that Vedette runs as.")], true, false, false);
        }

        List<Finding> findings = [StorePlace.IsInUse(folder)
            ? Finding.Good(Area, $"{folder} is in use by a running server{(RunningServer.Of(folder) is { } running ? $": process {running.ProcessId.ToString(CultureInfo.InvariantCulture)}, {running.Url}" : "")}.")
            : Finding.Good(Area, $"{folder} is free: no server runs with it.")];
        findings.AddRange(Modes(folder));
        findings.Add(Room(folder));
        if (File.Exists(Path.Combine(folder, FirstPasswordFile)))
        {
            findings.Add(Finding.Look(Area, $"{Path.Combine(folder, FirstPasswordFile)} is still there. Change the password (vedette password) and remove the file."));
        }

        if (options.Store is not null)
        {
            findings.AddRange(Database(look));
        }
        else if (look.Exists)
        {
            findings.Add(look.Fault is { } fault
                ? look.Schema < look.KnownSchema ? Finding.Look(Area, fault) : Finding.Stops(Area, fault)
                : Finding.Good(Area, $"Schema {look.Schema?.ToString(CultureInfo.InvariantCulture)}, which is this version's."));
            findings.Add(Whole(look.File));
        }
        else
        {
            findings.Add(Finding.Good(Area, "There is no database yet; vedette serve makes it."));
        }

        return new Seen(findings, look.Exists, look.Exists && look.Fault is null, look.InUse);
    }

    /// <summary>A database on a server: whether it is reached, of which version it is, and what is in it.</summary>
    private static IEnumerable<Finding> Database(StoreLook look)
    {
        if (!look.Reached)
        {
            yield return Finding.Stops(Area, look.Fault!);
            yield break;
        }

        yield return Finding.Good(Area, $"The store is {look.File}: PostgreSQL {look.Server}, reached{(look.Holder is { } holder ? $"; it is held by {holder}" : "")}.");
        if (look.Fault is { } fault)
        {
            yield return !look.Exists && fault.StartsWith("There is no store", StringComparison.Ordinal) ? Finding.Good(Area, fault)
                : look.Exists && look.Schema < look.KnownSchema ? Finding.Look(Area, fault)
                : Finding.Stops(Area, fault);
        }
        else
        {
            yield return Finding.Good(Area, $"Schema {look.Schema?.ToString(CultureInfo.InvariantCulture)}, which is this version's.");
        }
    }

    private static IEnumerable<Finding> Modes(string folder)
    {
        var open = Directory.EnumerateFiles(folder).Prepend(folder)
            // A certificate is shown to everybody; the key has a finding of its own.
            .Where(path => Path.GetFileName(path) is not ("tls.crt" or FileSecretKeys.FileName or "settings.json") && (File.GetUnixFileMode(path) & Others) != 0)
            .ToList();
        return open.Count == 0
            ? [Finding.Good(Area, "Folder and files are for their owner only.")]
            : [Finding.Look(Area, $"Others may reach {string.Join(", ", open)}. Close it: chmod go= {string.Join(' ', open.Select(path => $"\"{path}\""))}")];
    }

    private static Finding Room(string folder)
    {
        var there = folder;
        while (!Directory.Exists(there))
        {
            there = Path.GetDirectoryName(there)!;
        }

        var free = new DriveInfo(there).AvailableFreeSpace;
        var words = string.Create(CultureInfo.InvariantCulture, $"{free / Megabyte} MB are free where {folder} lies");
        return free < TooLittle ? Finding.Stops(Area, $"Only {words}. Nothing can be stored: make room.")
            : free < Little ? Finding.Look(Area, $"Only {words}. Make room soon.")
            : Finding.Good(Area, $"{words}.");
    }

    private static Finding Whole(string file)
    {
        var faults = StoreLook.Check(file);
        return faults.Count == 0
            ? Finding.Good(Area, "The quick check of the database found nothing wrong.")
            : Finding.Stops(Area, $"The database {file} is damaged: {string.Join("; ", faults)}. Stop Vedette, keep a copy of the folder, and put back the last backup.");
    }
}
