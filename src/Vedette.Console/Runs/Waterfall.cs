using Vedette.Console.Events;
using Vedette.Engine.Storage;

namespace Vedette.Console.Runs;

/// <summary>The lines of a run's waterfall: turns of the playbook, actions it asked for, and under each action what was done on each asset.</summary>
public sealed record Waterfall(IReadOnlyList<Bar> Bars, TimeScale Scale)
{
    /// <param name="assets">Names by number; for those the reader may not see, the app stands for it.</param>
    /// <param name="now">Where a bar ends that has no end.</param>
    internal static Waterfall Of(RunPicture picture, IReadOnlyDictionary<long, string> assets, DateTimeOffset now)
    {
        var run = picture.Run;
        var end = run.EndedAt ?? now;
        var bars = new List<Bar>();
        if (run.StartedAt is { } started && started > run.CreatedAt)
        {
            bars.Add(new Bar("queued", "queued", 0, run.CreatedAt, started, "success", BarKind.Wait, ""));
        }

        var appRuns = picture.AppRuns.ToDictionary(app => app.Id);
        var results = picture.Results.ToLookup(result => result.ActionRunId);
        foreach (var (at, turn, action) in picture.Turns.Select(turn => (turn.StartedAt, (TurnRow?)turn, (ActionRunRow?)null)).Concat(picture.Actions.Select(action => (action.CreatedAt, (TurnRow?)null, (ActionRunRow?)action))).OrderBy(one => one.Item1))
        {
            if (turn is not null)
            {
                bars.Add(new Bar($"turn-{turn.Id}", turn.Function, 0, at, turn.EndedAt, run.Status == "failed" && turn == picture.Turns[^1] ? "failed" : "success", BarKind.Turn, ""));
            }
            else if (action is not null)
            {
                var state = Automation.StateOf(action, picture.Waiting);
                var person = action.Type == ActionRunRow.OfAPerson;
                bars.Add(new Bar($"action-{action.Id}", action.Name, 0, at, action.EndedAt ?? end, state, person ? BarKind.Person : BarKind.Action, action.Action));
                bars.AddRange(results[action.Id].OrderBy(result => result.Id).SelectMany(result => Of(result, appRuns.GetValueOrDefault(result.AppRunId), assets, end)));
            }
        }

        foreach (var child in picture.Children)
        {
            bars.Add(new Bar($"run-{child.Id}", child.PlaybookName, 0, child.CreatedAt, child.EndedAt ?? end, child.Status, BarKind.Action, $"run {child.Id}"));
        }

        var work = bars.Where(bar => bar.Kind is BarKind.Turn or BarKind.Call).Concat(bars.Where(bar => bar.Key.StartsWith("run-", StringComparison.Ordinal)));
        return new Waterfall(bars, new TimeScale(run.CreatedAt, end, work.Select(bar => (bar.From, bar.To))));
    }

    private static IEnumerable<Bar> Of(ActionResultRow result, AppRunRow? app, IReadOnlyDictionary<long, string> assets, DateTimeOffset end)
    {
        var name = assets.GetValueOrDefault(result.AssetId) ?? app?.AppName ?? "asset";
        var state = result.State switch
        {
            ActionState.Unknown or ActionState.Waiting => "waiting",
            _ when result.EndedAt is not null => result.Status,
            ActionState.Started => "running",
            _ => "pending",
        };
        var says = result.State == ActionState.Unknown ? "outcome in doubt" : result.Attempt > 1 ? $"attempt {result.Attempt}" : "";
        if (result.StartedAt is { } left)
        {
            if (left - result.CreatedAt > TimeSpan.FromMilliseconds(100))
            {
                yield return new Bar($"wait-{result.Id}", "before it left", 1, result.CreatedAt, left, "success", BarKind.Wait, "");
            }

            yield return new Bar($"result-{result.Id}", name, 1, left, result.EndedAt ?? end, state, result.State == ActionState.Unknown ? BarKind.Person : BarKind.Call, says);
        }
        else
        {
            yield return new Bar($"result-{result.Id}", name, 1, result.CreatedAt, result.EndedAt ?? end, state, result.State == ActionState.Waiting ? BarKind.Person : BarKind.Wait, says);
        }
    }
}

/// <param name="Key"><c>turn-</c>, <c>action-</c>, <c>result-</c>, <c>wait-</c> or <c>run-</c> and the number.</param>
/// <param name="Depth">0 for a block, 1 for what was done on an asset.</param>
/// <param name="State">pending, running, waiting, success, failed or cancelled.</param>
/// <param name="Says">Beside the bar.</param>
public sealed record Bar(string Key, string Name, int Depth, DateTimeOffset From, DateTimeOffset To, string State, BarKind Kind, string Says);

public enum BarKind
{
    /// <summary>Code of the playbook.</summary>
    Turn,

    /// <summary>An action, from when it was asked for until its last answer.</summary>
    Action,

    /// <summary>A call of another system.</summary>
    Call,

    /// <summary>A place in a queue.</summary>
    Wait,

    /// <summary>A person is waited for.</summary>
    Person,
}
