namespace Vedette.Engine.Playbooks.Runs;

/// <summary>How many runs have ended within the last minute, second by second.</summary>
internal sealed class RunPace
{
    private const int Seconds = 60;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _lock = new();
    private readonly long[] _ended = new long[Seconds];
    private long _second;

    public RunPace(RunEnds ends, TimeProvider time)
    {
        (_time, _start) = (time, time.GetTimestamp());
        ends.Ended += _ => Count();
    }

    /// <summary>On the average of the last minute, or of the time since the start where that is shorter.</summary>
    public double EndedPerSecond
    {
        get
        {
            lock (_lock)
            {
                MoveOn();
                return _ended.Sum() / (double)Math.Clamp(_second + 1, 1, Seconds);
            }
        }
    }

    private void Count()
    {
        lock (_lock)
        {
            MoveOn();
            _ended[_second % Seconds]++;
        }
    }

    /// <summary>Seconds in which nothing was counted are empty.</summary>
    private void MoveOn()
    {
        var now = (long)_time.GetElapsedTime(_start).TotalSeconds;
        for (var second = Math.Max(_second + 1, now - Seconds + 1); second <= now; second++)
        {
            _ended[second % Seconds] = 0;
        }

        _second = Math.Max(_second, now);
    }
}
