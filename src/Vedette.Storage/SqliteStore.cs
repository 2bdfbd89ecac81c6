using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Vedette.Storage.Sqlite;

namespace Vedette.Storage;

/// <summary>The embedded store: SQLite with a write-ahead log and full durability, one writer, many readers.</summary>
public sealed class SqliteStore : IStore, IAsyncDisposable
{
    private const long IdsAtOnce = 1000;

    private readonly FileStream _lock;
    private readonly Writer _writer;
    private readonly Readers _readers;
    private readonly SqliteConnection _checkpoints;
    private readonly SqliteStoreOptions _options;
    private readonly string _file;
    private readonly ConcurrentDictionary<Type, IdBlock> _ids = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _housekeeping;

    private SqliteStore(FileStream held, string file, SqliteConnection writing, SqliteConnection checkpoints, string reading, SqliteStoreOptions options)
    {
        (_lock, _file, _checkpoints, _options) = (held, file, checkpoints, options);
        _writer = new Writer(writing, options);
        _readers = new Readers(reading, options);
        _housekeeping = Task.Run(Housekeeping);
    }

    public string Description => $"SQLite in {_file}";

    /// <exception cref="StoreException">The folder is in use, not writable, or of a newer version.</exception>
    public static Task<SqliteStore> Open(SqliteStoreOptions options, CancellationToken ct = default) => Task.Run(() => OpenNow(options), ct);

    public Task<Commit> Commit(Unit unit, CancellationToken ct = default) => _writer.Commit(unit);

    public long NextId<T>()
        where T : IRow => _ids.GetOrAdd(typeof(T), static (_, store) => new IdBlock(store, Table.Of<T>().Name), this).Next();

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow => _readers.Read(
        statements =>
        {
            var table = Table.Of<T>();
            var statement = statements.Of($"SELECT {table.SelectList} FROM {table.Quoted} t0 WHERE t0.\"id\" = ?1");
            statement.Bind(1, id);
            try
            {
                return statement.Step() ? table.Reader<T>()(statement) : null;
            }
            finally
            {
                statement.Reset();
            }
        },
        ct);

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow
    {
        var table = Table.Of<T>();
        var text = QueryText.Select(table, query);
        return _readers.Read<IReadOnlyList<T>>(
            statements =>
            {
                var statement = Bound(statements, text);
                var rows = new List<T>();
                var reader = table.Reader<T>();
                try
                {
                    while (statement.Step())
                    {
                        rows.Add(reader(statement));
                    }
                }
                finally
                {
                    statement.Reset();
                }

                return rows;
            },
            ct);
    }

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow
    {
        var text = QueryText.Count(Table.Of<T>(), where);
        return _readers.Read(statements => Bound(statements, text).RunNumber() ?? 0, ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _housekeeping;
        await _writer.DisposeAsync();
        _readers.Dispose();
        await _checkpoints.DisposeAsync();
        await _lock.DisposeAsync();
        _end.Dispose();
    }

    private static SqliteStore OpenNow(SqliteStoreOptions options)
    {
        StoreFiles.MakeFolder(options.Folder);
        var held = StoreFiles.Lock(options.Folder);
        try
        {
            var file = System.IO.Path.Combine(options.Folder, options.FileName);
            StoreFiles.MakePrivate(file);
            var text = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
            var writing = Connect(text, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 5000;");
            Migrations.Run(writing, file, options.TimeProvider);
            StoreFiles.KeepPrivate(file + "-wal");
            StoreFiles.KeepPrivate(file + "-shm");
            return new SqliteStore(held, file, writing, Connect(text, "PRAGMA busy_timeout = 100;"), text, options);
        }
        catch (SqliteException exception)
        {
            held.Dispose();
            throw new StoreException($"The database in {options.Folder} cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string text, string pragmas)
    {
        var connection = new SqliteConnection(text);
        connection.Open();
        Migrations.Execute(connection, pragmas);
        return connection;
    }

    private static Statement Bound(Statements statements, QueryText text)
    {
        var statement = statements.Of(text.Sql);
        for (var i = 0; i < text.Values.Count; i++)
        {
            statement.BindValue(i + 1, text.Values[i]);
        }

        return statement;
    }

    /// <summary>Takes the write-ahead log into the database beside the writer, so that it does not grow without end.</summary>
    private async Task Housekeeping()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), _options.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                var log = new FileInfo(_file + "-wal");
                if (log.Exists && log.Length > _options.CheckpointAt)
                {
                    var idle = _options.TimeProvider.GetUtcNow() - log.LastWriteTimeUtc > _options.IdleAfter;
                    Migrations.Execute(_checkpoints, idle ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");
                }
            }
        }
        catch (OperationCanceledException)
        {
            _options.Logger.LogDebug("The store is closing.");
        }
        catch (SqliteException exception)
        {
            _options.Logger.LogError(exception, "The write-ahead log could not be taken into the database; it grows until the next start.");
        }
    }

    /// <summary>Ids of one kind, reserved on disk in blocks: a block that was not used up is a gap after the next start.</summary>
    private sealed class IdBlock(SqliteStore store, string name)
    {
        private readonly Lock _reserving = new();
        private long _next;
        private long _end;

        public long Next()
        {
            lock (_reserving)
            {
                if (_next == _end)
                {
                    _next = store.Reserve(name);
                    _end = _next + IdsAtOnce;
                }

                return _next++;
            }
        }
    }

    private long Reserve(string name)
    {
        var reservation = new ReserveIds(name, IdsAtOnce);
        var unit = new Unit();
        unit.Add(reservation);
        var commit = _writer.Commit(unit).GetAwaiter().GetResult();
        return commit.IsDone ? reservation.First : throw new StoreException($"No ids could be reserved: {commit.What}. Is the disk full?");
    }
}
