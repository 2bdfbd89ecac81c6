using Vedette.Trial.Cases;

namespace Vedette.Trial.Reports;

/// <summary>What was reached of a source.</summary>
internal static class Coverage
{
    public static BranchReach Branches(PlaybookFacts facts, IReadOnlySet<int> places) => new(
        [.. facts.Branches.Where(branch => places.Contains(branch.Place)).Select(branch => branch.Branch)],
        [.. facts.Branches.Where(branch => !places.Contains(branch.Place)).Select(branch => branch.Branch)]);

    /// <summary>Of all cases of a playbook together.</summary>
    public static PlaybookReport Together(PlaybookFile file, IReadOnlyList<CaseReport> cases)
    {
        var blocks = cases.SelectMany(one => one.Blocks.Run).ToHashSet();
        var taken = cases.SelectMany(one => one.Branches.Taken).ToHashSet();
        var lines = cases.SelectMany(one => one.Lines.Run).ToHashSet();
        var whole = cases.MaxBy(one => one.Lines.All.Count);
        IReadOnlyList<Branch> branches = whole is null ? [] : [.. whole.Branches.Taken.Concat(whole.Branches.Never).Distinct().OrderBy(branch => branch.Line)];
        return new PlaybookReport(
            file.Path,
            file.Sha256,
            cases,
            new BlockReach([.. (whole?.Blocks.All ?? []).Where(blocks.Contains)], whole?.Blocks.All ?? []),
            new BranchReach([.. branches.Where(taken.Contains)], [.. branches.Where(branch => !taken.Contains(branch))]),
            new LineReach([.. (whole?.Lines.All ?? []).Where(lines.Contains)], whole?.Lines.All ?? []));
    }

    public static string Percent(int part, int all) => all == 0 ? "-" : $"{100 * part / all} %";
}
