using System.Text.Json;
using Vedette.Console.Events;
using Vedette.Console.Parts;
using Vedette.Engine.Storage;

namespace Vedette.Console.Playbooks;

/// <summary>What a run did, laid over the blocks of its playbook.</summary>
public sealed class GraphOverlay
{
    private readonly Dictionary<string, BlockRan> _ran = new(StringComparer.Ordinal);

    public static GraphOverlay None { get; } = new();

    /// <summary>Null for a block that has not run, as far as one can tell.</summary>
    public BlockRan? Of(string block) => _ran.GetValueOrDefault(block);

    /// <param name="waiting">Actions a person is asked about.</param>
    public static GraphOverlay Of(BlockGraph graph, PlaybookRunRow run, IReadOnlyList<ActionRunRow> actions, IReadOnlySet<long> waiting, IReadOnlyList<TurnRow> turns)
    {
        var overlay = new GraphOverlay();
        var byName = actions.ToLookup(action => action.Name, StringComparer.Ordinal);
        var byFunction = turns.ToLookup(turn => turn.Function, StringComparer.Ordinal);
        using var completed = JsonDocument.Parse(run.Completed);
        var names = completed.RootElement.ValueKind != JsonValueKind.Object ? [] : completed.RootElement.EnumerateObject().SelectMany(list => completed.RootElement.ListAt(list.Name)).Select(CefText.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var block in graph.Blocks)
        {
            if (Trace(block, run, [.. byName[block.Function]], waiting, [.. byFunction[block.Function]], names) is { } ran)
            {
                overlay._ran[block.Id] = ran;
            }
        }

        overlay.Infer(graph);
        return overlay;
    }

    private static BlockRan? Trace(Block block, PlaybookRunRow run, List<ActionRunRow> actions, IReadOnlySet<long> waiting, List<TurnRow> turns, HashSet<string> completed)
    {
        if (block.Kind == "start")
        {
            return run.StartedAt is null ? null : new BlockRan("success", null);
        }

        if (block.Kind == "end")
        {
            return run.EndedAt is null ? null : new BlockRan(run.Status, null);
        }

        if (actions.Count > 0)
        {
            var states = actions.ConvertAll(action => Automation.StateOf(action, waiting));
            var state = new[] { "waiting", "failed", "running", "pending" }.FirstOrDefault(states.Contains) ?? states[^1];
            var time = actions.TrueForAll(action => action.EndedAt is not null) ? actions.Max(action => action.EndedAt!.Value) - actions.Min(action => action.CreatedAt) : (TimeSpan?)null;
            return new BlockRan(state, time);
        }

        if (turns.Count > 0)
        {
            return new BlockRan("success", TimeSpan.FromTicks(turns.Sum(turn => (turn.EndedAt - turn.StartedAt).Ticks)));
        }

        return completed.Contains(block.Function) ? new BlockRan("success", null) : null;
    }

    /// <summary>Decisions, filters and formats leave no trace of their own. One without which nothing that ran could have been come to has run.</summary>
    private void Infer(BlockGraph graph)
    {
        var next = graph.Links.ToLookup(link => link.From, link => link.To, StringComparer.Ordinal);
        var start = graph.Blocks.FirstOrDefault(block => block.Kind == "start")?.Id;
        if (start is null || Of(start) is null)
        {
            return;
        }

        var ends = graph.Blocks.Where(block => block.Kind == "end").Select(block => block.Id).ToHashSet(StringComparer.Ordinal);
        var all = Reached(start, "", next);
        var traced = _ran.Keys.Where(id => !ends.Contains(id) && all.Contains(id)).ToList();
        foreach (var block in graph.Blocks.Where(block => Of(block.Id) is null && all.Contains(block.Id)).ToList())
        {
            var without = Reached(start, block.Id, next);
            if (traced.Exists(id => !without.Contains(id)))
            {
                _ran[block.Id] = new BlockRan("success", null);
            }
        }
    }

    private static HashSet<string> Reached(string start, string without, ILookup<string, string> next)
    {
        var (seen, open) = (new HashSet<string>(StringComparer.Ordinal) { start }, new Stack<string>([start]));
        while (open.TryPop(out var at))
        {
            foreach (var to in next[at].Where(to => to != without && seen.Add(to)))
            {
                open.Push(to);
            }
        }

        return seen;
    }
}

/// <param name="State">pending, running, waiting, success, failed or cancelled.</param>
/// <param name="Time">Null where it is not over or nobody measured.</param>
public sealed record BlockRan(string State, TimeSpan? Time);
