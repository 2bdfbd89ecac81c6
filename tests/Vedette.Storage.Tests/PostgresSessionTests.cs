using Npgsql;
using Vedette.Engine.Storage;
using Vedette.Storage.Postgres;
using Vedette.Storage.Tables;
using Vedette.Tests.Postgres;

namespace Vedette.Storage.Tests;

/// <summary>Who holds the store, and what becomes of units whose session is lost.</summary>
public sealed class PostgresSessionTests : StoreTest
{
    private readonly SharedPostgres _shared;
    private readonly PostgresHome _home;
    private Action<NpgsqlConnection>? _beforeCommit;

    public PostgresSessionTests(SharedPostgres shared)
        : this(shared, new PostgresHome(shared))
    {
    }

    private PostgresSessionTests(SharedPostgres shared, PostgresHome home)
        : base(home)
    {
        (_shared, _home) = (shared, home);
        home.Options = options => options with { BeforeCommit = connection => _beforeCommit?.Invoke(connection) };
    }

    [Fact]
    public async Task TheStoreIsForOneProcess_WhoIsNamed()
    {
        var options = await _home.Where();
        var refused = await Assert.ThrowsAsync<StoreException>(() => PostgresStore.Open(options with { Patience = TimeSpan.Zero }, Ct));
        Assert.Contains($"is in use by vedette on {Environment.MachineName}, process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("stop that one, or give this one a database of its own", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASessionThatIsLostBetweenUnitsIsReplaced()
    {
        await Must(new Insert(Samples.Container(1, "a")), new AppendAudit(Samples.Audit("a")));
        await (await _shared.Cluster).EndSessions(_home.ConnectionString);
        await Must(new Insert(Samples.Container(2, "b")), new AppendAudit(Samples.Audit("b")));
        Assert.Equal(2, await Store.Count<ContainerRow>(Where.All, Ct));
        Assert.Empty(Engine.Audit.AuditChain.Verify(await Store.Select<AuditRow>(new Query(), Ct)));
    }

    [Fact]
    public async Task ASessionThatIsLostUnderAUnitBeforeItsCommit_TheUnitIsDoneOnce()
    {
        var times = 0;
        _beforeCommit = connection =>
        {
            // The second time it goes through.
            if (times++ == 0)
            {
                End(connection);
                using var notices = new NpgsqlCommand("SELECT 1", connection);
                notices.ExecuteNonQuery();
            }
        };
        await Must(new Insert(Samples.Container(1, "a")), new Increase(typeof(ContainerRow), 1, "AlertCount", 1));
        Assert.Equal((2, 2L), (times, (await Store.Find<ContainerRow>(1, Ct))!.AlertCount));
    }

    [Fact]
    public async Task ASessionThatIsLostUnderTheCommit_TheUnitIsAnsweredAsTheDatabaseHasIt()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        _beforeCommit = End;
        var lost = await Do(new Increase(typeof(ContainerRow), 1, "AlertCount", 1));
        _beforeCommit = null;
        Assert.Equal(CommitKind.Unavailable, lost.Kind);
        Assert.Equal(1, (await Store.Find<ContainerRow>(1, Ct))!.AlertCount);
        await Must(new Increase(typeof(ContainerRow), 1, "AlertCount", 1));
        Assert.Equal(2, (await Store.Find<ContainerRow>(1, Ct))!.AlertCount);
    }

    /// <summary>The COMMIT itself goes through, and the answer to it is lost.</summary>
    [Fact]
    public async Task ACommitWhoseAnswerIsLost_IsAnsweredAsDone()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        var times = 0;
        _beforeCommit = connection =>
        {
            if (times++ == 0)
            {
                using var commit = new NpgsqlCommand("COMMIT", connection);
                commit.ExecuteNonQuery();
                End(connection);
            }
        };
        await Must(new Increase(typeof(ContainerRow), 1, "AlertCount", 1));
        Assert.Equal((1, 2L), (times, (await Store.Find<ContainerRow>(1, Ct))!.AlertCount));
    }

