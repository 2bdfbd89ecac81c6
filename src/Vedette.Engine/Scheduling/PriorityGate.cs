namespace Vedette.Engine.Scheduling;

/// <summary>Lets so many through at once; who waits stands in a <see cref="FairLine{T}"/>.</summary>
internal sealed class PriorityGate(int atOnce, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly FairLine<Waiter> _waiting = new();
    private int _free = atOnce;

    /// <summary>How many wait, and since when the oldest does.</summary>
    public (int Count, DateTimeOffset? Since) Waiting
    {
        get
        {
            lock (_lock)
            {
                return (_waiting.Count, _waiting.ByAge.FirstOrDefault()?.Item.Since);
            }
        }
    }

    /// <param name="ct">Ends the waiting.</param>
    public async Task<IDisposable> Enter(Urgency urgency, CancellationToken ct)
    {
        FairLine<Waiter>.Place? place = null;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
            }
            else
            {
                place = _waiting.Add(urgency, new Waiter(time.GetUtcNow(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
            }
        }

        if (place is not null)
        {
            await using var registration = ct.Register(() => GiveUp(place, ct));
            await place.Item.Go.Task;
        }

        return new Pass(this);
    }

    private void GiveUp(FairLine<Waiter>.Place place, CancellationToken ct)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(place))
            {
                return;
            }
        }

        place.Item.Go.TrySetCanceled(ct);
    }

    private void Leave()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            next = _waiting.Take()?.Item.Go;
            if (next is null)
            {
                _free++;
            }
        }

        next?.TrySetResult();
    }

    private sealed record Waiter(DateTimeOffset Since, TaskCompletionSource Go);

    private sealed class Pass(PriorityGate gate) : IDisposable
    {
        private PriorityGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
