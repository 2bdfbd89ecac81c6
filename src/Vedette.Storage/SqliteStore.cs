using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Vedette.Storage.Sqlite;

namespace Vedette.Storage;

/// <summary>The store in one SQLite file: one thread writes, in groups and in order; a pool of connections reads what is committed.</summary>
public sealed class SqliteStore : IStore, IAsyncDisposable
{
    private readonly SqliteStoreOptions _options;
    private readonly Folder _folder;
    private readonly Writer _writer;
    private readonly Readers _readers;
    private readonly Kept _kept = new();
    private readonly Checkpoints _checkpoints;
    private readonly ConcurrentDictionary<Type, Ids> _ids = new();
    private int _disposed;

    private SqliteStore(SqliteStoreOptions options, string file, Folder folder)
    {
        _options = options;
        _folder = folder;
        Description = $"SQLite in {file}";
        _writer = new Writer(file, options, _kept);
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

    public string Description { get; }

    /// <summary>Opens the store, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">The folder is in use, or the database is of a newer version.</exception>
    public static Task<SqliteStore> Open(SqliteStoreOptions options, CancellationToken ct = default) => Open(options, Migrations.Embedded(), ct);

    internal static Task<SqliteStore> Open(SqliteStoreOptions options, IReadOnlyList<Migration> migrations, CancellationToken ct) => Task.Run(
        () =>
        {
            var folder = Folder.Take(options.Folder);
            try
            {
                var file = System.IO.Path.Combine(options.Folder, options.FileName);
                Folder.MakeFile(file);
                using (var connection = Connections.Writing(file, options.CheckpointAt))
                    Migrations.Run(connection, file, migrations, options.TimeProvider);
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

    public async Task<Commit> Commit(Unit unit, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var commit = await _writer.Commit(unit, ct).ConfigureAwait(false);
        if (commit.IsDone)
            RunAfterwards(unit);
        return commit;
    }

    public long NextId<T>()
        where T : IRow => _ids.GetOrAdd(typeof(T), static (type, writer) => new Ids(Table.Of(type), writer), _writer).Next();

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow => _readers.Find<T>(_kept, id, ct);

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow => _readers.Select<T>(_kept, query, ct);

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow => _readers.Count<T>(where, ct);

    /// <summary>Carries out what waits, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await Task.Run(() =>
        {
            _writer.Dispose();
            _readers.Dispose();
        }).ConfigureAwait(false);
        await _checkpoints.DisposeAsync().ConfigureAwait(false);
        _folder.Dispose();
    }

    /// <summary>The unit is on disk: a fault in what follows must not look as if it were not.</summary>
    private void RunAfterwards(Unit unit)
    {
        foreach (var action in unit.Afterwards)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                _options.Logger.LogError(e, "What was to be done after a commit failed; the commit stands.");
            }
        }
    }
}
