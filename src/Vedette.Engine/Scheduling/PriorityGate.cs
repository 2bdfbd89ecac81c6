namespace Vedette.Engine.Scheduling;

/// <summary>
/// Lets so many through at once and, if asked, so many per second; of those that wait the highest severity goes first, then the oldest. Every
/// eighth goes to the oldest whatever its severity, so that none starves.
/// </summary>
internal sealed class PriorityGate(int atOnce, double? perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(int Rank, long Order, TaskCompletionSource Go)> _waiting = [];
    private int _free = atOnce;
    private long _order;
    private DateTimeOffset _nextAt = DateTimeOffset.MinValue;

    /// <param name="rank">0 is the most urgent.</param>
    /// <param name="ct">Ends the waiting.</param>
    public async Task<IDisposable> Enter(int rank, CancellationToken ct)
    {
        TaskCompletionSource? go = null;
        lock (_lock)
        {
            if (_free > 0 && _waiting.Count == 0)
            {
                _free--;
            }
            else
            {
                go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((rank, _order++, go));
            }
        }

        if (go is not null)
        {
            await using var registration = ct.Register(() => GiveUp(go, ct));
            await go.Task;
        }

        try
        {
            await Pace(ct);
        }
        catch
        {
            Leave();
            throw;
        }

        return new Pass(this);
    }

    private async Task Pace(CancellationToken ct)
    {
        if (perSecond is not > 0)
        {
            return;
        }

        TimeSpan wait;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var at = _nextAt > now ? _nextAt : now;
            _nextAt = at + TimeSpan.FromSeconds(1 / perSecond.Value);
            wait = at - now;
        }

        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, ct);
        }
    }

    private void GiveUp(TaskCompletionSource go, CancellationToken ct)
    {
        lock (_lock)
        {
            if (_waiting.RemoveAll(w => w.Go == go) == 0)
            {
                return;
            }
        }

        go.TrySetCanceled(ct);
    }

    private void Leave()
    {
        TaskCompletionSource? next = null;
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _free++;
            }
            else
            {
                var best = 0;
                for (var i = 1; i < _waiting.Count && _order % 8 != 0; i++)
                {
                    if (_waiting[i].Rank < _waiting[best].Rank)
                    {
                        best = i;
                    }
                }

                next = _waiting[best].Go;
                _waiting.RemoveAt(best);
                _order++;
            }
        }

        next?.TrySetResult();
    }

    private sealed class Pass(PriorityGate gate) : IDisposable
    {
        private PriorityGate? _gate = gate;

        public void Dispose() => Interlocked.Exchange(ref _gate, null)?.Leave();
    }
}
