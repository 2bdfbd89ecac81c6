using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Actions;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>Has each open run drained by one owner at a time, whenever its inbox may have something new.</summary>
internal sealed class RunDispatcher(Lazy<RunServices> services, IStore store, TimeProvider time, ILogger<RunDispatcher> log) : IRunWake, IAsyncDisposable
{
    /// <summary>Failures in a row after which a run is left as it stands.</summary>
    private const int MostFailures = 5;

    private readonly ConcurrentDictionary<long, Slot> _slots = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>Cancelled when the server ends.</summary>
    public CancellationToken Ending => _end.Token;

    public void Wake(long runId)
    {
        var slot = SlotOf(runId);
        slot.Inbox.Look();
        Stir(runId, slot);
    }

    public void Tell(MessageRow message)
    {
        var slot = SlotOf(message.RunId);
        slot.Inbox.Tell(message);
        Stir(message.RunId, slot);
    }

    /// <summary>After a start: every run that has no end on disk goes on.</summary>
    public async Task TakeUp()
    {
        // Made at the start: a run that is woken while the server ends must not have to make them.
        _ = services.Value;
        foreach (var run in await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.Status), "running"))))
        {
            Wake(run.Id);
        }
    }

    /// <summary>Wakes every open run: something all of them may have waited for has changed.</summary>
    public Task WakeAll() => TakeUp();

    public async ValueTask DisposeAsync() => await _end.CancelAsync();

    private Slot SlotOf(long runId) => _slots.GetOrAdd(runId, id => new Slot(new Inbox(store, id), services.Value));

    private void Stir(long runId, Slot slot)
    {
        if (Interlocked.Increment(ref slot.Wakes) == 1 && !_end.IsCancellationRequested)
        {
            _ = Task.Run(() => Drain(runId, slot));
        }
    }

    private async Task Drain(long runId, Slot slot)
    {
        int seen;
        var failures = 0;
        do
        {
            seen = Volatile.Read(ref slot.Wakes);
            try
            {
                await Patience.Until(
                    async () =>
                    {
                        await Drain(slot);
                        return true;
                    },
                    () => log.LogWarning("Run {Run} waits for the store to write again.", runId),
                    time,
                    _end.Token);
                failures = 0;
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogError(exception, "Run {Run} could not be carried on.", runId);
                slot.NewOwner();
                if (++failures > MostFailures)
                {
                    // The run stays open on disk and is taken up again with the next wake or start.
                    continue;
                }

                // Nobody else may wake it: without another try it would stand still in silence.
                await Task.Delay(TimeSpan.FromSeconds(failures), time, CancellationToken.None);
                Interlocked.Increment(ref slot.Wakes);
            }
        }
        while (Interlocked.Add(ref slot.Wakes, -seen) > 0);

        if (slot.Owner.Over)
        {
            _slots.TryRemove(new KeyValuePair<long, Slot>(runId, slot));
        }
    }

    /// <summary>An owner that the store left in the lurch forgets what it held: the next one reads again.</summary>
    private async Task Drain(Slot slot)
    {
        try
        {
            await slot.Owner.Drain(_end.Token);
        }
        catch (StoreUnavailableException)
        {
            slot.NewOwner();
            throw;
        }
    }

    private sealed class Slot(Inbox inbox, RunServices services)
    {
        public int Wakes;

        public Inbox Inbox => inbox;

        public RunOwner Owner { get; private set; } = new(services, inbox);

        public void NewOwner()
        {
            inbox.LookAgain();
            Owner = new RunOwner(services, inbox);
        }
    }
}