    [Fact]
    public async Task AStoreThatAnotherTookMeanwhile_IsNotWrittenToAnyMore()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        await _home.Sql("UPDATE store_holder SET generation = generation + 1");
        var refused = await Do(new Insert(Samples.Container(2, "b")));
        Assert.Equal(CommitKind.Unavailable, refused.Kind);
        Assert.Contains("taken over by another server. End this process", refused.What, StringComparison.Ordinal);
        Assert.Equal(CommitKind.Unavailable, (await Do(new Insert(Samples.Container(3, "c")))).Kind);
        await Reopen();
        Assert.Equal(1, await Store.Count<ContainerRow>(Where.All, Ct));
    }

    [Fact]
    public async Task AFailedCommitKeepsNothingOfTheBatchAndTheWriterGoesOn()
    {
        _beforeCommit = _ => throw new PostgresException("could not extend file: No space left on device", "ERROR", "ERROR", "53100");
        var failed = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Do(new Insert(Samples.Container(i, $"s{i}")), new AppendAudit(Samples.Audit("a")))));
        Assert.All(failed, c => Assert.Equal(CommitKind.Unavailable, c.Kind));
        _beforeCommit = null;
        Assert.Equal(0, await Store.Count<ContainerRow>(Where.All, Ct));
        await Must(new Insert(Samples.Container(1, "s1")), new AppendAudit(Samples.Audit("a")));
        Assert.Equal(1, (await Store.Select<AuditRow>(new Query(), Ct)).Single().Number);
    }

    [Fact]
    public async Task AnOlderDatabaseIsMovedOnAndANewerOneRefused()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        await Store.DisposeAsync();
        var options = await _home.Where();
        var known = Migration.Embedded("postgres")[^1].Number;
        Assert.Equal(Migration.Embedded("sqlite").Select(step => step.Name), Migration.Embedded("postgres").Select(step => step.Name));
        IReadOnlyList<Migration> next = [.. Migration.Embedded("postgres"), new Migration(known + 1, $"{known + 1:0000}_more", "CREATE TABLE more (id BIGINT PRIMARY KEY)")];
        await (await PostgresStore.Open(options, next, Ct)).DisposeAsync();
        var refused = await Assert.ThrowsAsync<StoreException>(() => PostgresStore.Open(options, Ct));
        Assert.Contains($"has schema {known + 1}; this version of Vedette knows up to {known}", refused.Message, StringComparison.Ordinal);

        // A step that fails leaves the schema as it was.
        IReadOnlyList<Migration> broken = [.. next, new Migration(known + 2, $"{known + 2:0000}_broken", "CREATE TABLE half (id BIGINT PRIMARY KEY); CREATE TABLE more (id BIGINT)")];
        await Assert.ThrowsAnyAsync<Exception>(() => PostgresStore.Open(options, broken, Ct));
        Store = await PostgresStore.Open(options, next, Ct);
        Assert.NotNull(await Store.Find<ContainerRow>(1, Ct));
    }

    /// <summary>Started again in the middle: what was answered as done is there, once; what was not is told so.</summary>
    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task TheDatabaseIsStartedAgainUnderLoad_NothingThatWasAnsweredIsLostOrDoubled(string mode)
    {
        await using var cluster = await PostgresCluster.Start();
        await using var store = await PostgresStore.Open(new PostgresStoreOptions { Address = PostgresAddress.Parse(await cluster.NewDatabase()) }, Ct);
        var unit = new Unit();
        unit.Insert(Samples.Container(1, "counter"));
        Assert.True((await store.Commit(unit, Ct)).IsDone);
        var (done, enough) = (0L, false);
        var first = new TaskCompletionSource();
        var load = Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            while (!Volatile.Read(ref enough))
            {
                var add = new Unit();
                add.Add(new Increase(typeof(ContainerRow), 1, "AlertCount", 1));
                var commit = await store.Commit(add, Ct);
                if (commit.IsDone)
                {
                    Interlocked.Increment(ref done);
                    first.TrySetResult();
                }
                else
                {
                    Assert.Equal(CommitKind.Unavailable, commit.Kind);
                }
            }
        })).ToList();
        await first.Task.WaitAsync(Ct);
        await cluster.Down(mode);
        // All of the load may be in one commit that is in doubt, and waits; what comes later is refused.
        var late = new Unit();
        late.Insert(Samples.Container(2, "late"));
        Assert.Equal(CommitKind.Unavailable, (await store.Commit(late, Ct)).Kind);
        Assert.False(store.Reachable);
        // Who reads waits until there is something to read.
        var waits = store.Find<ContainerRow>(1, Ct);
        await cluster.Up();
        Assert.True((await waits)!.AlertCount >= 1);
        var before = Interlocked.Read(ref done);
        while (Interlocked.Read(ref done) == before)
            await Task.Yield();
        Volatile.Write(ref enough, true);
        await Task.WhenAll(load);
        Assert.True(store.Reachable);
        Assert.Equal(1 + done, (await store.Find<ContainerRow>(1, Ct))!.AlertCount);
    }

    /// <summary>Ends the session of the writer, and waits until it is over.</summary>
    private void End(NpgsqlConnection connection)
    {
        using var other = new NpgsqlConnection(_home.ConnectionString + ";Pooling=false");
        other.Open();
        using var end = new NpgsqlCommand($"SELECT pg_terminate_backend({connection.ProcessID}, 10000)", other);
        Assert.True((bool)end.ExecuteScalar()!);
    }
}
