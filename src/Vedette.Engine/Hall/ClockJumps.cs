using Microsoft.Extensions.Logging;

namespace Vedette.Engine.Hall;

/// <summary>
/// Sees whether the clock of the machine was set: it then moved otherwise than time passed. What waits for a length of time counts what passed, so
/// it is held; this is to say so.
/// </summary>
public sealed class ClockJumps(TimeProvider time, ILogger<ClockJumps> log)
{
    /// <summary>What a clock may be put right by without a word.</summary>
    private static readonly TimeSpan Allowed = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private (DateTimeOffset Clock, long Passed) _last = (time.GetUtcNow(), time.GetTimestamp());
    private TimeSpan _jumped;

    /// <summary>By how much the clock was set since the start, forward or back; looked at with each call.</summary>
    public TimeSpan Look()
    {
        lock (_lock)
        {
            var (clock, passed) = (time.GetUtcNow(), time.GetTimestamp());
            var by = clock - _last.Clock - time.GetElapsedTime(_last.Passed, passed);
            _last = (clock, passed);
            if (by.Duration() > Allowed)
            {
                _jumped += by;
                log.LogWarning("The clock was set {Direction} by {By}. Time limits go on with what they had left; times of day in the record are those of the clock.", by > TimeSpan.Zero ? "forward" : "back", by.Duration());
            }

            return _jumped;
        }
    }
}
