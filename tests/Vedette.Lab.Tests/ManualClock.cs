namespace Vedette.Lab.Tests;

/// <summary>Time that moves only when told. <see cref="TimerMade"/> announces that somebody waits for it.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Made)> _expected = [];
    private readonly Lock _gate = new();
    private DateTimeOffset _now = new(2026, 3, 4, 9, 15, 22, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), dueTime);
        lock (_gate)
        {
            timer.At = _now + dueTime;
            _timers.Add(timer);
            foreach (var (_, made) in _expected.Where(each => each.Due == dueTime))
            {
                made.TrySetResult();
            }
        }

        return timer;
    }

    internal Task TimerMade(TimeSpan due)
    {
        lock (_gate)
        {
            if (_timers.Exists(timer => timer.Due == due))
            {
                return Task.CompletedTask;
            }

            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _expected.Add((due, made));
            return made.Task.WaitAsync(RunningLab.Ct);
        }
    }

    internal void Advance(TimeSpan span)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _now += span;
            due = _timers.FindAll(timer => timer.At <= _now);
            _timers.RemoveAll(due.Contains);
        }

        due.ForEach(timer => timer.Ring());
    }

    private sealed class ManualTimer(ManualClock clock, Action ring, TimeSpan due) : ITimer
    {
        internal TimeSpan Due { get; } = due;

        internal DateTimeOffset At { get; set; }

        internal void Ring() => ring();

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException("The lab only waits once per timer.");

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
