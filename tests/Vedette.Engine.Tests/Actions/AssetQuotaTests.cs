using Vedette.Engine.Actions;
using Vedette.Engine.Actions.Quota;
using Vedette.Engine.Scheduling;
using Vedette.Sdk;

namespace Vedette.Engine.Tests.Actions;

/// <summary>When the calls of one asset leave, by a clock that is moved on by hand.</summary>
public sealed class AssetQuotaTests
{
    private static readonly QuotaLimits NoLimits = new(1000, null, null, 0, TimeSpan.FromSeconds(30), TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Whoever has the asset is killed at any moment, and the next begins at once.</summary>
    [Theory]
    [InlineData(1, 40, 1)]
    [InlineData(5, 100, 1)]
    [InlineData(5, 100, 3)]
    [InlineData(7, 70, 7)]
    public void KilledAHundredTimes_NoStretchOfTheIntervalHasMoreCallsThanAllowed(int calls, int milliseconds, int burst)
    {
        var seed = Random.Shared.Next();
        var chance = new Random(seed);
        var clock = new SteppedClock();
        var limits = NoLimits with { PerInterval = new QuotaInterval(calls, TimeSpan.FromMilliseconds(milliseconds), burst) };
        var left = new List<long>();
        var now = 0L;
        for (var life = 0; life < 100; life++)
        {
            using var quota = new AssetQuota(1, limits, new SoleLease(clock), clock);
            for (var (end, seen) = (now + chance.Next(1, 4 * milliseconds), 0L); now < end; now++)
            {
                for (var more = chance.Next(-6, 4); more > 0; more--)
                {
                    _ = quota.Enter(limits, Call(), Ct);
                }

                for (var all = quota.State().Calls; seen < all; seen++)
                {
                    left.Add(now);
                }

                clock.Pass(TimeSpan.FromMilliseconds(1));
                for (var all = quota.State().Calls; seen < all; seen++)
                {
                    left.Add(now + 1);
                }
            }
        }

        Assert.True(left.Count > 100, $"Seed {seed}: only {left.Count} calls left.");
        Assert.All(left.Index().Skip(calls), one => Assert.True(one.Item - left[one.Index - calls] >= milliseconds, $"Seed {seed}: {calls + 1} calls from {left[one.Index - calls]} to {one.Item}."));
    }

    [Fact]
    public async Task Busy_TheLimitIsAlsoReached()
    {
        var clock = new SteppedClock();
        var limits = NoLimits with { PerInterval = new QuotaInterval(5, TimeSpan.FromSeconds(1), 1), PerSecond = 100 };
        using var quota = new AssetQuota(1, limits, new SoleLease(clock), clock);
        var waiting = Enumerable.Range(0, 100).Select(_ => quota.Enter(limits, Call(), Ct)).ToList();

        clock.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(50, quota.State().Calls);
        clock.Pass(TimeSpan.FromSeconds(10));
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task MoreThanMayBeUnderWay_HighSeverityOvertakesAndNoneStarves()
    {
        var clock = new SteppedClock();
        var limits = NoLimits with { AtOnce = 1 };
        using var quota = new AssetQuota(1, limits, new SoleLease(clock), clock);
        var pass = (await quota.Enter(limits, Call(), Ct)).Pass!;
        var order = new List<string>();
        var all = new List<(string Name, Task<QuotaAnswer> Answer)> { ("low", quota.Enter(limits, Call(rank: 2, result: 77), Ct)) };
        all.AddRange(Enumerable.Range(1, 9).Select(i => ($"high {i}", quota.Enter(limits, Call(rank: 0), Ct))));
        Assert.Equal("one of the 1 calls it may have at once", quota.WaitOf(77)!.What);

        while (all.Count > 0)
        {
            pass.Dispose();
            var next = await Task.WhenAny(all.Select(one => one.Answer));
            order.Add(all.Single(one => one.Answer == next).Name);
            all.RemoveAll(one => one.Answer == next);
            pass = (await next).Pass!;
        }

        Assert.Equal("high 1", order[0]);
        Assert.InRange(order.IndexOf("low"), 1, 8);
        pass.Dispose();
    }

    [Fact]
    public async Task FailsInARow_QuestionsAreAnsweredAtOnceAndAChangeWaitsForTheProbe()
    {
        var clock = new SteppedClock();
        var limits = NoLimits with { BreakerFailures = 2 };
        using var quota = new AssetQuota(1, limits, new SoleLease(clock), clock);
        await Fail(quota, limits);
        await Fail(quota, limits);

        var question = await quota.Enter(limits, Call(), Ct);
        var change = quota.Enter(limits, Call(reads: false, result: 5), Ct);
        var second = quota.Enter(limits, Call(reads: false), Ct);

        Assert.Null(question.Pass);
        Assert.Equal("is left alone until 2026-03-01T08:00:30Z: the last 2 calls failed. connection refused", question.Refused);
        Assert.Equal("2026-03-01T08:00:30Z, when it is tried again: the last 2 calls failed", quota.WaitOf(5)!.What);
        Assert.Equal((BreakerState.Open, 2), (quota.State().Breaker, quota.State().Waiting));

        clock.Pass(TimeSpan.FromSeconds(30));
        var probe = (await change).Pass!;
        Assert.Equal((BreakerState.Probing, 1), (quota.State().Breaker, quota.State().Waiting));
        probe.Took(new ActionAnswer { Success = true });
        probe.Dispose();

        Assert.NotNull((await second).Pass);
        Assert.Equal(BreakerState.Closed, quota.State().Breaker);
        Assert.NotNull((await quota.Enter(limits, Call(), Ct)).Pass);
    }

    [Fact]
    public async Task ProbeFails_ItIsLeftAloneForAsLongAgain()
    {
        var clock = new SteppedClock();
        var limits = NoLimits with { BreakerFailures = 1 };
        using var quota = new AssetQuota(1, limits, new SoleLease(clock), clock);
        await Fail(quota, limits);
        clock.Pass(TimeSpan.FromSeconds(30));
        await Fail(quota, limits);

        Assert.Null((await quota.Enter(limits, Call(), Ct)).Pass);
        Assert.Equal(clock.GetUtcNow() + TimeSpan.FromSeconds(30), quota.State().ShutUntil);
        Assert.NotNull((await quota.Enter(limits, Call(looks: true), Ct)).Pass);
    }

    [Fact]
    public async Task ProbeIsGivenUp_TheNextOneProbes()
    {
        var clock = new SteppedClock();
        var limits = NoLimits with { BreakerFailures = 1 };
        using var quota = new AssetQuota(1, limits, new SoleLease(clock), clock);
        await Fail(quota, limits);
        clock.Pass(TimeSpan.FromSeconds(30));
        (await quota.Enter(limits, Call(), Ct)).Pass!.Dispose();

        Assert.NotNull((await quota.Enter(limits, Call(), Ct)).Pass);
    }

    [Fact]
    public async Task OneIsAskedToSlowDown_AllWaitThatLong()
    {
        var clock = new SteppedClock();
        using var quota = new AssetQuota(1, NoLimits, new SoleLease(clock), clock);
        using (var pass = (await quota.Enter(NoLimits, Call(), Ct)).Pass!)
        {
            pass.Took(ActionAnswer.Failed("too many", new Fault(FaultKind.SlowDown, RetryAfter: TimeSpan.FromSeconds(20))));
        }

        var next = quota.Enter(NoLimits, Call(result: 5), Ct);
        Assert.Contains("asked less often", quota.WaitOf(5)!.What, StringComparison.Ordinal);
        clock.Pass(TimeSpan.FromSeconds(19));
        Assert.False(next.IsCompleted);
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.NotNull((await next).Pass);
    }

    [Fact]
    public async Task LeaseIsSomebodyElses_NothingLeavesAndTheNextLeaseBeginsEmpty()
    {
        var clock = new SteppedClock();
        var lease = new GivenLease();
        var limits = NoLimits with { PerSecond = 1 };
        using var quota = new AssetQuota(1, limits, lease, clock);
        var call = quota.Enter(limits, Call(result: 5), Ct);
        clock.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal("the server that has its quota", quota.WaitOf(5)!.What);

        lease.Now = new QuotaLease(clock.GetTimestamp(), clock.GetTimestamp() + TimeSpan.FromSeconds(90).Ticks);
        clock.Pass(TimeSpan.FromMilliseconds(900));
        Assert.False(call.IsCompleted);
        clock.Pass(TimeSpan.FromSeconds(2));
        Assert.NotNull((await call).Pass);

        clock.Pass(TimeSpan.FromSeconds(90));
        Assert.False(quota.Enter(limits, Call(), Ct).IsCompleted);
    }

    [Fact]
    public async Task CalledOffWhileItWaits_ItsPlaceIsFree()
    {
        var clock = new SteppedClock();
        var limits = NoLimits with { PerSecond = 0.001 };
        using var quota = new AssetQuota(1, limits, new SoleLease(clock), clock);
        using var off = new CancellationTokenSource();
        var waits = quota.Enter(limits, Call(), off.Token);
        await off.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        Assert.Equal(0, quota.State().Waiting);
    }

    private static async Task Fail(AssetQuota quota, QuotaLimits limits)
    {
        using var pass = (await quota.Enter(limits, Call(), Ct)).Pass!;
        pass.Took(ActionAnswer.Failed("connection refused", new Fault(FaultKind.NotReached)));
    }

    private static QuotaCall Call(int rank = 1, bool reads = true, bool looks = false, long? result = null) => new(new Urgency(rank, default), result, reads, looks);

    private sealed class GivenLease : IQuotaLease
    {
        public QuotaLease? Now { get; set; }

        public QuotaLease? Of(long asset) => Now;
    }
}
