using System.Text;

namespace Vedette.Trial.Reports;

/// <summary>The report for a person at a terminal. What a playbook says is shown without control characters.</summary>
public static class TextReport
{
    private const int LongestValue = 160;

    /// <param name="coverage">Also what was never reached.</param>
    public static string Write(Report report, bool coverage)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder();
        foreach (var playbook in report.Playbooks)
        {
            text.AppendLine(playbook.Path);
            foreach (var one in playbook.Cases)
            {
                Case(text, playbook, one);
            }

            var (taken, never) = (playbook.Branches.Taken.Count, playbook.Branches.Never.Count);
            text.AppendLine($"  reached: blocks {playbook.Blocks.Run.Count} of {playbook.Blocks.All.Count}, branches {taken} of {taken + never} ({Coverage.Percent(taken, taken + never)}), lines {Coverage.Percent(playbook.Lines.Run.Count, playbook.Lines.All.Count)}");
            if (coverage)
            {
                Never(text, playbook);
            }
        }

        var cases = report.Playbooks.SelectMany(playbook => playbook.Cases).ToList();
        text.AppendLine($"{report.Playbooks.Count} playbook(s), {cases.Count} case(s): {cases.Count(one => one.Status == CaseStatus.Passed)} passed, {cases.Count(one => one.Status == CaseStatus.Failed)} failed, {cases.Count(one => one.Status == CaseStatus.Error)} with errors");
        return text.ToString();
    }

    private static void Case(StringBuilder text, PlaybookReport playbook, CaseReport one)
    {
        text.AppendLine($"  {one.Status.ToString().ToLowerInvariant(),-6} {Shown(one.Name)} ({one.Milliseconds:0} ms)");
        foreach (var failure in one.Failures)
        {
            text.AppendLine($"    {Shown(failure, 1000)}");
        }

        foreach (var error in one.Status == CaseStatus.Error ? one.Errors : [])
        {
            text.AppendLine($"    {error.Kind.ToString().ToLowerInvariant()} error, {playbook.Path}:{error.Line}{(error.Block.Length > 0 ? $", in {error.Block}" : "")}: {Shown(error.Message, 1000)}");
        }

        foreach (var warning in one.Warnings)
        {
            text.AppendLine($"    look: {Shown(warning, 400)}");
        }

        foreach (var action in one.Actions)
        {
            text.AppendLine($"    action {Shown(action.Action)} on {action.Asset ?? "no asset"} ({Shown(action.Name)}), answered by {(action.AnsweredBy == "test" ? "the test" : action.AnsweredBy)}: {Shown(action.Parameters?.ToJsonString() ?? "")}");
        }

        foreach (var prompt in one.Prompts)
        {
            text.AppendLine($"    {prompt.Kind} to {(prompt.To.Length > 0 ? Shown(prompt.To) : "nobody named")} ({Shown(prompt.Name)}), {Ending(prompt)}: {Shown(prompt.Message)}");
        }

        foreach (var effect in one.Effects)
        {
            text.AppendLine($"    would {Shown(effect.Call)}: {Shown(effect.Arguments.ToJsonString())}");
        }
    }

    private static string Ending(PromptReport prompt) => prompt.Status switch
    {
        "approved" => $"answered by {(prompt.AnsweredBy == "test" ? "the test" : prompt.AnsweredBy)} as {prompt.Person} with {Shown(prompt.Responses?.ToJsonString() ?? "")}",
        "denied" => $"turned down by {(prompt.AnsweredBy == "test" ? "the test" : prompt.AnsweredBy)} as {prompt.Person}",
        "expired" => "not answered in time",
        var status => status,
    };

    private static void Never(StringBuilder text, PlaybookReport playbook)
    {
        foreach (var block in playbook.Blocks.All.Except(playbook.Blocks.Run))
        {
            text.AppendLine($"  never run: block {block}");
        }

        foreach (var branch in playbook.Branches.Never)
        {
            text.AppendLine($"  never taken: line {branch.Line}, {branch.Condition} -> {branch.Outcome}{(branch.Block.Length > 0 ? $" (in {branch.Block})" : "")}");
        }

        var missed = playbook.Lines.All.Except(playbook.Lines.Run).ToList();
        if (missed.Count > 0)
        {
            text.AppendLine($"  never run: lines {string.Join(", ", missed)}");
        }
    }

    private static string Shown(string text, int longest = LongestValue)
    {
        var plain = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return plain.Length <= longest ? plain : plain[..longest] + "…";
    }
}
