using Vedette.Trial.Cases;
using Vedette.Trial.Platform;
using Vedette.Trial.Reports;
using Vedette.Workers;

namespace Vedette.Trial.Tests;

/// <summary>The playbooks that come with the program, each by its own tests.</summary>
public sealed class OwnPlaybookTests
{
    private const int LeastBranches = 90;

    [Fact]
    public async Task OurPlaybooksPassTheirTests_AndNearlyEveryBranchIsTaken()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var house = await TrialHouse.Open(new WorkerOptions(), ct);

        var report = await new PlaybookTrial(house).Run(PlaybookPaths.Find([Path.Combine(AppContext.BaseDirectory, "playbooks")]), ct);

        Assert.True(report.Passed, TextReport.Write(report, coverage: false));
        Assert.All(report.Playbooks, playbook =>
        {
            Assert.True(playbook.Cases.Count > 1, $"{playbook.Path} has no tests beside it.");
            var (taken, never) = (playbook.Branches.Taken.Count, playbook.Branches.Never.Count);
            Assert.True(100 * taken >= LeastBranches * (taken + never), $"{playbook.Path}: {taken} of {taken + never} branches are taken. {TextReport.Write(report, coverage: true)}");
        });
    }
}
