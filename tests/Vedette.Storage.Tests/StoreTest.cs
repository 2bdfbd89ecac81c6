using Vedette.Engine.Storage;
using Vedette.Storage.Writing;

namespace Vedette.Storage.Tests;

/// <summary>A store of its own, gone afterwards: what is proved of one database is proved of each.</summary>
public abstract class StoreTest(StoreHome home) : IAsyncLifetime
{
    protected StoreHome Home => home;

    protected OneWriterStore Store { get; set; } = null!;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await home.Open();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await home.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<Commit> Do(params Write[] writes)
    {
        var unit = new Unit();
        foreach (var write in writes)
            unit.Add(write);
        return await Store.Commit(unit, Ct);
    }

    protected async Task Must(params Write[] writes) => Assert.Equal(new Commit(CommitKind.Done), await Do(writes));

    protected async Task Reopen()
    {
        await Store.DisposeAsync();
        Store = await home.Open();
    }
}

/// <summary>What is true of SQLite alone.</summary>
public abstract class SqliteTest : StoreTest
{
    private readonly SqliteHome _home;

    protected SqliteTest()
        : this(new SqliteHome())
    {
    }

    private SqliteTest(SqliteHome home)
        : base(home)
    {
        _home = home;
        home.Options = () => Options;
    }

    protected string Root => _home.Root;

    protected string Folder => _home.Folder;

    protected string File => _home.File;

    protected virtual SqliteStoreOptions Options => new() { Folder = Folder };
}
