using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Storage;
using Vedette.Engine.Tests.Actions;

namespace Vedette.Engine.Tests.Scheduling;

public sealed class RunPaceTests
{
    [Fact]
    public void RunsEnd_ThePaceIsThatOfTheLastMinute()
    {
        var clock = new SteppedClock();
        var ends = new RunEnds();
        var pace = new RunPace(ends, clock);
        Assert.Equal(0, pace.EndedPerSecond);

        for (var i = 0; i < 20; i++)
        {
            ends.Tell(Run);
        }

        clock.Pass(TimeSpan.FromSeconds(9));
        Assert.Equal(2, pace.EndedPerSecond);
        clock.Pass(TimeSpan.FromSeconds(50));
        Assert.Equal(20 / 60.0, pace.EndedPerSecond);
        clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(0, pace.EndedPerSecond);
        ends.Tell(Run);
        clock.Pass(TimeSpan.FromDays(1));
        Assert.Equal(0, pace.EndedPerSecond);
    }

    private static PlaybookRunRow Run { get; } = new()
    {
        Id = 1, CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch, ContainerId = 1, PlaybookId = 1, PlaybookName = "p", Repository = "local", SourceHash = "", Status = "success", UserId = 1,
    };
}
