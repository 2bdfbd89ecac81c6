using System.Collections.Concurrent;
using System.Diagnostics;
using Vedette.Engine.Hall;
using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

public sealed class SqliteTraceTests() : TraceTests(() => Task.FromResult<string?>(null));

public sealed class PostgresTraceTests(SharedPostgres shared) : TraceTests(async () => await (await shared.Cluster).NewDatabase());

/// <summary>From the alert to the ticket is one trace, also over a restart.</summary>
/// <param name="store">Makes a database, and gives its connection string; null is a file.</param>
public abstract class TraceTests(Func<Task<string?>> store)
{
    [Fact]
    public async Task AlertToTicket_IsOneTrace()
    {
        using var heard = new Heard();
        await using var site = await Site.Open(store: await store());

        var run = await site.RunEnded(await site.SendAlert());

        var spans = await heard.Trace(run);
        Assert.Equal(["action", "automation", "intake", "rest", "run", "turn"], spans.Select(span => span.OperationName).Distinct().Order());
        var all = await site.Server.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ContainerId), run.ContainerId)), TestContext.Current.CancellationToken);
        Assert.All(all, one => Assert.Equal(Id(run), Id(one)));
        Assert.Equal(run.ContainerId, Assert.Single(spans, span => span.OperationName == "intake").GetTagItem("vedette.event"));
        Assert.Contains(spans, span => span.OperationName == "action" && Equals(span.GetTagItem("vedette.action"), "create ticket"));
    }

    [Fact]
    public async Task ServerStartedAgainInTheMiddle_TheTraceGoesOn()
    {
        using var heard = new Heard();
        await using var site = await Site.Open(store: await store());
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"a test"}""");
        var container = await site.SendAlert();
        while ((await site.Get("/rest/health")).GetProperty("actions_open").GetInt64() == 0)
        {
            await Task.Yield();
        }

        await site.Server.DisposeAsync();
        await site.StartServer();
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false,"reason":"a test"}""");
        var run = await site.RunEnded(container);

        Assert.Equal("success", run.Status);
        var spans = await heard.Trace(run);
        Assert.Contains(spans, span => span.OperationName == "rest");
        Assert.Contains(spans, span => span.OperationName == "action" && Equals(span.GetTagItem("vedette.action"), "create ticket"));
    }

    private static string Id(PlaybookRunRow run) => ActivityContext.TryParse(run.Trace, null, out var context) ? context.TraceId.ToHexString() : "";

    /// <summary>All spans of this process, also of the servers of other tests: told apart by their traces.</summary>
    private sealed class Heard : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _spans = new();
        private readonly ActivityListener _listener;

        public Heard()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Telemetry.Name,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = _spans.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        /// <summary>The spans of a run's trace, once that of the run itself is there: it ends right after the end is on disk.</summary>
        public async Task<IReadOnlyList<Activity>> Trace(PlaybookRunRow run)
        {
            while (!_spans.Any(span => span.OperationName == "run" && Equals(span.GetTagItem("vedette.run"), run.Id) && span.TraceId.ToHexString() == Id(run)))
            {
                await Task.Yield();
            }

            return [.. _spans.Where(span => span.TraceId.ToHexString() == Id(run))];
        }

        public void Dispose() => _listener.Dispose();
    }
}
