using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;

namespace Vedette.Storage.Tests;

public sealed class SqliteKeptTests() : KeptTests(new SqliteHome());

public sealed class PostgresKeptTests(SharedPostgres shared) : KeptTests(new PostgresHome(shared));

/// <summary>What the store keeps in memory is never older than what was committed.</summary>
public abstract class KeptTests(StoreHome home) : StoreTest(home)
{
    private static readonly Query BySeverity = Query.For(Where.Is("TenantId", 0L));

    [Fact]
    public async Task ARowThatWasReadIsReadAnewAfterEachKindOfChange()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        Assert.Equal(0, (await Read()).ArtifactCount);
        await Must(new InsertArtifact(Samples.Artifact(1, 1, "k")));
        Assert.Equal(1, (await Read()).ArtifactCount);
        await Must(new Update(typeof(ContainerRow), 1, null, [("Name", "other")]));
        Assert.Equal("other", (await Read()).Name);
        await Must(new Increase(typeof(ContainerRow), 1, "AlertCount", 2));
        Assert.Equal(3, (await Read()).AlertCount);
        await Must(new Upsert(Samples.Container(9, "a") with { Name = "third", ArtifactCount = 1 }, ["TenantId", "AssetId", "SourceDataIdentifier"]));
        Assert.Equal("third", (await Read()).Name);
        await Must(new Delete(typeof(ContainerRow), 1));
        Assert.Null(await Store.Find<ContainerRow>(1, Ct));
    }

    [Fact]
    public async Task AListThatWasReadIsReadAnewAfterEachKindOfChange()
    {
        await Must(new Insert(Severity(1, "low")), new Insert(Severity(2, "high")));
        Assert.Equal(["low", "high"], await Names());
        await Must(new Update(typeof(SeverityRow), 2, null, [("Name", "urgent")]));
        Assert.Equal(["low", "urgent"], await Names());
        await Must(new Upsert(Severity(9, "low") with { Color = "blue" }, ["TenantId", "Name"]));
        Assert.Equal("blue", (await Store.Select<SeverityRow>(BySeverity, Ct))[0].Color);
        await Must(new Delete(typeof(SeverityRow), 1));
        Assert.Equal(["urgent"], await Names());
    }

    [Fact]
    public async Task ReadersBesideAWriterNeverSeeLessThanWasAnswered()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        var answered = 0L;
        var reading = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                var least = Volatile.Read(ref answered);
                Assert.True((await Read()).AlertCount >= least);
            }
        })).ToList();
        for (var i = 1; i <= 200; i++)
        {
            await Must(new Increase(typeof(ContainerRow), 1, "AlertCount", 1));
            Volatile.Write(ref answered, i);
        }

        await Task.WhenAll(reading);
        Assert.Equal(201, (await Read()).AlertCount);
    }

    private async Task<ContainerRow> Read() => (await Store.Find<ContainerRow>(1, Ct))!;

    private async Task<IEnumerable<string>> Names() => (await Store.Select<SeverityRow>(BySeverity, Ct)).Select(row => row.Name);

    private static SeverityRow Severity(long id, string name) => new() { Id = id, Name = name, Color = "red", Position = id };
}
