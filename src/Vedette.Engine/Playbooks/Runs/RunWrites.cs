using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>What a turn leaves on disk besides what its calls wrote: the run's row, the message taken, the values, the record, the log.</summary>
internal sealed class RunWrites(IStore store)
{
    public void Turn(Unit unit, PlaybookRunRow row, Turn turn, TurnJob job, MessageRow? message, DateTimeOffset started, DateTimeOffset now)
    {
        Row(unit, row, ends: row.Status != turn.Run.Row.Status);
        Taken(unit, message, row.Turns);
        foreach (var ((kind, name), value) in turn.Values)
        {
            // Removed values are kept as nothing: the row is forgotten with the run.
            Value(unit, row.Id, kind, name, value ?? "");
        }

        if (job.Completes is { Kind: "functions", Name: var function })
        {
            Value(unit, row.Id, RunValueKinds.Function, function, turn.Run.FunctionResults[function].GetRawText());
        }

        Record(unit, row, turn, job, message, started, now, "returned");
    }

    public void Failed(Unit unit, PlaybookRunRow row, Turn? turn, TurnJob job, MessageRow? message, string sentence, DateTimeOffset now)
    {
        Row(unit, row, ends: true);
        Taken(unit, message, row.Turns);
        if (turn is not null)
        {
            Record(unit, row, turn, job, message, now, now, "failed");
        }

        Log(unit, row, now, 0, sentence);
    }

    private void Record(Unit unit, PlaybookRunRow row, Turn turn, TurnJob job, MessageRow? message, DateTimeOffset started, DateTimeOffset now, string outcome)
    {
        unit.Insert(new TurnRow
        {
            Id = store.NextId<TurnRow>(),
            RunId = row.Id,
            Number = turn.Number,
            MessageId = message?.MessageId ?? job.Function,
            Function = job.Function,
            StartedAt = started,
            EndedAt = now,
            Outcome = outcome,
            Record = turn.Record.Close(job.Function, job.Source?.Hash ?? "", TurnJobs.Seed(row, turn.Number)),
        });
        foreach (var (level, line) in turn.Record.Log)
        {
            Log(unit, row, now, level >= 40 ? 0 : 1, line);
        }
    }

    private void Log(Unit unit, PlaybookRunRow row, DateTimeOffset at, int level, string line) =>
        unit.Insert(new RunLogRow { Id = store.NextId<RunLogRow>(), RunId = row.Id, ContainerId = row.ContainerId, At = at, Level = level, Message = line });

    private void Value(Unit unit, long runId, string kind, string name, string value) => unit.Upsert(
        new RunValueRow { Id = store.NextId<RunValueRow>(), RunId = runId, Kind = kind, Name = name, Value = value },
        nameof(RunValueRow.RunId),
        nameof(RunValueRow.Kind),
        nameof(RunValueRow.Name));

    private static void Taken(Unit unit, MessageRow? message, long turn)
    {
        if (message is not null)
        {
            unit.Add(new TakeMessage(message.RunId, message.MessageId, turn));
        }
    }

    /// <summary>First in the unit and with the version it builds on: the commit of an owner that lost the run fails.</summary>
    private static void Row(Unit unit, PlaybookRunRow row, bool ends) => unit.Update<PlaybookRunRow>(
        row.Id,
        row.Version,
        // The status is indexed, and an index is written anew even for the same value.
        [.. Counters(row), .. ends ? [(nameof(row.Status), row.Status)] : Array.Empty<(string, object?)>()]);

    private static (string Column, object? Value)[] Counters(PlaybookRunRow row) =>
    [
        (nameof(row.Message), row.Message),
        (nameof(row.Turns), row.Turns),
        (nameof(row.Tries), 0L),
        (nameof(row.Pending), row.Pending),
        (nameof(row.Finishing), row.Finishing),
        (nameof(row.Discontinued), row.Discontinued),
        (nameof(row.ActionLimit), row.ActionLimit),
        (nameof(row.ActionsAsked), row.ActionsAsked),
        (nameof(row.TargetsAsked), row.TargetsAsked),
        (nameof(row.Outputs), row.Outputs),
        (nameof(row.Completed), row.Completed),
        (nameof(row.Asked), row.Asked),
        (nameof(row.EndedAt), row.EndedAt),
        (nameof(row.WaitingFor), row.WaitingFor),
        (nameof(row.WaitingSince), row.WaitingSince),
    ];
}
