using System.Text.Json;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Playbooks.Calls;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Scheduling;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>
/// Takes a run's messages out of its inbox, one at a time in the order of their commit, and makes a turn of each. 1. read the message;
/// 2. run the function; 3. commit what it wrote with <em>message taken</em>; 4. when the inbox is empty and nothing is pending, <c>on_finish</c>
/// and the end. A waiting run holds nothing but its state in memory, and not even that after a restart.
/// </summary>
internal sealed class RunOwner(RunServices services, Inbox inbox)
{
    /// <summary>Deaths of a worker or server in one turn after which the run fails.</summary>
    public const int MaxTries = 3;

    /// <summary>Turns made again because what they built on changed meanwhile. That the store could not write is none of them: it waits as long as that takes.</summary>
    private const int MaxStale = 8;

    private RunState? _state;

    /// <summary>Commits in a row that built on what had changed.</summary>
    private int _stale;

    /// <summary>Whether something of the next turn may be on disk already: an owner before this one, or a try before this one, may have left it.</summary>
    private bool _mayBeOpen = true;

    /// <summary>Whether there is nothing more to do for this run, now or later.</summary>
    public bool Over { get; private set; }

    public async Task Drain(CancellationToken ct)
    {
        var row = _state?.Row ?? await services.Turns.Store.Find<PlaybookRunRow>(inbox.RunId, ct);
        if (row is null || row.Status is not "running")
        {
            Over = row?.Status is not "pending";
            return;
        }

        _state ??= await RunState.Load(services.Turns.Store, row);
        while (!Over)
        {
            // A turn that the end of the server cut off leaves the run as it was: without this it would be begun again and again.
            ct.ThrowIfCancellationRequested();
            if (!services.Workers.MayRun)
            {
                services.Log.LogWarning("Run {Run} waits: {Sentence}", inbox.RunId, services.Workers.Sandbox.Sentence);
                return;
            }

            var messages = await inbox.Next(ct);
            foreach (var message in messages)
            {
                if (!Over)
                {
                    await Take(message, ct);
                }
            }

            if (messages.Count == 0)
            {
                if (_state.Row.Pending > 0)
                {
                    // Whoever answers what is pending wakes this owner.
                    return;
                }

                await Finish(ct);
            }
        }
    }

    private async Task Take(MessageRow message, CancellationToken ct)
    {
        var job = await services.Jobs.Of(_state!, message);
        await MakeTurn(job, message, ct);
    }

    private async Task Finish(CancellationToken ct)
    {
        if (_state!.Row.Finishing)
        {
            await MakeTurn(TurnJob.Nothing("end"), null, ct);
            return;
        }

        var summary = await RunSummary.Of(services.Turns.Store, _state.Row with { Status = "success" });
        await MakeTurn(await services.Jobs.Finish(_state, summary.ToJsonString()), null, ct);
    }

    private async Task MakeTurn(TurnJob job, MessageRow? message, CancellationToken ct)
    {
        var began = services.Turns.Time.GetTimestamp();
        await Make(job, message, ct);
        Telemetry.Turn(services.Turns.Time.GetElapsedTime(began), _state!.Row.Status == "failed" ? "failed" : "success");
    }

