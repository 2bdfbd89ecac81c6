using System.Globalization;
using Vedette.Engine.Scheduling;
using Vedette.Sdk;

namespace Vedette.Engine.Actions.Quota;

/// <summary>
/// Lets the calls of one asset go: so many at once, so many in an interval, none while it is left alone. Who waits stands in a
/// <see cref="FairLine{T}"/>.
/// </summary>
internal sealed class AssetQuota : IDisposable
{
    private static readonly TimeSpan AsksForLeaseEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSlowDown = TimeSpan.FromSeconds(60);

    private readonly long _asset;
    private readonly IQuotaLease _lease;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _alarm;
    private readonly Lock _lock = new();
    private readonly FairLine<Waiter> _waiting = new();
    private readonly Dictionary<long, Waiter> _ofResults = [];
    private readonly Breaker _breaker = new();
    private QuotaLimits _limits;
    private long? _heldSince;
    private IReadOnlyList<Bucket> _buckets = [];
    private TimeSpan _slowUntil;
    private int _underWay;
    private long _calls;
    private long _shared;

    public AssetQuota(long asset, QuotaLimits limits, IQuotaLease lease, TimeProvider time)
    {
        (_asset, _limits, _lease, _time, _start) = (asset, limits, lease, time, time.GetTimestamp());
        _alarm = time.CreateTimer(_ => LetGo(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    /// <summary>Waits until a call may leave.</summary>
    /// <param name="limits">As they are now; where they have changed, they hold for all that wait.</param>
    public async Task<QuotaAnswer> Enter(QuotaLimits limits, QuotaCall call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var waiter = new Waiter(call, _time.GetUtcNow());
        lock (_lock)
        {
            waiter.Place = _waiting.Add(call.Urgency, waiter);
            if (call.Result is { } result)
            {
                _ofResults[result] = waiter;
            }

            Limit(limits);
        }

        await using var registration = ct.Register(() => GiveUp(waiter, ct));
        return await waiter.Go.Task;
    }

    /// <summary>From now on these limits hold, for those that wait too. What leaves how often begins empty where that has changed.</summary>
    public void Limit(QuotaLimits limits)
    {
        lock (_lock)
        {
            if ((limits.PerSecond, limits.PerInterval) != (_limits.PerSecond, _limits.PerInterval))
            {
                _buckets = limits.Buckets(Now);
            }

            _limits = limits;
            LetGo();
        }
    }

    /// <summary>A call has been answered, or nothing is known of it.</summary>
    public void Leave(bool probe, ActionAnswer? answer)
    {
        lock (_lock)
        {
            _underWay--;
            _breaker.Took(answer, probe, _limits, Now);
            if (answer?.Fault is { Where: FaultKind.SlowDown, RetryAfter: { } pause })
            {
                // It is said to one and meant for all.
                _slowUntil = Now + (pause < LongestSlowDown ? pause : LongestSlowDown);
            }

            LetGo();
        }
    }

    /// <summary>What an action waits for; null where it does not wait here.</summary>
    public QuotaWait? WaitOf(long result)
    {
        lock (_lock)
        {
            return _ofResults.TryGetValue(result, out var waiter) ? new QuotaWait(WaitFor(), waiter.Since) : null;
        }
    }

    public void CountShared() => Interlocked.Increment(ref _shared);

    public QuotaState State()
    {
        lock (_lock)
        {
            var opens = _breaker.OpensAt;
            return new QuotaState(
                _asset,
                _underWay,
                _limits.AtOnce,
                _waiting.Count,
                _waiting.ByAge.FirstOrDefault()?.Item.Since,
                _waiting.Count == 0 ? "" : WaitFor(),
                !_breaker.Shut ? BreakerState.Closed : opens is null ? BreakerState.Probing : BreakerState.Open,
                _breaker.Shut && opens is { } until ? At(until) : null,
                _breaker.Failures,
                _breaker.LastFailure,
                _calls,
                Interlocked.Read(ref _shared));
        }
    }

    public void Dispose() => _alarm.Dispose();

    private void LetGo()
    {
        lock (_lock)
        {
            while (_waiting.Count > 0)
            {
                var now = Now;
                var alone = LeftAlone(now);
                if (alone)
                {
                    RefuseQuestions();
                }

                var looks = alone ? _waiting.ByAge.FirstOrDefault(place => place.Item.Call.Looks) : null;
                if (_underWay >= _limits.AtOnce)
                {
                    return;
                }

                if (WaitsUntil(now, alone && looks is null) is { } until)
                {
                    Ring(until - now);
                    return;
                }

                if (!alone)
                {
                    Grant(_waiting.Take()!.Item, now);
                }
                else if (looks is not null)
                {
                    Grant(looks.Item, now);
                }
                else
                {
                    // Whoever probes lets them go.
                    return;
                }
            }
        }
    }

    private bool LeftAlone(TimeSpan now) => _breaker.Shut && !(_breaker.OpensAt <= now);

    /// <summary>When it makes sense to look again; null where a call may leave now, or where only another's answer can help.</summary>
    private TimeSpan? WaitsUntil(TimeSpan now, bool nobodyMay)
    {
        if (!Held())
        {
            return now + AsksForLeaseEvery;
        }

        var opens = _buckets.Select(bucket => bucket.OpensAt).Append(_slowUntil).Max();
        if (nobodyMay)
        {
            return _breaker.OpensAt is { } tried ? tried > opens ? tried : opens : null;
        }

        return opens > now ? opens : null;
    }

    /// <summary>Within the lease only; with each new one the buckets begin empty.</summary>
    private bool Held()
    {
        if (_lease.Of(_asset) is not { } lease || lease.Until <= _time.GetTimestamp())
        {
            return false;
        }

        if (_heldSince != lease.Since)
        {
            _heldSince = lease.Since;
            _buckets = _limits.Buckets(_time.GetElapsedTime(_start, lease.Since));
        }

        return true;
    }

    private void Ring(TimeSpan after)
    {
        // In whole milliseconds, rounded up: a timer that rings early would find nothing to do.
        _alarm.Change(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(after.TotalMilliseconds), 1, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void Grant(Waiter waiter, TimeSpan now)
    {
        Forget(waiter);
        _underWay++;
        _calls++;
        foreach (var bucket in _buckets)
        {
            bucket.Take(now);
        }

        waiter.Go.TrySetResult(new QuotaAnswer(new QuotaPass(this, _breaker.Leaves()), null));
    }

    /// <summary>A question is answered at once, so that who asks can go on without; what changes something waits.</summary>
    private void RefuseQuestions()
    {
        foreach (var waiter in _waiting.ByAge.Select(place => place.Item).Where(waiter => waiter.Call is { Reads: true, Looks: false }).ToList())
        {
            Forget(waiter);
            waiter.Go.TrySetResult(new QuotaAnswer(null, $"is left alone {(_breaker.OpensAt is { } until ? $"until {Word(until)}" : "until it answers again")}: the last {_breaker.Failures} calls failed. {_breaker.LastFailure}"));
        }
    }

    private string WaitFor()
    {
        var now = Now;
        return !Held() ? "the server that has its quota"
            : _breaker.Shut && _breaker.OpensAt is null ? $"the answer of a call that sees whether it works again: the last {_breaker.Failures} failed"
            : LeftAlone(now) ? $"{Word(_breaker.OpensAt!.Value)}, when it is tried again: the last {_breaker.Failures} calls failed"
            : _underWay >= _limits.AtOnce ? $"one of the {_limits.AtOnce} calls it may have at once"
            : _slowUntil > now ? $"{Word(_slowUntil)}: it asked to be asked less often"
            : _limits.Words is { Length: > 0 } words ? $"its turn: {words} may leave" : "its turn";
    }

    private DateTimeOffset At(TimeSpan moment) => _time.GetUtcNow() + (moment - Now);

    private string Word(TimeSpan moment) => At(moment).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private void GiveUp(Waiter waiter, CancellationToken ct)
    {
        lock (_lock)
        {
            if (!Forget(waiter))
            {
                return;
            }
        }

        waiter.Go.TrySetCanceled(ct);
    }

    /// <summary>It stands in the line no more; false where it did not.</summary>
    private bool Forget(Waiter waiter)
    {
        if (waiter.Call.Result is { } result)
        {
            _ofResults.Remove(result);
        }

        return _waiting.Remove(waiter.Place);
    }

    private sealed class Waiter(QuotaCall call, DateTimeOffset since)
    {
        public QuotaCall Call => call;

        public DateTimeOffset Since => since;

        public FairLine<Waiter>.Place Place { get; set; } = null!;

        public TaskCompletionSource<QuotaAnswer> Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
