using Vedette.Engine.Storage;

namespace Vedette.Storage.Tests;

/// <summary>Who waits for the disk, and what happens when the disk does not keep what was written.</summary>
public sealed class DiskTests : SqliteTest
{
    private readonly ManualResetEventSlim _syncing = new(true);
    private volatile bool _fails;

    protected override SqliteStoreOptions Options => new()
    {
        Folder = Folder,
        BeforeSync = () =>
        {
            _syncing.Wait();
            if (_fails)
                throw new IOException("Input/output error");
        },
    };

    [Fact]
    public async Task AUnitIsAnsweredOnceItIsOnDiskAndOneThatNeedNotWaitBefore()
    {
        _syncing.Reset();
        var waits = Do(new Insert(Samples.Container(1, "a")));
        var unit = new Unit();
        unit.Insert(Samples.Container(2, "b"));
        unit.GoOnBeforeDisk();
        Assert.True((await Store.Commit(unit, Ct)).IsDone);
        Assert.NotNull(await Store.Find<ContainerRow>(1, Ct));
        Assert.NotNull(await Store.Find<ContainerRow>(2, Ct));
        Assert.False(waits.IsCompleted);
        _syncing.Set();
        Assert.True((await waits).IsDone);
    }

    [Fact]
    public async Task AfterASyncThatFailedNothingIsPromisedUntilTheStoreIsOpenedAgain()
    {
        await Must(new Insert(Samples.Container(1, "a")));
        _fails = true;
        Assert.Equal(CommitKind.Unavailable, (await Do(new Insert(Samples.Container(2, "b")))).Kind);
        _fails = false;
        var refused = await Do(new Insert(Samples.Container(3, "c")));
        Assert.Equal(CommitKind.Unavailable, refused.Kind);
        Assert.Contains("start Vedette again", refused.What, StringComparison.Ordinal);
        Assert.NotNull(await Store.Find<ContainerRow>(1, Ct));
        await Reopen();
        await Must(new Insert(Samples.Container(3, "c")));
    }
}
