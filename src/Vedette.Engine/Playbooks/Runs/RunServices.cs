using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Scheduling;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>What the owner of a run works with.</summary>
internal sealed class RunServices(TurnServices turns, TurnJobs jobs, IPlaybookWorkers workers, RunEnds ends, ILogger<RunOwner> log)
{
    public TurnServices Turns => turns;

    public TurnJobs Jobs => jobs;

    public RunWrites Writes { get; } = new(turns.Store);

    public IPlaybookWorkers Workers => workers;

    public PriorityGate Gate { get; } = new(turns.Options.TurnsAtOnce, turns.Time);

    public ILogger Log => log;

    public void RunEnded(PlaybookRunRow run)
    {
        if (run.EndedAt is not null)
        {
            Telemetry.RunEnded(run);
        }

        ends.Tell(run);
    }

    /// <summary>What an earlier try of this turn committed in its middle.</summary>
    public async Task<(IReadOnlyList<RecordedCall> Calls, IReadOnlyList<double> Clock)> OpenTurn(long runId, long number)
    {
        var rows = await turns.Store.Select<OpenTurnRow>(Query.For(Where.Is(nameof(OpenTurnRow.RunId), runId) & Where.Is(nameof(OpenTurnRow.Number), number)));
        return rows.Count == 0 ? ([], []) : TurnRecord.Read(rows[0].Record);
    }

    public async Task CountTry(RunState state, string sentence)
    {
        log.LogWarning("A turn of run {Run} is run again: {Sentence}", state.Row.Id, sentence);
        var unit = new Unit();
        unit.Update<PlaybookRunRow>(state.Row.Id, state.Row.Version, (nameof(PlaybookRunRow.Tries), state.Row.Tries + 1));
        unit.GoOnBeforeDisk();
        if ((await turns.Store.Commit(unit)).IsDone)
        {
            state.Row = state.Row with { Tries = state.Row.Tries + 1, Version = state.Row.Version + 1 };
        }
    }

    /// <summary>The run was discontinued: active playbooks that wait behind it for the same trigger are not started.</summary>
    public async Task DropThoseBehind(Unit unit, PlaybookRunRow row, long trigger, DateTimeOffset now)
    {
        var waiting = await turns.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.TriggerId), trigger) & Where.Is(nameof(PlaybookRunRow.Status), "pending")));
        foreach (var run in waiting.Where(run => run.Position > row.Position))
        {
            unit.Update<PlaybookRunRow>(
                run.Id,
                run.Version,
                (nameof(run.Status), "cancelled"),
                (nameof(run.Message), $"Not started: {row.Repository}/{row.PlaybookName} discontinued the playbooks of this event (run {row.Id})."),
                (nameof(run.EndedAt), now),
                (nameof(run.WaitingFor), ""),
                (nameof(run.WaitingSince), null));
            unit.Afterward(() => ends.Tell(run));
        }
    }

    public static string AddOutputs(string outputs, IReadOnlyList<string> more)
    {
        var all = (JsonArray)JsonNode.Parse(outputs)!;
        foreach (var output in more)
        {
            all.Add(JsonNode.Parse(output));
        }

        return all.ToJsonString();
    }
}

/// <summary>Tells whoever waits for runs to end.</summary>
internal sealed class RunEnds
{
    public event Action<PlaybookRunRow>? Ended;

    public void Tell(PlaybookRunRow run) => Ended?.Invoke(run);
}
