using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;

namespace Vedette.Storage.Tests;

public sealed class SqliteCommitTests() : CommitTests(new SqliteHome());

public sealed class PostgresCommitTests(SharedPostgres shared) : CommitTests(new PostgresHome(shared))
{
    /// <summary>Threads of their own: with all of the pool's held up, the writer of this store has been seen to stand until the pool had grown.</summary>
    protected override TaskCreationOptions WhoWaits => TaskCreationOptions.LongRunning;
}

public abstract class CommitTests(StoreHome home) : StoreTest(home)
{
    [Fact]
    public async Task UpdateMovesVersionAndTimeAndIsStaleOnAnOldVersion()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        await Must(new Update(typeof(ContainerRow), 1, 1, [("Name", "new"), ("OwnerId", 4), ("DueTime", Samples.Noon)]));
        var row = (await Store.Find<ContainerRow>(1, Ct))!;
        Assert.Equal(("new", 4L, Samples.Noon, 2L), (row.Name, row.OwnerId, row.DueTime, row.Version));
        Assert.True(row.UpdatedAt > Samples.Noon);
        Assert.Equal(CommitKind.Stale, (await Do(new Update(typeof(ContainerRow), 1, 1, [("Name", "x")]))).Kind);
        Assert.Equal(CommitKind.Stale, (await Do(new Update(typeof(ContainerRow), 9, null, [("Name", "x")]))).Kind);
        Assert.Equal(CommitKind.Stale, (await Do(new Expect(typeof(ContainerRow), 1, 1))).Kind);
        await Must(new Expect(typeof(ContainerRow), 1, 2));
    }

    [Fact]
    public async Task NothingOfARefusedUnitStays()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        var refused = await Do(new Insert(Samples.Container(2, "b")), new Insert(Samples.Container(3, "a")));
        Assert.Equal(CommitKind.Taken, refused.Kind);
        Assert.Contains("source_data_identifier", refused.What, StringComparison.Ordinal);
        Assert.Null(await Store.Find<ContainerRow>(2, Ct));
        Assert.Equal(CommitKind.Taken, (await Do(new Insert(Samples.Container(1, "z")))).Kind);
    }

    [Fact]
    public async Task UnitsOfOneGroupDoNotSpoilEachOther()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        var commits = Enumerable.Range(0, 600).Select(i => (i % 3) switch
        {
            0 => Do(new Insert(Samples.Container(100 + i, $"s{i}")), new AppendAudit(Samples.Audit($"good {i}"))),
            1 => Do(new AppendAudit(Samples.Audit("bad")), new Insert(Samples.Container(100 + i, "a"))),
            _ => Do(new AppendAudit(Samples.Audit("stale")), new Expect(typeof(ContainerRow), 1, 7)),
        }).ToList();
        var kinds = (await Task.WhenAll(commits)).Select(c => c.Kind).ToList();
        Assert.Equal([200, 200, 200], new[] { CommitKind.Done, CommitKind.Taken, CommitKind.Stale }.Select(k => kinds.Count(x => x == k)));
        Assert.Equal(201, await Store.Count<ContainerRow>(Where.All, Ct));
        var audit = await Store.Select<AuditRow>(new Query(), Ct);
        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), audit.Select(a => a.Number));
        Assert.Empty(Engine.Audit.AuditChain.Verify(audit));
    }

    [Fact]
    public async Task AUnitThatCannotBeThrowsAndItsNeighboursGoThrough()
    {
        var bad = Do(new Insert(Samples.Container(1, "a")), new Update(typeof(ContainerRow), 1, null, [("Nmae", "x")]));
        var good = Do(new Insert(Samples.Container(2, "b")));
        Assert.Contains("Nmae", (await Assert.ThrowsAsync<ArgumentException>(() => bad)).Message, StringComparison.Ordinal);
        Assert.True((await good).IsDone);
        Assert.Null(await Store.Find<ContainerRow>(1, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Do(new Insert(Samples.Container(0, "c"))));
    }

    [Fact]
    public async Task ArtifactsAreNumberedInTheOrderOfCommit()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        foreach (var id in new[] { 30L, 10L, 20L })
            await Must(new InsertArtifact(Samples.Artifact(id, 1, $"k{id}")));
        Assert.Equal(CommitKind.Taken, (await Do(new InsertArtifact(Samples.Artifact(40, 1, "k10")))).Kind);
        await Must(new InsertTrigger(new TriggerRow { Id = 1, ContainerId = 1, UserId = 1, CreatedAt = Samples.Noon }));
        var rows = await Store.Select<ArtifactRow>(new Query { Order = [("Number", false)] }, Ct);
        Assert.Equal([(30L, 1L), (10L, 2L), (20L, 3L)], rows.Select(r => (r.Id, r.Number)));
        var container = (await Store.Find<ContainerRow>(1, Ct))!;
        Assert.Equal((3L, 3L, 1L), (container.ArtifactCount, container.ArtifactCounter, container.Version));
        Assert.Equal(3, (await Store.Find<TriggerRow>(1, Ct))!.UpTo);
        Assert.Equal(CommitKind.Stale, (await Do(new InsertArtifact(Samples.Artifact(50, 9, "k")))).Kind);
    }

    [Fact]
    public async Task AMessageIsAppendedOnceAndTakenOnce()
    {
        await Must(new AppendMessage(Samples.Message(1, "m1")), new AppendMessage(Samples.Message(1, "m2")));
        await Must(new AppendMessage(Samples.Message(1, "m1")));
        var messages = await Store.Select<MessageRow>(Query.For(Where.Is("RunId", 1)), Ct);
        Assert.Equal(["m1", "m2"], messages.Select(m => m.MessageId));
        await Must(new TakeMessage(messages[0].RunId, messages[0].MessageId, 3));
        Assert.Equal(CommitKind.Stale, (await Do(new TakeMessage(messages[0].RunId, messages[0].MessageId, 4))).Kind);
        await Must(new Delete(typeof(MessageRow), messages[1].Id), new AppendMessage(Samples.Message(1, "m3")));
        Assert.True((await Store.Select<MessageRow>(Query.For(Where.Is("MessageId", "m3")), Ct)).Single().Id > messages[1].Id);
    }

    [Fact]
    public async Task UpsertIncreaseAndForget()
    {
        var setting = new SettingRow { Id = 1, Name = "stop", Value = "false", UpdatedAt = Samples.Noon };
        await Must(new Upsert(setting, ["Name"]));
        await Must(new Upsert(setting with { Id = 2, Value = "true" }, ["Name"]));
        var stored = (await Store.Select<SettingRow>(new Query(), Ct)).Single();
        Assert.Equal((1L, "true", 2L), (stored.Id, stored.Value, stored.Version));
        await Must(new Insert(Samples.Container(1, "a")), new Increase(typeof(ContainerRow), 1, "AlertCount", 4));
        Assert.Equal(5, (await Store.Find<ContainerRow>(1, Ct))!.AlertCount);
        await Must(
            new Insert(new RunValueRow { Id = 1, RunId = 1, Kind = "data", Name = "a", Value = "1" }),
            new Insert(new RunValueRow { Id = 2, RunId = 2, Kind = "data", Name = "a", Value = "1" }));
        await Must(new ForgetRunValues(1));
        Assert.Equal([2L], (await Store.Select<RunValueRow>(new Query(), Ct)).Select(v => v.Id));
    }

    [Fact]
    public async Task AfterwardsRunOnlyWhenOnDiskAndAFaultInThemDoesNotUndo()
    {
        var ran = new List<string>();
        var unit = new Unit();
        unit.Insert(Samples.Container(1, "a"));
        unit.Afterward(() => throw new InvalidOperationException("wake"));
        unit.Afterward(() => ran.Add("done"));
        Assert.True((await Store.Commit(unit, Ct)).IsDone);
        Assert.Equal(["done"], ran);
        Assert.Equal(CommitKind.Taken, (await Store.Commit(unit, Ct)).Kind);
        Assert.Equal(["done"], ran);
    }

    [Fact]
    public async Task IdsGoOnAfterAReopen()
    {
        var ids = Enumerable.Range(0, 2500).Select(_ => Store.NextId<ContainerRow>()).ToList();
        Assert.Equal(Enumerable.Range(1, 2500).Select(n => (long)n), ids);
        Assert.Equal(1, Store.NextId<ArtifactRow>());
        await Reopen();
        Assert.True(Store.NextId<ContainerRow>() > 2500);
    }

    /// <summary>On which threads it is waited for ids.</summary>
    protected virtual TaskCreationOptions WhoWaits => TaskCreationOptions.DenyChildAttach;

    [Fact]
    public async Task ManyWhoWaitForTheFirstIdsDoNotHoldUpOneAnother()
    {
        // More at once than the pool has threads: where they are the pool's, nobody may need one of them to go on.
        var ids = Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Factory.StartNew(() => Store.NextId<ArtifactRow>(), Ct, WhoWaits, TaskScheduler.Default)).ToList());
        Assert.Equal(200, (await ids.WaitAsync(TimeSpan.FromSeconds(60), Ct)).Distinct().Count());
    }

    [Fact]
    public async Task CapOfUses_RefusesTheUnitThatWouldPassIt_AndCountsEachKeyByItself()
    {
        var commits = await Task.WhenAll(Enumerable.Range(1, 8).Select(i => Do(new CapUses("cap three", "three", "", Samples.Noon, 3, null), Use(i, "three", "", ""))));
        Assert.Equal([3, 5], new[] { CommitKind.Done, CommitKind.Capped }.Select(kind => commits.Count(commit => commit.Kind == kind)));
        Assert.Equal("cap three", commits.First(commit => commit.Kind == CommitKind.Capped).What);
        await Must(new CapUses("cap three", "three", "run 2", Samples.Noon, 3, null), Use(9, "three", "run 2", ""));
        // What lies before the time no longer counts.
        await Must(new CapUses("cap three", "three", "", Samples.Noon.AddHours(2), 3, null));
        Assert.Equal(4, await Store.Count<CapUseRow>(Where.All, Ct));
    }

    [Fact]
    public async Task CapOfTargets_CountsDifferentOnes_AndThoseOfItsOwnUnit()
    {
        await Must(new CapUses("cap two", "two", "", Samples.Noon, 2, "a"), Use(1, "two", "", "a"));
        await Must(new CapUses("cap two", "two", "", Samples.Noon, 2, "a"), Use(2, "two", "", "a"));
        Assert.Equal(CommitKind.Capped, (await Do(new CapUses("cap two", "two", "", Samples.Noon, 2, "b"), Use(3, "two", "", "b"), new CapUses("cap two", "two", "", Samples.Noon, 2, "c"), Use(4, "two", "", "c"))).Kind);
        await Must(new CapUses("cap two", "two", "", Samples.Noon, 2, "b"), Use(5, "two", "", "b"));
        Assert.Equal(CommitKind.Capped, (await Do(new CapUses("cap two", "two", "", Samples.Noon, 2, "c"))).Kind);
        await Must(new CapUses("cap two", "two", "", Samples.Noon, 2, "b"));
    }

    private static Insert Use(long id, string cap, string key, string target) => new(new CapUseRow { Id = id, Cap = cap, Key = key, Target = target, At = Samples.Noon.AddHours(1), ActionRunId = id });
}