    /// <summary>Runs one turn until it is committed, or the run has failed.</summary>
    private async Task Make(TurnJob job, MessageRow? message, CancellationToken ct)
    {
        while (true)
        {
            var started = services.Turns.Time.GetUtcNow();
            var row = _state!.Row;
            var number = row.Turns + 1;
            using var span = Telemetry.Continue("turn", row.Trace);
            span?.SetTag("vedette.run", row.Id).SetTag("vedette.event", row.ContainerId).SetTag("vedette.turn", number);
            if (number > services.Turns.Options.Caps.TurnsPerRun && job.Source is not null)
            {
                await Fail(job, message, null, services.Turns.Options.Caps.TurnsSentence());
                return;
            }

            var caller = await services.Turns.Access.ForRun(new UserId(row.UserId), new PlaybookRunId(row.Id), $"run {row.Id} turn {number}", ct);
            if (!caller.Ok(out var user, out var refusal))
            {
                await Fail(job, message, null, $"The run cannot act as its user: {refusal.Message}");
                return;
            }

            var (calls, clock) = _mayBeOpen ? await services.OpenTurn(row.Id, number) : ([], []);
            _mayBeOpen = true;
            var turn = new Turn(services.Turns, _state, user, number, calls);
            await turn.Begin();
            if (job.Completes is { } completed && !turn.Run.Completed[completed.Kind].Contains(completed.Name))
            {
                // From this turn on, not before: that is what joins without a guard of their own rest on.
                turn.Run.Completed[completed.Kind].Add(completed.Name);
            }

            var (end, lost) = await Work(job, turn, row, clock, ct);
            if (ct.IsCancellationRequested)
            {
                return;
            }

            // What was committed in the middle moved the run's version, whatever became of the turn.
            _state.Row = _state.Row with { Version = turn.Run.Row.Version };
            switch (end)
            {
                case TurnEnd.Returned returned:
                    if (await Committed(job, message, turn, returned, started))
                    {
                        return;
                    }

                    break;
                case TurnEnd.Raised raised when job.IsCustomFunction:
                    job.Failed($"{raised.Type}: {raised.Message}");
                    turn.Log(40, raised.Traceback);
                    if (await Committed(job, message, turn, new TurnEnd.Returned("null"u8.ToArray()), started))
                    {
                        return;
                    }

                    break;
                case TurnEnd.Raised raised:
                    turn.Log(40, raised.Traceback);
                    await Fail(job, message, turn, $"{raised.Type}: {raised.Message} ({row.PlaybookName}.py, line {raised.Line}, in {job.Function}).", keepWrites: true);
                    return;
                case TurnEnd.Lost { Kind: LossKind.Died or LossKind.NotStarted } died when row.Tries + 1 < MaxTries:
                    turn.DropFiles();
                    await services.CountTry(_state, died.Sentence);
                    break;
                case TurnEnd.Lost other:
                    turn.DropFiles();
                    await Fail(job, message, turn, $"{other.Sentence} ({row.PlaybookName}.py, in {job.Function}) {Advice(other.Kind)}".TrimEnd());
                    return;
                default:
                    if (lost is null || await Lost(lost))
                    {
                        return;
                    }

                    break;
            }
        }
    }

    private async Task<(TurnEnd? End, Commit? Lost)> Work(TurnJob job, Turn turn, PlaybookRunRow row, IReadOnlyList<double> clock, CancellationToken ct)
    {
        if (job.Source is null)
        {
            return (new TurnEnd.Returned("null"u8.ToArray()), null);
        }

        var order = services.Jobs.Order(job, turn, row, clock);
        using var pass = await services.Gate.Enter(Urgency.Of(turn.Data.ContainerRow), ct);
        try
        {
            return (await services.Workers.Run(order, turn, ct), null);
        }
        catch (TurnLostException lost)
        {
            return (null, lost.Commit);
        }
    }

    /// <summary>False when the turn has to be made again.</summary>
    private async Task<bool> Committed(TurnJob job, MessageRow? message, Turn turn, TurnEnd.Returned returned, DateTimeOffset started)
    {
        var commit = await Commit(job, message, turn, returned, started);
        return commit.IsDone || await Lost(commit);
    }

    private async Task<Commit> Commit(TurnJob job, MessageRow? message, Turn turn, TurnEnd.Returned returned, DateTimeOffset started)
    {
        var now = services.Turns.Time.GetUtcNow();
        var unit = turn.Unit;
        var row = turn.Run.Row;
        job.Deliver(turn, returned, unit, now);
        var pending = row.Pending + turn.NewlyPending - (job.EndsPending ? 1 : 0);
        var finishing = row.Finishing || job.Function == "on_finish";
        var over = finishing && pending == 0 && message is null;
        row = row with
        {
            Turns = turn.Number,
            Tries = 0,
            Pending = pending,
            Finishing = finishing,
            Status = over ? "success" : row.Status,
            EndedAt = over ? now : null,
            Completed = JsonSerializer.Serialize(turn.Run.Completed),
            Outputs = turn.Outputs.Count == 0 ? row.Outputs : RunServices.AddOutputs(row.Outputs, turn.Outputs),
            WaitingFor = pending > 0 ? "actions" : "",
            WaitingSince = pending > 0 ? now : null,
        };
        services.Writes.Turn(unit, row, turn, job, message, started, now);
        if (row is { Discontinued: true, TriggerId: { } trigger } && !_state!.Row.Discontinued)
        {
            await services.DropThoseBehind(unit, row, trigger, now);
        }

        Add(unit, turn.Asked);
        if (over)
        {
            unit.Add(new ForgetRunValues(row.Id));
            ChildCall.WriteEnd(unit, row, now);
        }

        // Actions that change something wait for the disk themselves, behind this.
        unit.GoOnBeforeDisk();
        var commit = await services.Turns.Store.Commit(unit);
        if (commit.IsDone)
        {
            turn.Run.Row = row with { Version = row.Version + 1 };
            _state = turn.Run;
            _stale = 0;
            _mayBeOpen = false;
            foreach (var write in unit.Writes)
            {
                if (write is AppendMessage { Message: var toItself } && toItself.RunId == inbox.RunId)
                {
                    inbox.Tell(toItself);
                }
            }

            Ended(over);
        }

        return commit;
    }

