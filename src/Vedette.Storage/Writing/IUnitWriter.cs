using Vedette.Engine.Storage;

namespace Vedette.Storage.Writing;

/// <summary>The one who writes: takes units in the order they are handed over, and commits them in groups.</summary>
internal interface IUnitWriter
{
    Task<Commit> Commit(Unit unit, CancellationToken ct);

    /// <summary>What was handed over and not taken yet.</summary>
    int Queued { get; }

    /// <summary>
    /// Asks for ids of a table. Who waits for them does so on its own thread and is woken by the writer itself: were a thread of the pool
    /// needed for that, many who wait at once would take them all and wait for one another.
    /// </summary>
    Reservation ReserveIds(string table, long count);
}

/// <summary>Ids that were asked for.</summary>
internal sealed class Reservation(Task<(Commit Commit, long First)> done)
{
    /// <summary>Waits; the first of the ids.</summary>
    public long First()
    {
        var (commit, first) = done.GetAwaiter().GetResult();
        return commit.IsDone ? first : throw new StoreUnavailableException($"No ids can be had: {commit.What}");
    }

    /// <summary>Asked for in vain.</summary>
    public bool Failed => done.IsCompletedSuccessfully && !done.Result.Commit.IsDone;
}
