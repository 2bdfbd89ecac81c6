using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Server.Tests;

/// <summary>The clock is set, or the machine stands still, while something waits for a time.</summary>
public sealed class ClockTests
{
    private const string Asks = """
        import phantom.rules as phantom

        def on_start(container):
            phantom.prompt2(container=container, user="admin", message="Block?", name="ask", respond_in_mins=30, callback=answered, response_types=[{"prompt": "yes?", "options": {"type": "message"}}])

        def answered(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            phantom.comment(container=container, comment="%s" % success)
        """;

    [Theory]
    [InlineData(-2)]
    [InlineData(72)]
    public async Task ClockIsSet_AQuestionEndsWhenItsTimeHasPassedAndHealthSaysThatItWasSet(int hours)
    {
        var clock = new MovedClock();
        await using var site = await Site.Open(setup: options => options with { Time = clock });
        var container = await Asked(site);

        clock.Set(TimeSpan.FromHours(hours));

        Assert.InRange((await site.Get("/rest/health")).GetProperty("clock_jumped_seconds").GetDouble(), (hours * 3600) - 30, (hours * 3600) + 30);
        clock.Pass(TimeSpan.FromMinutes(29));
        Assert.Equal(1, (await site.Get("/rest/health")).GetProperty("approvals_open").GetInt64());
        clock.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal("expired", Assert.Single(await site.Server.Store.Select<PromptRow>(new Query(), TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task MachineStandsStillBetweenStartedAndSending_TheCallIsStartedAnewAndSentOnce()
    {
        var clock = new MovedClock();
        var slept = 0;
        await using var site = await Site.Open(setup: options => options with
        {
            Time = clock,
            Around = store => new AfterCommitStore(store, unit =>
            {
                if (unit.Writes.Any(write => write is Update { Columns: var columns } && columns.Any(column => column is { Column: "State", Value: ActionState.Started })) && Interlocked.Exchange(ref slept, 1) == 0)
                {
                    clock.Pass(TimeSpan.FromHours(1));
                }
            }),
        });

        var run = await site.ActionEnded(await site.Ask("create ticket", "servicenow", new { short_description = "x" }));

        Assert.Equal(("success", 1), (run.Status, slept));
        Assert.Equal(1, await site.WritesSentTo("servicenow"));
        Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal(2, Assert.Single(await site.Server.Store.Select<ActionResultRow>(new Query(), TestContext.Current.CancellationToken)).Attempt);
    }

    private static async Task<long> Asked(Site site)
    {
        await site.Import("asks", Asks);
        var container = await site.QuietEvent();
        await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/asks"}""");
        while ((await site.Get("/rest/health")).GetProperty("approvals_open").GetInt64() == 0)
        {
            await Task.Yield();
        }

        return container;
    }

    /// <summary>The real time, which can be made to pass faster, and whose clock can be set.</summary>
    private sealed class MovedClock : TimeProvider
    {
        private readonly Lock _lock = new();
        private readonly List<Alarm> _alarms = [];
        private TimeSpan _set;
        private TimeSpan _passed;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _set + _passed;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(_passed.TotalSeconds * TimestampFrequency);

        /// <summary>The clock says another time, and none has passed.</summary>
        public void Set(TimeSpan by) => _set += by;

        /// <summary>What is due by then rings now.</summary>
        public void Pass(TimeSpan span)
        {
            List<Alarm> due;
            lock (_lock)
            {
                _passed += span;
                due = [.. _alarms];
            }

            due.ForEach(alarm => alarm.Look());
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var alarm = new Alarm(this, callback, state);
            lock (_lock)
            {
                _alarms.Add(alarm);
            }

            alarm.Change(dueTime, period);
            return alarm;
        }

        private sealed class Alarm : ITimer
        {
            private readonly MovedClock _clock;
            private readonly ITimer _timer;
            private (long Since, TimeSpan Due, TimeSpan Period)? _order;

            public Alarm(MovedClock clock, TimerCallback callback, object? state) =>
                (_clock, _timer) = (clock, System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _order = dueTime < TimeSpan.Zero ? null : (_clock.GetTimestamp(), dueTime, period);
                return _timer.Change(dueTime, period);
            }

            public void Look()
            {
                if (_order is var (since, due, period))
                {
                    var left = due - _clock.GetElapsedTime(since);
                    _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, period);
                }
            }

            public void Dispose()
            {
                lock (_clock._lock)
                {
                    _clock._alarms.Remove(this);
                }

                _timer.Dispose();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }

    private sealed class AfterCommitStore(IStore store, Action<Unit> after) : IStore
    {
        public string Description => store.Description;

        public bool Reachable => store.Reachable;

        public int Queued => store.Queued;

        public async Task<Commit> Commit(Unit unit, CancellationToken ct = default)
        {
            var commit = await store.Commit(unit, ct);
            after(unit);
            return commit;
        }

        public long NextId<T>()
            where T : IRow => store.NextId<T>();

        public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
            where T : class, IRow => store.Find<T>(id, ct);

        public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
            where T : class, IRow => store.Select<T>(query, ct);

        public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
            where T : class, IRow => store.Count<T>(where, ct);
    }
}
