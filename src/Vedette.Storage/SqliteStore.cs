using Microsoft.Data.Sqlite;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;
using Vedette.Storage.Writing;

namespace Vedette.Storage;

/// <summary>The store in one SQLite file: one thread writes, in groups and in order; a pool of connections reads what is committed.</summary>
public sealed class SqliteStore : OneWriterStore
{
    private readonly Folder _folder;
    private readonly Writer _writer;
    private readonly Readers _readers;
    private readonly Checkpoints _checkpoints;

    private SqliteStore(SqliteStoreOptions options, string file, Folder folder)
        : base(options.Logger)
    {
        _folder = folder;
        Description = $"SQLite in {file}";
        _writer = new Writer(file, options, Kept);
        try
        {
            _readers = new Readers(file, options);
            _checkpoints = new Checkpoints(file, options, _writer);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }
    }

    public override string Description { get; }

    private protected override IUnitWriter Writer => _writer;

    private protected override Reading Reading => _readers;

    /// <summary>Opens the store, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">The folder is in use, or the database is of a newer version.</exception>
    public static Task<SqliteStore> Open(SqliteStoreOptions options, CancellationToken ct = default) => Open(options, Migration.Embedded("sqlite"), ct);

    internal static Task<SqliteStore> Open(SqliteStoreOptions options, IReadOnlyList<Migration> migrations, CancellationToken ct) => Task.Run(
        () =>
        {
            var folder = Folder.Take(options.Folder);
            try
            {
                var file = System.IO.Path.Combine(options.Folder, options.FileName);
                Folder.MakeFile(file);
                using (var connection = Connections.Writing(file, options.CheckpointAt))
                    SqliteMigrations.Run(connection, file, migrations, options.TimeProvider);
                return new SqliteStore(options, file, folder);
            }
            catch (SqliteException e)
            {
                folder.Dispose();
                throw new StoreException($"The database in {options.Folder} cannot be opened: {e.Message} See that the disk has room and that the file is whole, or put a backup back.", e);
            }
            catch
            {
                folder.Dispose();
                throw;
            }
        },
        ct);

    private protected override async Task Close()
    {
        await Task.Run(() =>
        {
            _writer.Dispose();
            _readers.Dispose();
        }).ConfigureAwait(false);
        await _checkpoints.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }
}
