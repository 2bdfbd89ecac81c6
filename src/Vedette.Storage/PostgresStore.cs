using Vedette.Storage.Postgres;
using Vedette.Storage.Tables;
using Vedette.Storage.Writing;

namespace Vedette.Storage;

/// <summary>The store in a PostgreSQL database: one session writes, in groups and in order; a pool of connections reads what is committed.</summary>
public sealed class PostgresStore : OneWriterStore
{
    private readonly PostgresWriter _writer;
    private readonly PostgresReaders _readers;
    private readonly Reach _reach;
    private readonly Watch _watch;
    private IDisposable? _folder;

    private PostgresStore(PostgresStoreOptions options, Holding holding)
        : base(options.Logger)
    {
        Description = $"PostgreSQL {holding.Connection.PostgreSqlVersion}: {options.Address}";
        _reach = new Reach(options.Logger, () => _writer?.LookNow());
        _writer = new PostgresWriter(holding, options, Kept, _reach);
        _readers = new PostgresReaders(options.Address.Readers(Holding.Program, options.Readers, options.LongestRead), options.LongestRead, _reach);
        _watch = new Watch(options.Address, _reach);
    }

    public override string Description { get; }

    public override bool Reachable => _reach.Has;

    private protected override IUnitWriter Writer => _writer;

    private protected override Reading Reading => _readers;

    /// <summary>Opens the store, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">It is held by another server, cannot be used, or is of a newer version.</exception>
    public static Task<PostgresStore> Open(PostgresStoreOptions options, CancellationToken ct = default) => Open(options, Migration.Embedded("postgres"), ct);

    /// <param name="folder">Held as long as the store is.</param>
    internal static async Task<PostgresStore> Open(PostgresStoreOptions options, IDisposable folder, CancellationToken ct)
    {
        var store = await Open(options, ct).ConfigureAwait(false);
        store._folder = folder;
        return store;
    }

    internal static Task<PostgresStore> Open(PostgresStoreOptions options, IReadOnlyList<Migration> migrations, CancellationToken ct) =>
        Task.Run(() => new PostgresStore(options, Holding.Take(options.Address, migrations, options.TimeProvider, options.Patience)), ct);

    private protected override async Task Close()
    {
        await _watch.DisposeAsync().ConfigureAwait(false);
        await Task.Run(_writer.Dispose).ConfigureAwait(false);
        await _readers.DisposeAsync().ConfigureAwait(false);
        _folder?.Dispose();
    }
}
