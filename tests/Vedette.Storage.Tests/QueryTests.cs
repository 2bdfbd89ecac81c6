using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;
using Path = Vedette.Engine.Storage.Path;

namespace Vedette.Storage.Tests;

public sealed class SqliteQueryTests() : QueryTests(new SqliteHome());

public sealed class PostgresQueryTests(SharedPostgres shared) : QueryTests(new PostgresHome(shared));

public abstract class QueryTests(StoreHome home) : StoreTest(home)
{
    [Fact]
    public async Task EachComparisonFindsWhatItShould()
    {
        await Must(
            new Insert(Samples.Container(1, "a") with { Name = "Übel alpha", OwnerId = 5, Tags = "[\"Rot\",\"blau\"]", Data = "{\"x\":{\"a b\\\".c\":\"deep\",\"n\":3,\"t\":true}}" }),
            new Insert(Samples.Container(2, "b") with { Name = "beta 50%", InCase = true, DueTime = Samples.Noon }),
            new Insert(Samples.Container(3, "c") with { Name = "gamma", OwnerId = 6, Data = "no json" }));
        await Must(new InsertArtifact(Samples.Artifact(1, 2, "k")), new InsertArtifact(Samples.Artifact(2, 3, "k")));

        await Finds([1], Where.Is("OwnerId", 5));
        await Finds([2, 3], !Where.Is("OwnerId", 5));
        await Finds([2], Where.Is("OwnerId", null));
        await Finds([1, 3], new Compare("OwnerId", Comparison.IsNull, false));
        await Finds([2], Where.Is("InCase", true));
        await Finds([1, 2], Where.In("OwnerId", [5, null]));
        await Finds([1, 3], Where.In("OwnerId", [5L, 6L]));
        await Finds([2, 3], Where.In("Name", ["gamma", "beta 50%"]));
        await Finds([], Where.In("OwnerId", []));
        await Finds([2], new Compare("DueTime", Comparison.LessOrEqual, Samples.Noon));
        await Finds([2, 3], new Compare("Id", Comparison.Greater, 1));
        await Finds([1], new Compare("Name", Comparison.StartsWithIgnoreCase, "ÜBEL"));
        await Finds([1], new Compare("Name", Comparison.EqualIgnoreCase, "übel ALPHA"));
        await Finds([2], new Compare("Name", Comparison.Contains, "50%"));
        await Finds([1, 2, 3], new Compare("Name", Comparison.EndsWith, "a") | Where.Is("Id", 2));
        await Finds([3], new Compare("Name", Comparison.Matches, "^g.m{2}a$"));
        await Finds([3], new Compare("Name", Comparison.MatchesIgnoreCase, "GAM"));
        await Finds([1], new Compare("Tags", Comparison.Contains, "Rot"));
        await Finds([], new Compare("Tags", Comparison.Contains, "Ro"));
        await Finds([1], new Compare("Tags", Comparison.ContainsIgnoreCase, "rot"));
        await Finds([1], new Compare("Data", Comparison.Contains, "deep"));
        await Finds([1], new Compare(new Path("Data", ["x", "a b\".c"]), Comparison.Equal, "deep"));
        await Finds([1], new Compare(new Path("Data", ["x", "n"]), Comparison.Less, 4));
        await Finds([1], new Compare(new Path("Data", ["x", "t"]), Comparison.Equal, true));
        await Finds([], new Compare(new Path("Data", ["x\"') OR 1=1 --"]), Comparison.Equal, 1));
        await Finds([], Where.Is("Name", "' OR 1=1 --"));

        var through = new Compare(new Path("Name", null, [("ContainerId", typeof(ContainerRow))]), Comparison.Equal, "gamma");
        Assert.Equal([2L], (await Store.Select<ArtifactRow>(Query.For(through), Ct)).Select(a => a.Id));
        Assert.Equal(1, await Store.Count<ArtifactRow>(through, Ct));
        var page = await Store.Select<ContainerRow>(new Query { Order = [("Severity", true)], Limit = 1, Offset = 1 }, Ct);
        Assert.Equal([2L], page.Select(r => r.Id));
    }

    [Fact]
    public async Task WhatIsNotThereOrDoesNotFitIsRefusedByName()
    {
        Assert.Contains("nmae", (await Refused(Where.Is("nmae", 1))).Message, StringComparison.Ordinal);
        Assert.Contains("OwnerId", (await Refused(Where.Is("OwnerId", "five"))).Message, StringComparison.Ordinal);
        await Refused(new Compare(new Path("Name", ["x"]), Comparison.Equal, 1));
        await Refused(new Compare("Name", Comparison.Matches, "("));
        Assert.Contains("linear", (await Refused(new Compare("Name", Comparison.Matches, "(a)\\1"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.Select<ContainerRow>(new Query { Order = [("id; DROP TABLE x", false)] }, Ct));
    }

    [Fact]
    public async Task AQueryThatIsGivenUpEnds()
    {
        var rows = Enumerable.Range(1, 300).Select(i => (Write)new Insert(Samples.Container(i, $"s{i}"))).ToArray();
        await Must(rows);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.Select<ContainerRow>(new Query(), new CancellationToken(true)));
    }

    [Fact]
    public async Task ALongReaderIsCutOff()
    {
        await Must(Enumerable.Range(1, 3000).Select(i => (Write)new Insert(Samples.Container(i, $"s{i}"))).ToArray());
        await Store.DisposeAsync();
        Store = await Home.Open(longestRead: TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<TimeoutException>(async () => await Store.Count<ContainerRow>(
            new AnyOf([.. Enumerable.Range(0, 50).Select(i => new Compare("Name", Comparison.ContainsIgnoreCase, $"nothing {i}"))]), Ct));
    }

    private async Task Finds(long[] ids, Where where) =>
        Assert.Equal(ids, (await Store.Select<ContainerRow>(Query.For(where), Ct)).Select(r => r.Id));

    private async Task<ArgumentException> Refused(Where where) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Store.Select<ContainerRow>(Query.For(where), Ct));
}