    /// <summary>Ends the run as failed. What a raised turn wrote before stays, as in the field; a turn that was cut off leaves only its log.</summary>
    private async Task Fail(TurnJob job, MessageRow? message, Turn? turn, string sentence, bool keepWrites = false)
    {
        var now = services.Turns.Time.GetUtcNow();
        var changed = false;
        services.Log.LogWarning("Run {Run} failed: {Sentence}", inbox.RunId, sentence);
        while (true)
        {
            var unit = new Unit();
            var row = _state!.Row with { Status = "failed", Message = sentence, EndedAt = now, Turns = _state.Row.Turns + 1, Pending = 0, WaitingFor = "", WaitingSince = null };
            if (keepWrites && !changed)
            {
                Add(unit, turn!.Unit);
            }

            services.Writes.Failed(unit, row, turn, job, message, sentence, now);
            if (keepWrites)
            {
                Add(unit, turn!.Asked);
            }

            unit.Add(new ForgetRunValues(row.Id));
            ChildCall.WriteEnd(unit, row, now);
            await services.Turns.Approvals.Drop(unit, new PlaybookRunId(row.Id));
            unit.GoOnBeforeDisk();
            var commit = await services.Turns.Store.Commit(unit);
            if (commit.IsDone)
            {
                _state.Row = row with { Version = row.Version + 1 };
                Ended(true);
                return;
            }

            // What the turn wrote builds on what it read: where that is no longer so it cannot stay.
            changed |= commit.Kind != CommitKind.Unavailable;
            if (await Lost(commit))
            {
                return;
            }
        }
    }

    private static void Add(Unit unit, Unit more)
    {
        foreach (var write in more.Writes)
        {
            unit.Add(write);
        }

        foreach (var action in more.Afterwards)
        {
            unit.Afterward(action);
        }

        foreach (var action in more.OnceCommittedActions)
        {
            unit.OnceCommitted(action);
        }
    }

    /// <summary>A commit did not go through. True when this owner has nothing more to do with the run.</summary>
    private async Task<bool> Lost(Commit commit)
    {
        if (commit.Kind == CommitKind.Unavailable)
        {
            services.Log.LogWarning("Run {Run} waits for the store to write again.", inbox.RunId);
            await Task.Delay(TimeSpan.FromSeconds(1), services.Turns.Time);
            return false;
        }

        var row = await services.Turns.Store.Find<PlaybookRunRow>(inbox.RunId);
        if (row is null || row.Status != "running" || ++_stale > MaxStale)
        {
            services.Log.LogWarning("Run {Run} goes on elsewhere or has ended ({What}).", inbox.RunId, commit.What);
            Ended(row?.Status != "running");
            return true;
        }

        _state = await RunState.Load(services.Turns.Store, row);
        inbox.LookAgain();
        return false;
    }

    private static string Advice(LossKind kind) => kind switch
    {
        LossKind.Deadline => "Let this function do less at once, or raise the turn deadline of the server.",
        LossKind.Memory => "Let this function hold less at once.",
        LossKind.Died => $"That happened {MaxTries} times in a row: look in this function for what ends the interpreter.",
        _ => "",
    };

    private void Ended(bool over)
    {
        if (over)
        {
            Over = true;
            services.RunEnded(_state!.Row);
        }
    }
}
