using Microsoft.Extensions.Logging;
using Vedette.Engine.Audit;
using Vedette.Engine.Containers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Retention;

/// <summary>
/// Three sweeps, one after the other: 1. closed events with all that hangs on them; 2. what runs did on events that stay; 3. the contents of the
/// record. Each event and each run is a unit of its own that builds on the event as it was read, and the next waits until nobody else wants to
/// write: so a sweep is behind all else, and may end anywhere.
/// </summary>
internal sealed class RetentionRoom(IStore store, IContainers containers, IAudit audit, EngineOptions options, TimeProvider time, ILogger<RetentionRoom> log) : IRetention, IAsyncDisposable
{
    private const int Page = 100;

    private static readonly TimeSpan Every = TimeSpan.FromHours(6);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly Caller Sweeper = Caller.Platform with { CausedBy = "retention" };

    private readonly CancellationTokenSource _end = new();
    private Task _work = Task.CompletedTask;

    public void Begin()
    {
        if (options.Retention.Keep is not null || options.Retention.KeepRecord is not null)
        {
            _work = Task.Run(Work);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        // What is under way uses the store, which goes right after.
        await _work;
        _end.Dispose();
    }

    private async Task Work()
    {
        try
        {
            while (true)
            {
                try
                {
                    await Sweep(_end.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    log.LogError(exception, "What is past its time could not all be taken away; it is tried again in {Hours} hours.", Every.TotalHours);
                }

                await Task.Delay(Every, time, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    private async Task Sweep(CancellationToken ct)
    {
        if (options.Retention.Keep is { } keep)
        {
            var before = time.GetUtcNow() - keep;
            var events = await Each<ContainerRow>(Closed(before) | Repeats(before), row => Take(row.Id, before), ct);
            var runs = await Each<PlaybookRunRow>(new Compare(nameof(PlaybookRunRow.EndedAt), Comparison.Less, before), row => TakeRun(row.Id), ct);
            if (events + runs > 0)
            {
                log.LogInformation("{Events} events and what {Runs} runs did on others were past their time and are gone.", events, runs);
            }
        }

        if (options.Retention.KeepRecord is { } record)
        {
            await EmptyRecord(time.GetUtcNow() - record, ct);
        }
    }

    private static Where Closed(DateTimeOffset before) => new Compare(nameof(ContainerRow.CloseTime), Comparison.Less, before);

    /// <summary>An alert that repeated an event is closed by nobody; it goes once the event is gone.</summary>
    private static Where Repeats(DateTimeOffset before) =>
        !new Compare(nameof(ContainerRow.GroupedIntoId), Comparison.IsNull, true) & new Compare(nameof(ContainerRow.CreatedAt), Comparison.Less, before);

    /// <summary>Every row that matches, in the order of ids; how many went.</summary>
    private async Task<long> Each<T>(Where where, Func<T, Task<bool>> take, CancellationToken ct)
        where T : class, IRow
    {
        var (last, taken) = (0L, 0L);
        IReadOnlyList<T> page;
        do
        {
            page = await store.Select<T>(new Query { Where = where & new Compare(nameof(IRow.Id), Comparison.Greater, last), Order = [(nameof(IRow.Id), false)], Limit = Page }, ct);
            foreach (var row in page)
            {
                last = row.Id;
                taken += await take(row) ? 1 : 0;
                await BehindAllElse(ct);
            }
        }
        while (page.Count == Page);
        return taken;
    }

    private async Task BehindAllElse(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        while (store.Queued > 0)
        {
            await Task.Delay(Pause, time, ct);
        }
    }

    private Task<bool> Take(long id, DateTimeOffset before) => Went(async unit =>
    {
        // Read anew: it may have been opened, held or worked on since it was found.
        if (await store.Find<ContainerRow>(id) is not { } row || !(row.CloseTime < before || await RepeatsWhatIsGone(row)) || await HasToStay(row))
        {
            return false;
        }

        unit.Expect<ContainerRow>(row.Id, row.Version);
        return !(await containers.Delete(unit, Sweeper, new ContainerId(row.Id))).Refused;
    });

    private async ValueTask<bool> RepeatsWhatIsGone(ContainerRow row) => row.GroupedIntoId is { } into && await store.Find<ContainerRow>(into) is null;

    /// <summary>Held, part of a case that is open, or with something that a person still has to look into.</summary>
    private async ValueTask<bool> HasToStay(ContainerRow row)
    {
        var of = Where.Is("ContainerId", row.Id);
        return IsHeld(row)
            || (row.ParentContainerId is { } parent && await store.Find<ContainerRow>(parent) is { CloseTime: null })
            || await store.Count<PromptRow>(of & Where.Is(nameof(PromptRow.Status), "pending")) > 0
            || await store.Count<ActionResultRow>(of & Where.Is(nameof(ActionResultRow.State), ActionState.Unknown)) > 0;
    }

    private static bool IsHeld(ContainerRow row) => Texts.Read(row.Tags).Contains(RetentionOptions.HoldTag, StringComparer.OrdinalIgnoreCase);

    private Task<bool> TakeRun(long id) => Went(async unit =>
    {
        if (await store.Find<PlaybookRunRow>(id) is not { EndedAt: not null } run || await store.Find<ContainerRow>(run.ContainerId) is not { } row || IsHeld(row) || await EndedRuns.HasToStay(store, run) is not null)
        {
            return false;
        }

        await EndedRuns.Write(unit, store, run);
        if (unit.Empty)
        {
            return false;
        }

        unit.Expect<ContainerRow>(row.Id, row.Version);
        unit.Audit(Sweeper, time.GetUtcNow(), "expired", "playbook_run", run.Id, run.ContainerId);
        return true;
    });

    /// <summary>A unit that takes one thing, or nothing where it has to stay.</summary>
    private async Task<bool> Went(Func<Unit, Task<bool>> take)
    {
        var outcome = await Units.Decide<bool>(store, async unit =>
        {
            unit.GoOnBeforeDisk();
            return await take(unit) ? true : new Refusal(RefusalKind.Conflict, "stays", "It stays.");
        });
        return outcome.Refusal is { Kind: RefusalKind.Unavailable } ? throw new StoreUnavailableException(outcome.Refusal.Message) : !outcome.Refused;
    }

    private async Task EmptyRecord(DateTimeOffset before, CancellationToken ct)
    {
        var (emptied, of) = (0L, 0);
        do
        {
            var outcome = await Units.Decide(
                store,
                unit =>
                {
                    unit.GoOnBeforeDisk();
                    return audit.Empty(unit, Sweeper, before, Page);
                },
                ct);
            of = outcome.Ok(out var rows, out var refusal) ? rows : throw new StoreUnavailableException(refusal.Message);
            emptied += of;
            await BehindAllElse(ct);
        }
        while (of == Page);
        if (emptied > 0)
        {
            log.LogInformation("The contents of {Rows} rows of the record were past their time and are gone.", emptied);
        }
    }
}
