using Vedette.Engine.Hall;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Tests;

/// <summary>Nothing in this process listens.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public void NobodyListens_NothingIsAllocated()
    {
        var run = new PlaybookRunRow
        {
            Id = 1, ContainerId = 1, PlaybookId = 1, PlaybookName = "p", Repository = "r", SourceHash = "h", Status = "success", UserId = 1,
            CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch, EndedAt = DateTimeOffset.UnixEpoch,
        };
        Tell(run);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Tell(run);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Tell(PlaybookRunRow run)
    {
        using var rest = Telemetry.Begin("rest");
        using var intake = Telemetry.Within("intake");
        intake?.SetTag("vedette.event", run.ContainerId);
        using var turn = Telemetry.Continue("turn", run.Trace);
        _ = Telemetry.Here;
        Telemetry.Alert("new");
        Telemetry.AlertRefused();
        Telemetry.Turn(TimeSpan.FromSeconds(1), "success");
        Telemetry.Action(TimeSpan.FromSeconds(1), "success", "reads");
        Telemetry.RunEnded(run);
    }
}
