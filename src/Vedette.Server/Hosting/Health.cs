using Vedette.Engine.Actions;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Server.Hosting;

/// <summary>How many wait, and since when the oldest does; null where none waits.</summary>
internal sealed record Queue(long Count, TimeSpan? Oldest);

/// <summary>How the server is at a moment. Numbers and words of our own: nothing of an alert is in it.</summary>
/// <param name="Queued">Units that wait for the writer of the store.</param>
/// <param name="DiskFree">Bytes that this process may still write where the data folder is.</param>
/// <param name="ActionsOpen">Asked for and not ended; those in doubt and those that wait for a person are among them.</param>
/// <param name="Outbox">What was stored of events and not yet looked at for playbooks.</param>
/// <param name="Indicators">What was stored of events and not yet made into indicators.</param>
/// <param name="ClockJumped">By how much the clock was set since the start.</param>
/// <param name="Turns">Turns that wait for a core.</param>
/// <param name="RunsEndedPerSecond">On the average of the last minute.</param>
/// <param name="Assets">How the calls of the assets stand that were called since the start.</param>
internal sealed record HealthState(
    bool StoreReached,
    int Queued,
    long DiskFree,
    long DiskSize,
    string Sandbox,
    bool PlaybooksRun,
    bool Stopped,
    Queue RunsRunning,
    Queue RunsPending,
    long ActionsOpen,
    long OutcomesInDoubt,
    long ApprovalsOpen,
    Queue Outbox,
    Queue Indicators,
    TimeSpan ClockJumped,
    Queue Turns,
    double RunsEndedPerSecond,
    IReadOnlyList<QuotaState> Assets)
{
    /// <summary>What waits for this server and for nobody else: what was not looked at for playbooks, runs that have not started, and turns.</summary>
    public Queue Backlog => new(Outbox.Count + RunsPending.Count + Turns.Count, new[] { Outbox.Oldest, RunsPending.Oldest, Turns.Oldest }.Max());

    /// <summary>How long it takes to work that off at the pace of the last minute, if nothing else comes; null where nothing moves.</summary>
    public TimeSpan? DrainsIn => Backlog.Count == 0 ? TimeSpan.Zero : RunsEndedPerSecond > 0 ? TimeSpan.FromSeconds(Backlog.Count / RunsEndedPerSecond) : null;

    /// <summary>Assets that no call leaves for because too many failed in a row.</summary>
    public long AssetsLeftAlone => Assets.Count(asset => asset.Breaker != BreakerState.Closed);
}

/// <summary>Looks how the server is: by counts that have an index, so that asking often does no harm.</summary>
internal sealed class Health(IStore store, ServerOptions options, IActions actions, IPlaybooks playbooks, IPlaybookWorkers workers, ClockJumps jumps, TimeProvider time)
{
    public async Task<HealthState> Look(CancellationToken ct)
    {
        var disk = new DriveInfo(options.DataFolder);
        var open = await store.Select<ActionRunRow>(Query.For(Where.In(nameof(ActionRunRow.Status), ["pending", "running"])), ct);
        return new HealthState(
            store.Reachable,
            store.Queued,
            disk.AvailableFreeSpace,
            disk.TotalSize,
            workers.Sandbox.Level,
            workers.MayRun,
            actions.Stopped,
            await Runs("running", ct),
            await Runs("pending", ct),
            open.Count(action => action.Type != ActionRunRow.OfAPerson),
            await InDoubt(open, ct),
            await store.Count<PromptRow>(Where.Is(nameof(PromptRow.Status), "pending"), ct),
            await Waiting(nameof(TriggerRow.Handled), ct),
            await Waiting(nameof(TriggerRow.Indicated), ct),
            jumps.Look(),
            Of(playbooks.TurnsWaiting.Count, playbooks.TurnsWaiting.Since),
            playbooks.EndedPerSecond,
            actions.Quotas);
    }

    private async Task<Queue> Runs(string status, CancellationToken ct)
    {
        var of = Where.Is(nameof(PlaybookRunRow.Status), status);
        var oldest = await store.Select<PlaybookRunRow>(new Query { Where = of, Order = [(nameof(PlaybookRunRow.CreatedAt), false)], Limit = 1 }, ct);
        return Of(await store.Count<PlaybookRunRow>(of, ct), oldest.Count == 0 ? null : oldest[0].CreatedAt);
    }

    private async Task<Queue> Waiting(string done, CancellationToken ct)
    {
        var of = Where.Is(done, false);
        var oldest = await store.Select<TriggerRow>(new Query { Where = of, Limit = 1 }, ct);
        return Of(await store.Count<TriggerRow>(of, ct), oldest.Count == 0 ? null : oldest[0].CreatedAt);
    }

    /// <summary>A call in doubt keeps its action open, and only those have an index to be found by.</summary>
    private async Task<long> InDoubt(IReadOnlyList<ActionRunRow> open, CancellationToken ct)
    {
        var count = 0L;
        foreach (var some in open.Where(action => action.Status == "running").Chunk(500))
        {
            count += await store.Count<ActionResultRow>(
                Where.In(nameof(ActionResultRow.ActionRunId), some.Select(action => (object?)action.Id)) & Where.Is(nameof(ActionResultRow.State), ActionState.Unknown) & Where.Is(nameof(ActionResultRow.Status), ""), ct);
        }

        return count;
    }

    private Queue Of(long count, DateTimeOffset? oldest)
    {
        var age = time.GetUtcNow() - oldest;
        return new Queue(count, age < TimeSpan.Zero ? TimeSpan.Zero : age);
    }
}
