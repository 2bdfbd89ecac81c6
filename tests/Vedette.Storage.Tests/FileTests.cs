using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Vedette.Engine.Storage;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Tests;

public sealed class FileTests : SqliteTest
{
    private Action<SqliteConnection>? _beforeCommit;

    protected override SqliteStoreOptions Options => new() { Folder = Folder, BeforeCommit = c => _beforeCommit?.Invoke(c) };

    [Fact]
    public async Task TheFolderIsForOneProcess()
    {
        var refused = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.Open(Options, Ct));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FilesAreForTheirOwnerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are of Unix.");
        await Must(new Insert(Samples.Container(1, "a")));
#pragma warning disable CA1416 // Skipped on Windows.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Folder));
        var files = Directory.GetFiles(Folder);
        Assert.Contains(File + "-wal", files);
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(f)));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task WhatWasAcknowledgedIsInTheFilesAtOnce()
    {
        await Must(new Insert(Samples.Container(1, "a")), new AppendAudit(Samples.Audit("a")));
        var copy = System.IO.Path.Combine(Root, "copy");
        Directory.CreateDirectory(copy);
        foreach (var ending in new[] { "", "-wal" })
            System.IO.File.Copy(File + ending, System.IO.Path.Combine(copy, "vedette.db" + ending));
        await using var other = await SqliteStore.Open(new SqliteStoreOptions { Folder = copy }, Ct);
        Assert.NotNull(await other.Find<ContainerRow>(1, Ct));
        Assert.Equal(1, await other.Count<AuditRow>(Where.All, Ct));
    }

    [Fact]
    public async Task AFullDiskIsUnavailableAndTheWriterGoesOn()
    {
        await Must(new Insert(Samples.Container(1, "a")), new AppendAudit(Samples.Audit("a")));
        var pages = 0L;
        _beforeCommit = connection =>
        {
            using var count = new Statement(connection, "PRAGMA page_count");
            pages = count.RunNumber()!.Value;
            Connections.Execute(connection, $"PRAGMA max_page_count = {pages}");
        };
        await Must(new Insert(Samples.Container(2, "b")));
        _beforeCommit = null;

        var big = Samples.Container(3, "c") with { Description = new string('x', 4_000_000) };
        var full = await Do(new AppendAudit(Samples.Audit("b")), new Insert(big));
        Assert.Equal(CommitKind.Unavailable, full.Kind);
        Assert.Contains("full", full.What, StringComparison.Ordinal);

        // Room again.
        _beforeCommit = connection => Connections.Execute(connection, "PRAGMA max_page_count = 1000000");
        await Must(new Update(typeof(ContainerRow), 1, 1, [("Name", "x")]));
        await Must(new AppendAudit(Samples.Audit("b")), new Insert(big));
        Assert.Empty(Engine.Audit.AuditChain.Verify(await Store.Select<AuditRow>(new Query(), Ct)));
        Assert.Equal(2, await Store.Count<AuditRow>(Where.All, Ct));
    }

    [Fact]
    public async Task AFailedCommitKeepsNothingOfTheBatchAndTheWriterGoesOn()
    {
        _beforeCommit = _ => throw new SqliteException("disk I/O error", 10);
        var failed = await Task.WhenAll(Enumerable.Range(1, 20).Select(i => Do(new Insert(Samples.Container(i, $"s{i}")), new AppendAudit(Samples.Audit("a")))));
        Assert.All(failed, c => Assert.Equal(CommitKind.Unavailable, c.Kind));
        Assert.Equal(0, await Store.Count<ContainerRow>(Where.All, Ct));
        _beforeCommit = null;
        await Must(new Insert(Samples.Container(1, "s1")), new AppendAudit(Samples.Audit("a")));
        Assert.Equal(1, (await Store.Select<AuditRow>(new Query(), Ct)).Single().Number);
    }

    [Fact]
    public async Task AnOlderDatabaseIsCopiedAndMovedOnAndANewerOneRefused()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        await Store.DisposeAsync();
        var known = Migration.Embedded("sqlite")[^1].Number;
        IReadOnlyList<Migration> next = [.. Migration.Embedded("sqlite"), new Migration(known + 1, $"{known + 1:0000}_more", "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT")];
        await (await SqliteStore.Open(Options, next, Ct)).DisposeAsync();
        var copy = Assert.Single(Directory.GetFiles(Folder, $"*.before-{known + 1:0000}-*"));
        using (var connection = Connections.Reading(copy))
        using (var count = new Statement(connection, "SELECT COUNT(*) FROM container"))
            Assert.Equal(1, count.RunNumber());

        var refused = await Assert.ThrowsAsync<StoreException>(() => SqliteStore.Open(Options, Ct));
        Assert.Contains($"has schema {known + 1}; this version of Vedette knows up to {known}", refused.Message, StringComparison.Ordinal);
        Store = await SqliteStore.Open(Options, next, Ct);

        // A step that fails leaves the schema as it was.
        await Store.DisposeAsync();
        IReadOnlyList<Migration> broken = [.. next, new Migration(known + 2, $"{known + 2:0000}_broken", "CREATE TABLE half (id INTEGER PRIMARY KEY); CREATE TABLE more (id INTEGER)")];
        await Assert.ThrowsAnyAsync<Exception>(() => SqliteStore.Open(Options, broken, Ct));
        Store = await SqliteStore.Open(Options, next, Ct);
    }

    [Fact]
    public async Task TheLogIsTakenInWhenNothingIsWritten()
    {
        await Store.DisposeAsync();
        Store = await SqliteStore.Open(Options with { IdleAfter = TimeSpan.FromMilliseconds(50) }, Ct);
        await Must(new Insert(Samples.Container(1, "a")));
        var clock = Stopwatch.StartNew();
        while (new FileInfo(File + "-wal").Length > 0 && clock.Elapsed < TimeSpan.FromSeconds(10))
            await Task.Delay(50, Ct);
        Assert.Equal(0, new FileInfo(File + "-wal").Length);
        Assert.NotNull(await Store.Find<ContainerRow>(1, Ct));
    }

    [Fact]
    public async Task WhoGivesUpBeforeItsTurnGetsNothingDone()
    {
        var unit = new Unit();
        unit.Insert(Samples.Container(1, "a"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.Commit(unit, new CancellationToken(true)));
        Assert.Null(await Store.Find<ContainerRow>(1, Ct));
    }
}
