namespace Vedette.Trial.Platform;

/// <summary>A clock that stands until it is moved on: what waits for a time waits for nothing else.</summary>
internal sealed class SimulatedClock(DateTimeOffset start) : TimeProvider
{
    /// <summary>How far it moves on at once.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromDays(30);

    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves on to the next alarm and rings it; false when none is set within <see cref="Furthest"/>.</summary>
    public bool MoveOn()
    {
        Alarm next;
        lock (_gate)
        {
            if (_alarms.MinBy(alarm => alarm.Due) is not { } first || first.Due - _now > Furthest)
            {
                return false;
            }

            next = first;
            _now = next.Due > _now ? next.Due : _now;
            _alarms.Remove(next);
            if (next.Period > TimeSpan.Zero)
            {
                next.Due = _now + next.Period;
                _alarms.Add(next);
            }
        }

        next.Ring();
        return true;
    }

    private sealed class Alarm(SimulatedClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Ring() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
                Period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    Due = clock._now + dueTime;
                    clock._alarms.Add(this);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._alarms.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
