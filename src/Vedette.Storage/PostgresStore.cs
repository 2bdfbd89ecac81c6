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

    private PostgresStore(PostgresStoreOptions options, Holding holding)
        : base(options.Logger)
    {
        Description = $"PostgreSQL {holding.Connection.PostgreSqlVersion}: {options.Address}";
        _reach = new Reach(options.Logger, () => _writer?.LookNow());
        _writer = new PostgresWriter(holding, options, Kept, _reach);
        _readers = new PostgresReaders(options.Address.Readers(Holding.Program, options.Readers, options.LongestRead), options.LongestRead, _reach);
    }

    public override string Description { get; }

    public override bool Reachable => _reach.Has;

    private protected override IUnitWriter Writer => _writer;

    private protected override Reading Reading => _readers;

    /// <summary>Opens the store, and brings its schema up to date.</summary>
    /// <exception cref="StoreException">It is held by another server, cannot be used, or is of a newer version.</exception>
    public static Task<PostgresStore> Open(PostgresStoreOptions options, CancellationToken ct = default) => Open(options, Migration.Embedded("postgres"), ct);

    internal static Task<PostgresStore> Open(PostgresStoreOptions options, IReadOnlyList<Migration> migrations, CancellationToken ct) =>
        Task.Run(() => new PostgresStore(options, Holding.Take(options.Address, migrations, options.TimeProvider, options.Patience)), ct);

    private protected override async Task Close()
    {
        await Task.Run(_writer.Dispose).ConfigureAwait(false);
        await _readers.DisposeAsync().ConfigureAwait(false);
    }
}
