using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vedette.Storage.Postgres;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Writing;

namespace Vedette.Storage;

/// <summary>Where an installation keeps its rows: in a file in its data folder, or in a PostgreSQL database. Keys and files of events are in the folder either way.</summary>
public sealed record StorePlace(string DataFolder, PostgresAddress? Database = null)
{
    /// <summary>Stands behind the name of a file whose rows were moved elsewhere, before the time.</summary>
    internal const string MovedMark = ".moved-";

    public override string ToString() => Database?.ToString() ?? $"the SQLite store in {DataFolder}";

    /// <summary>Opens the store for the one process that has it, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">It is in use, cannot be used, or is of a newer version; the message says what to do.</exception>
    public async Task<OneWriterStore> Open(ILogger? log = null, TimeProvider? time = null, CancellationToken ct = default)
    {
        var (logger, clock) = (log ?? NullLogger.Instance, time ?? TimeProvider.System);
        if (Database is not { } database)
        {
            if (!File.Exists(System.IO.Path.Combine(DataFolder, SqliteStoreOptions.DefaultFileName)) && Moved() is { } moved)
                throw new StoreException($"The store of {DataFolder} was moved to PostgreSQL. Set VEDETTE_STORE or \"store\" in the settings file to its connection string; or, to go on with the file as it was, give {moved} the name {SqliteStoreOptions.DefaultFileName} again.");
            return await SqliteStore.Open(new SqliteStoreOptions { Folder = DataFolder, Logger = logger, TimeProvider = clock }, ct).ConfigureAwait(false);
        }

        // The keys and files in the folder are for one process, whatever holds the rows.
        var folder = Folder.Take(DataFolder);
        try
        {
            if (File.Exists(System.IO.Path.Combine(DataFolder, SqliteStoreOptions.DefaultFileName)) && PostgresLook.At(database) is { Reached: true, Exists: false })
                throw new StoreException($"{DataFolder} holds a store in SQLite, and {database} is empty. Move it there first (vedette migrate), or name another data folder.");
            return await PostgresStore.Open(new PostgresStoreOptions { Address = database, Logger = logger, TimeProvider = clock }, folder, ct).ConfigureAwait(false);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The store as somebody sees it who only looks.</summary>
    /// <exception cref="StoreException">There is no store, or its schema is of another version.</exception>
    public ReadOnlyStore OpenToRead() => Database is { } database ? ReadOnlyStore.Open(database) : ReadOnlyStore.Open(new SqliteStoreOptions { Folder = DataFolder });

    /// <summary>What can be said of the store from outside, without taking or changing it.</summary>
    public StoreLook Look() => Database is { } database
        ? PostgresLook.At(database) is var look && Folder.IsTaken(DataFolder) ? look with { InUse = true } : look
        : StoreLook.At(new SqliteStoreOptions { Folder = DataFolder });

    private string? Moved() => Directory.Exists(DataFolder) ? Directory.EnumerateFiles(DataFolder, $"{SqliteStoreOptions.DefaultFileName}{MovedMark}*").Order(StringComparer.Ordinal).LastOrDefault() : null;

    /// <summary>Whether a process on this machine has the data folder.</summary>
    public static bool IsInUse(string dataFolder) => Folder.IsTaken(dataFolder);
}
