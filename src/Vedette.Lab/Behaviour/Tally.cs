namespace Vedette.Lab.Behaviour;

/// <summary>A count per system that can be waited for, so that nobody has to poll. Counting is one addition while nobody waits.</summary>
internal sealed class Tally
{
    private readonly long[] _counts = new long[LabSystems.Count];
    private readonly List<(LabSystem System, long Count, TaskCompletionSource Reached)> _waiting = [];
    private readonly Lock _gate = new();
    private int _waiters;

    internal void Count(LabSystem system)
    {
        var now = Interlocked.Increment(ref _counts[(int)system]);
        if (Volatile.Read(ref _waiters) == 0)
        {
            return;
        }

        lock (_gate)
        {
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (_waiting[i].System == system && _waiting[i].Count <= now)
                {
                    _waiting[i].Reached.SetResult();
                    _waiting.RemoveAt(i);
                }
            }

            _waiters = _waiting.Count;
        }
    }

    internal long Of(LabSystem system) => Interlocked.Read(ref _counts[(int)system]);

    /// <summary>Ends when so many have been counted.</summary>
    internal Task Reached(LabSystem system, long count)
    {
        lock (_gate)
        {
            // Announced before the count is read: who counts in between either is seen here or sees the one that waits.
            Interlocked.Increment(ref _waiters);
            if (Of(system) >= count)
            {
                _waiters = _waiting.Count;
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((system, count, reached));
            return reached.Task;
        }
    }

    internal void Reset() => Array.Clear(_counts);
}
