using Vedette.Engine.Storage;
using Vedette.Storage.Sqlite;

namespace Vedette.Storage;

/// <summary>
/// The store as somebody sees it who only looks: takes no lock, so a server may run beside it, and each query sees what was committed when
/// it began. Migrates nothing.
/// </summary>
public sealed class ReadOnlyStore : IStore, IAsyncDisposable
{
    private readonly Readers _readers;

    private ReadOnlyStore(string file, SqliteStoreOptions options)
    {
        Description = $"SQLite in {file}, to read only";
        _readers = new Readers(file, options);
    }

    public string Description { get; }

    /// <exception cref="StoreException">There is no store, or its schema is of another version.</exception>
    public static ReadOnlyStore Open(SqliteStoreOptions options)
    {
        var look = StoreLook.At(options);
        return look.Fault is { } fault ? throw new StoreException(fault) : new ReadOnlyStore(look.File, options);
    }

    public Task<Commit> Commit(Unit unit, CancellationToken ct = default) => throw new InvalidOperationException("This store is only read.");

    public long NextId<T>()
        where T : IRow => throw new InvalidOperationException("This store is only read.");

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow => _readers.Find<T>(null, id, ct);

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow => _readers.Select<T>(null, query, ct);

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow => _readers.Count<T>(where, ct);

    public ValueTask DisposeAsync()
    {
        _readers.Dispose();
        return ValueTask.CompletedTask;
    }
}
