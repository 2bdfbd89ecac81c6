using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>
/// Calls of which nobody can know whether they happened. The question is on disk and survives a restart; a person ends it, or the other
/// system does once it answers again and the effect is found there.
/// </summary>
internal sealed class Outcomes(IStore store, TimeProvider time, ILogger<Outcomes> log)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<long, TaskCompletionSource> _said = new();

    /// <summary>Puts the question on disk; gives the row as it is there.</summary>
    /// <param name="asset">The name of the asset to look in.</param>
    public async Task<ActionResultRow> Ask(ActionRunRow run, ActionResultRow result, string asset, string why, CancellationToken ending)
    {
        if (result is { State: ActionState.Unknown, Status: "" })
        {
            return result;
        }

        var now = time.GetUtcNow();
        var question = $"{Sentence(asset, why)} Then say so: vedette outcomes say {run.Id} happened, do-it or leave-it.";
        var unit = new Unit();
        unit.Update<ActionResultRow>(result.Id, null, (nameof(result.State), ActionState.Unknown), (nameof(result.Attempt), result.Attempt), (nameof(result.StartedAt), result.StartedAt), (nameof(result.Message), question));
        unit.Update<AppRunRow>(result.AppRunId, null, (nameof(AppRunRow.Message), question));
        unit.Update<ActionRunRow>(run.Id, null, (nameof(run.Status), "running"), (nameof(run.Message), question));
        unit.Audit(Caller.Platform with { CausedBy = run.CausedBy, Channel = run.Channel, UserId = run.UserId ?? 0 }, now, "outcome_unknown", "action_result", result.Id, result.ContainerId);
        await Patience.Until(async () => (await store.Commit(unit, ending)).Kind != CommitKind.Unavailable, () => log.LogWarning("A question waits for the store to write again: {Question}", question), time, ending);
        log.LogWarning("{Question}", question);
        return await Row(result.Id, ending);
    }

    /// <summary>Waits for a person's word, and no longer than until it is worth looking again.</summary>
    /// <param name="looks">How often it was looked for since the question was asked; null where looking can tell nothing.</param>
    /// <returns>The row as it is on disk then: ended, allowed once more, or as it was.</returns>
    public async Task<ActionResultRow> Said(ActionResultRow result, int? looks, CancellationToken calledOff)
    {
        var said = _said.GetOrAdd(result.Id, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            // A word that came between the question and here is on disk.
            var row = await Row(result.Id, calledOff);
            if (row.Version != result.Version)
            {
                return row;
            }

            using var enough = CancellationTokenSource.CreateLinkedTokenSource(calledOff);
            await Task.WhenAny(said.Task, Task.Delay(looks is { } times ? Pause(times) : Timeout.InfiniteTimeSpan, time, enough.Token));
            calledOff.ThrowIfCancellationRequested();
            await enough.CancelAsync();
            return await Row(result.Id, calledOff);
        }
        finally
        {
            _said.TryRemove(new(result.Id, said));
        }
    }

    /// <summary>A person says what became of all calls of this action run that are in doubt.</summary>
    public async Task<Outcome<Done>> Decide(Unit unit, Caller caller, ActionRunId id, OutcomeWord word, string message)
    {
        if (caller.LacksInPerson(Permissions.RunActions) is { } refusal)
        {
            return refusal;
        }

        if (caller.Run is not null)
        {
            return new Refusal(RefusalKind.Forbidden, "person_needed", "What became of a call that nobody answered is said by a person, never by a run.");
        }

        if (await store.Find<ActionRunRow>(id.Value) is not { } run)
        {
            return new Refusal(RefusalKind.NotFound, "no_action_run", "action_run item not found");
        }

        var open = await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), id.Value) & Where.Is(nameof(ActionResultRow.State), ActionState.Unknown) & Where.Is(nameof(ActionResultRow.Status), "")));
        if (open.Count == 0)
        {
            return new Refusal(RefusalKind.Conflict, "no_open_outcome", $"Action run {id.Value} has no outcome in doubt: somebody has said it already, or the other system has.");
        }

        var now = time.GetUtcNow();
        var by = message.Length == 0 ? $"{caller.Username}." : $"{caller.Username}: {message}";
        foreach (var result in open)
        {
            (string, object?)[] changes = word switch
            {
                OutcomeWord.Happened => Ended(ActionState.Done, "success", $"It happened, says {by}", now),
                OutcomeWord.LeaveIt => Ended(ActionState.Unknown, "failed", $"Outcome unknown, and left so by {by}", now),
                _ => [(nameof(result.State), ActionState.Allowed), (nameof(result.Decision), $"{result.Decision}; to be done, says {by}"), (nameof(result.Message), "")],
            };
            unit.Update<ActionResultRow>(result.Id, result.Version, changes);
            unit.Afterward(() =>
            {
                if (_said.TryGetValue(result.Id, out var waits))
                {
                    waits.TrySetResult();
                }
            });
        }

        unit.Update<ActionRunRow>(id.Value, null, (nameof(run.Message), ""));
        unit.Audit(caller, now, "outcome_said", "action_run", id.Value, run.ContainerId, new JsonObject { ["outcome"] = word.ToString(), ["message"] = message });
        return default(Done);
    }

    /// <summary>As it is on disk.</summary>
    public async Task<ActionResultRow> Row(long id, CancellationToken ct) =>
        await store.Find<ActionResultRow>(id, ct) ?? throw new InvalidOperationException($"Action result {id} is gone.");

    public static string Sentence(string asset, string why) => $"Outcome unknown: {why} Look in {asset} whether it happened before doing it again.";

    private static (string, object?)[] Ended(ActionState state, string status, string message, DateTimeOffset now) =>
    [
        (nameof(ActionResultRow.State), state), (nameof(ActionResultRow.Status), status), (nameof(ActionResultRow.Message), message), (nameof(ActionResultRow.EndedAt), now),
    ];

    private static TimeSpan Pause(int looks)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(looks, 20));
        return pause < LongestPause ? pause : LongestPause;
    }
}
