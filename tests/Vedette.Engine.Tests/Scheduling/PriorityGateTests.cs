using Vedette.Engine.Scheduling;

namespace Vedette.Engine.Tests.Scheduling;

/// <summary>The pace of an asset, by a clock that stands still and tells who waits for it and how long.</summary>
public sealed class PriorityGateTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    public async Task NoLimit_NobodyWaits(double? perSecond)
    {
        var clock = new WaitedFor();
        var gate = new PriorityGate(10, perSecond, clock);
        for (var i = 0; i < 5; i++)
        {
            using var pass = await gate.Enter(0, TestContext.Current.CancellationToken);
        }

        Assert.Empty(clock.Waits);
    }

    [Theory]
    [InlineData(1.0, 1000)]
    [InlineData(2.0, 500)]
    [InlineData(0.5, 2000)]
    public async Task SoManyPerSecond_EachWaitsForItsMoment(double perSecond, int milliseconds)
    {
        var clock = new WaitedFor();
        var gate = new PriorityGate(10, perSecond, clock);
        using var first = await gate.Enter(0, TestContext.Current.CancellationToken);
        _ = gate.Enter(0, TestContext.Current.CancellationToken);
        _ = gate.Enter(0, TestContext.Current.CancellationToken);
        Assert.Equal([TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(2 * milliseconds)], clock.Waits);
    }

    private sealed class WaitedFor : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
