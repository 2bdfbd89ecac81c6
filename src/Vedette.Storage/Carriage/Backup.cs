using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Vedette.Engine.Actions;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Carriage;

/// <summary>
/// A backup: one zip file for its owner alone, with the rows of every table as lines (<c>rows/NAME.jsonl</c>), the files of the vault
/// (<c>vault/…</c>), and <see cref="BackupManifest"/>, which has the digest of each. The same for every store: what was made of one is
/// restored into any. It holds no key and nothing of the settings.
/// </summary>
public static partial class Backup
{
    private const string VaultPart = "vault/";
    private const string HeldMark = "backup-";
    private const int Moments = 5;

    /// <summary>Makes a backup of one moment, while a server may run with the store.</summary>
    /// <param name="file">Must not be there yet.</param>
    /// <param name="program">Version of the program.</param>
    /// <exception cref="StoreException">The store cannot be read, or the file not be written.</exception>
    public static BackupManifest Write(StorePlace place, string file, string? keyId, string program, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(time);
        if (File.Exists(file))
            throw new StoreException($"{file} is there already. Name another file.");
        var unfinished = file + ".unfinished";
        File.Delete(unfinished);
        if (!Directory.Exists(place.DataFolder))
            throw new StoreException($"There is no data folder {place.DataFolder}. Name it with --data.");
        TidyUp(place.DataFolder);
        var held = System.IO.Path.Combine(place.DataFolder, string.Create(CultureInfo.InvariantCulture, $"{HeldMark}{Environment.ProcessId}"));
        try
        {
            Folder.MakeFolder(held);
            var (moment, at, documents, missing) = Hold(place, held, time);
            using (moment)
            {
                Folder.MakeFile(unfinished);
                BackupManifest manifest;
                using (var stream = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
                {
                    using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
                    {
                        var tables = CarriedTable.All.Select(table => WriteRows(zip, table, moment, ct)).ToList();
                        var files = documents.Except(missing).Select(name => WriteFile(zip, held, name, ct)).ToList();
                        manifest = new BackupManifest(BackupManifest.KnownFormat, at, program, place.Database is null ? "SQLite" : "PostgreSQL", moment.Schema, keyId, moment.LastMessage(), tables, files, missing);
                        using var part = zip.CreateEntry(BackupManifest.Name).Open();
                        JsonSerializer.Serialize(part, manifest, BackupManifest.Form);
                    }

                    stream.Flush(flushToDisk: true);
                }

                File.Move(unfinished, file);
                return manifest;
            }
        }
        finally
        {
            File.Delete(unfinished);
            if (Directory.Exists(held))
                Directory.Delete(held, recursive: true);
        }
    }

    /// <summary>Checks a backup, and restores it into a place where there is no store yet. What is restored starts with the stop switch on.</summary>
    /// <param name="by">Who restores, for the record.</param>
    /// <exception cref="StoreException">The backup is damaged or of another version, or the place is taken; then nothing was restored.</exception>
    public static BackupManifest Restore(string file, StorePlace place, string by, TimeProvider time, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(time);
        using var zip = Open(file);
        var manifest = Check(file, zip, ct);
        // The files go into the folder wherever the rows go, and a server that has it must not see them come.
        using var folder = place.Database is null ? null : Folder.Take(place.DataFolder);
        using var landing = Landing.At(place, time);
        var vault = System.IO.Path.Combine(place.DataFolder, VaultFolder.InDataFolder);
        foreach (var part in manifest.Files)
        {
            ct.ThrowIfCancellationRequested();
            using var content = zip.GetEntry(VaultPart + part.File)!.Open();
            VaultFolder.PutBack(vault, part.File, content);
        }

        var stopped = new StoppedRows(manifest, by, time.GetUtcNow());
        foreach (var table in CarriedTable.All)
        {
            ct.ThrowIfCancellationRequested();
            landing.Fill(table, stopped.Changed(table, Rows(zip, table)));
        }

        landing.SetLastMessage(manifest.LastMessage);
        landing.Land();
        return manifest;
    }

    /// <summary>The moment, and the files that its rows name, held so that no server can remove them meanwhile.</summary>
    private static (Moment Moment, DateTimeOffset At, IReadOnlyList<string> Documents, IReadOnlyList<string> Missing) Hold(StorePlace place, string held, TimeProvider time)
    {
        var vault = System.IO.Path.Combine(place.DataFolder, VaultFolder.InDataFolder);
        var table = CarriedTable.All.Single(one => one.Name == Table.Of<VaultDocumentRow>().Name);
        for (var attempt = 1; ; attempt++)
        {
            var at = time.GetUtcNow();
            var moment = Moment.Of(place);
            try
            {
                var documents = moment.Rows(table).Select(row => (string)row[table.IndexOf(nameof(VaultDocumentRow.File))]!).ToList();
                var missing = documents.Where(name => !VaultFolder.Hold(vault, name, held)).ToList();
                // One that was removed since the moment is not in the next. One that never comes is gone for good: the backup says so.
                if (missing.Count == 0 || attempt == Moments)
                    return (moment, at, documents, missing);
            }
            catch
            {
                moment.Dispose();
                throw;
            }

            moment.Dispose();
        }
    }

    /// <summary>What a backup that was killed has left.</summary>
    private static void TidyUp(string dataFolder)
    {
        foreach (var left in Directory.EnumerateDirectories(dataFolder, HeldMark + "*"))
        {
            if (!Directory.Exists($"/proc/{System.IO.Path.GetFileName(left)[HeldMark.Length..]}"))
                Directory.Delete(left, recursive: true);
        }
    }

    private static TableCount WriteRows(ZipArchive zip, CarriedTable table, Moment moment, CancellationToken ct)
    {
        using var count = new RowCount();
        using var part = zip.CreateEntry($"rows/{table.Name}.jsonl", CompressionLevel.Fastest).Open();
        foreach (var row in moment.Rows(table))
        {
            ct.ThrowIfCancellationRequested();
            part.Write(count.Add(row));
        }

        return count.Of(table);
    }

    private static BackupFilePart WriteFile(ZipArchive zip, string held, string name, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var content = new FileStream(System.IO.Path.Combine(held, name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var digest = Convert.ToHexStringLower(SHA256.HashData(content));
        content.Position = 0;
        using var part = zip.CreateEntry(VaultPart + name, CompressionLevel.Fastest).Open();
        content.CopyTo(part);
        return new BackupFilePart(name, content.Length, digest);
    }

    private static ZipArchive Open(string file)
    {
        try
        {
            return new ZipArchive(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read), ZipArchiveMode.Read);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new StoreException($"{file} is no backup that can be read: {exception.Message}", exception);
        }
    }

    /// <summary>Every part is there and is the one that was written, before any of it is used.</summary>
    private static BackupManifest Check(string file, ZipArchive zip, CancellationToken ct)
    {
        try
        {
            var manifest = Read(zip) ?? throw Damaged("its manifest is missing: it was not written to its end");
            var known = Migration.Embedded("sqlite")[^1].Number;
            if (manifest.Format != BackupManifest.KnownFormat || manifest.Schema != known)
                throw new StoreException($"{file} was made by Vedette {manifest.Program}, with schema {manifest.Schema}; this version restores schema {known}. Restore it with the version that made it, and start this one then.");
            foreach (var table in CarriedTable.All)
            {
                ct.ThrowIfCancellationRequested();
                using var part = (zip.GetEntry($"rows/{table.Name}.jsonl") ?? throw Damaged($"the rows of {table.Name} are missing")).Open();
                if (manifest.Tables.SingleOrDefault(one => one.Name == table.Name)?.Sha256 != Convert.ToHexStringLower(SHA256.HashData(part)))
                    throw Damaged($"the rows of {table.Name} are not those that were written");
            }

            foreach (var one in manifest.Files)
            {
                ct.ThrowIfCancellationRequested();
                if (!VaultName().IsMatch(one.File))
                    throw Damaged($"it names a file that no vault has");
                using var part = (zip.GetEntry(VaultPart + one.File) ?? throw Damaged($"the file {one.File} is missing")).Open();
                if (one.Sha256 != Convert.ToHexStringLower(SHA256.HashData(part)))
                    throw Damaged($"the file {one.File} is not the one that was written");
            }

            return manifest;
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw Damaged(exception.Message);
        }

        StoreException Damaged(string why) => new($"{file} is damaged: {why.TrimEnd('.')}. Nothing was restored; take another backup.");
    }

    private static BackupManifest? Read(ZipArchive zip)
    {
        if (zip.GetEntry(BackupManifest.Name) is not { } entry)
            return null;
        using var part = entry.Open();
        return JsonSerializer.Deserialize<BackupManifest>(part, BackupManifest.Form);
    }

    private static IEnumerable<object?[]> Rows(ZipArchive zip, CarriedTable table)
    {
        using var lines = new StreamReader(zip.GetEntry($"rows/{table.Name}.jsonl")!.Open());
        while (lines.ReadLine() is { } line)
            yield return RowLines.Read(table, line);
    }

    [GeneratedRegex("^[0-9a-f]{2}/[0-9a-f]{40}-[0-9a-f]{8}$")]
    private static partial Regex VaultName();

    /// <summary>Sets the stop switch in what is restored, and writes it into the record, as the last of both.</summary>
    private sealed class StoppedRows(BackupManifest manifest, string by, DateTimeOffset now)
    {
        private readonly string _reason = string.Create(CultureInfo.InvariantCulture, $"restored from backup of {manifest.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
        private long _switch;

        /// <summary>The tables come in the order of <see cref="CarriedTable.All"/>: audit before setting, and the blocks of ids last.</summary>
        public IEnumerable<object?[]> Changed(CarriedTable table, IEnumerable<object?[]> rows) => table.Name switch
        {
            "setting" => Setting(rows),
            "audit" => Audit(rows),
            "id_block" => Blocks(table, rows),
            _ => rows,
        };

        private IEnumerable<object?[]> Setting(IEnumerable<object?[]> rows)
        {
            var last = 0L;
            var found = false;
            foreach (var row in rows.Select(Stored.Row<SettingRow>))
            {
                var restored = row.Name == StopAfterRestore.Setting;
                found |= restored;
                last = row.Id;
                yield return Stored.Values(restored ? StopAfterRestore.Row(row, row.Id, _reason, now) : row);
            }

            if (!found)
            {
                _switch = last + 1;
                yield return Stored.Values(StopAfterRestore.Row(null, _switch, _reason, now));
            }
        }

        private IEnumerable<object?[]> Audit(IEnumerable<object?[]> rows)
        {
            var (id, number, hash) = (0L, 0L, "");
            foreach (var values in rows)
            {
                var row = Stored.Row<AuditRow>(values);
                id = Math.Max(id, row.Id);
                if (row.Chain == "main" && row.Number > number)
                    (number, hash) = (row.Number, row.Hash);
                yield return values;
            }

            yield return Stored.Values(AuditChain.Link(StopAfterRestore.Audit(_reason, by, now) with { Id = id + 1 }, number + 1, hash));
        }

        /// <summary>An id that was taken here is not handed out again.</summary>
        private IEnumerable<object?[]> Blocks(CarriedTable table, IEnumerable<object?[]> rows)
        {
            var next = table.IndexOf("Next");
            foreach (var row in rows)
            {
                if ((string)row[table.IndexOf("Name")]! == "setting" && (long)row[next]! <= _switch)
                    row[next] = _switch + 1;
                yield return row;
            }
        }
    }
}
