using Vedette.Engine.Storage;
using Vedette.Storage.Postgres;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage;

/// <summary>
/// The store as somebody sees it who only looks: takes no lock, so a server may run beside it, and each query sees what was committed when
/// it began. Migrates nothing.
/// </summary>
public sealed class ReadOnlyStore : IStore, IAsyncDisposable
{
    private readonly Reading _reading;

    private ReadOnlyStore(string description, Reading reading) => (Description, _reading) = ($"{description}, to read only", reading);

    public string Description { get; }

    /// <exception cref="StoreException">There is no store, or its schema is of another version.</exception>
    public static ReadOnlyStore Open(SqliteStoreOptions options)
    {
        var look = StoreLook.At(options);
        return look.Fault is { } fault ? throw new StoreException(fault) : new ReadOnlyStore($"SQLite in {look.File}", new Readers(look.File, options));
    }

    /// <exception cref="StoreException">It cannot be reached, there is no store in it, or its schema is of another version.</exception>
    public static ReadOnlyStore Open(PostgresAddress address)
    {
        const int Most = 4;
        var longest = TimeSpan.FromSeconds(30);
        var look = PostgresLook.At(address);
        return look.Fault is { } fault ? throw new StoreException(fault) : new ReadOnlyStore($"PostgreSQL: {address}", new PostgresReaders(address.Readers(Holding.Program, Most, longest), longest, null));
    }

    public Task<Commit> Commit(Unit unit, CancellationToken ct = default) => throw new InvalidOperationException("This store is only read.");

    public long NextId<T>()
        where T : IRow => throw new InvalidOperationException("This store is only read.");

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow => _reading.Find<T>(null, id, ct);

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow => _reading.Select<T>(null, query, ct);

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow => _reading.Count<T>(where, ct);

    public ValueTask DisposeAsync()
    {
        (_reading as IDisposable)?.Dispose();
        return (_reading as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
