using Vedette.Console.Reading;
using Vedette.Engine.Storage;

namespace Vedette.Console.Events;

/// <summary>How automation stands on an event: a state for each block of its last run, and the one thing to know.</summary>
/// <param name="Run">Null where none ran.</param>
/// <param name="Blocks">pending, running, waiting, success, failed or cancelled, in the order they were asked for.</param>
/// <param name="Says">What is asked, what failed, what runs.</param>
/// <param name="Tone">A class for the words.</param>
public sealed record Automation(PlaybookRunRow? Run, IReadOnlyList<string> Blocks, string Says, string Tone)
{
    private const int MostBlocks = 2_000;

    public static Automation None { get; } = new(null, [], "No playbook ran", "t3");

    /// <summary>For many events with three reads.</summary>
    internal static async Task<IReadOnlyDictionary<long, Automation>> Of(Reader reader, IReadOnlyCollection<long> containers)
    {
        if (containers.Count == 0)
        {
            return new Dictionary<long, Automation>();
        }

        var ids = containers.Select(id => (object?)id).ToList();
        var runs = (await reader.SelectIfAllowed<PlaybookRunRow>(new Query { Where = Where.In(nameof(PlaybookRunRow.ContainerId), ids) & new Compare(nameof(PlaybookRunRow.ParentRunId), Comparison.IsNull, true), Order = [("Id", true)], Limit = MostBlocks }))
            .DistinctBy(run => run.ContainerId).ToList();
        var states = await OfRuns(reader, runs);
        return runs.ToDictionary(run => run.ContainerId, run => states[run.Id]);
    }

    /// <summary>By run, with two reads.</summary>
    internal static async Task<IReadOnlyDictionary<long, Automation>> OfRuns(Reader reader, IReadOnlyList<PlaybookRunRow> runs)
    {
        if (runs.Count == 0)
        {
            return new Dictionary<long, Automation>();
        }

        var actions = (await reader.SelectIfAllowed<ActionRunRow>(new Query { Where = Where.In(nameof(ActionRunRow.PlaybookRunId), runs.Select(run => (object?)run.Id)), Order = [("Id", false)], Limit = MostBlocks })).ToLookup(action => action.PlaybookRunId);
        var asked = (await reader.SelectIfAllowed<PromptRow>(new Query { Where = Where.In(nameof(PromptRow.ContainerId), runs.Select(run => (object?)run.ContainerId).Distinct()) & Where.Is(nameof(PromptRow.Status), "pending"), Limit = MostBlocks })).ToLookup(prompt => prompt.PlaybookRunId);
        return runs.ToDictionary(run => run.Id, run => Of(run, [.. actions[run.Id]], [.. asked[run.Id]]));
    }

    internal static Automation Of(PlaybookRunRow run, IReadOnlyList<ActionRunRow> actions, IReadOnlyList<PromptRow> asked)
    {
        var waiting = asked.Select(prompt => prompt.ActionRunId).ToHashSet();
        var blocks = actions.Select(action => StateOf(action, waiting)).ToList();
        var done = blocks.Count(state => state == "success");
        var failed = actions.FirstOrDefault(action => action.Status == "failed");
        var now = actions.LastOrDefault(action => StateOf(action, waiting) is "running" or "pending");
        if (blocks.Count == 0)
        {
            blocks.Add(run.Status);
        }

        var (says, tone) = run.Status switch
        {
            _ when asked.Count > 0 => ($"Asks: {asked[0].Name}", "c-hum med"),
            "pending" => ("Queued", "t3"),
            "running" when now is not null => ($"{done}/{actions.Count} {now.Action}", ""),
            "running" => ("Running", ""),
            "failed" => (run.Message.Length > 0 ? $"Failed: {run.Message}" : "Failed", "c-err"),
            "cancelled" => ("Cancelled", "t3"),
            _ when failed is not null => ($"{failed.Action} failed", "c-err"),
            _ => ($"{done}/{actions.Count} done", ""),
        };
        return new Automation(run, blocks, says, tone);
    }

    /// <summary>The state to show of an action.</summary>
    /// <param name="waiting">Actions a person is asked about.</param>
    internal static string StateOf(ActionRunRow action, IReadOnlySet<long> waiting) => waiting.Contains(action.Id) ? "waiting" : action.Status;
}
