using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Scheduling;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>Carries out action runs: asset beside asset, parameter set after parameter set, and tells the run that asked.</summary>
internal sealed class Runner(IStore store, CarryOut carryOut, EndedActions endings, IRunWake runs, TimeProvider time, ILogger<Runner> log) : IAsyncDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<long, CancellationTokenSource> _underWay = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>Takes over an action run whose asking is on disk.</summary>
    public void Take(ActionRunRow run, IReadOnlyList<AppRunRow> appRuns, IReadOnlyList<ActionResultRow> results)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        if (_underWay.TryAdd(run.Id, cancel))
        {
            _ = Task.Run(() => Run(run, appRuns, results, cancel));
        }
    }

    /// <summary>After a start: takes up every action run that has no end on disk.</summary>
    public async Task TakeUp()
    {
        var open = await store.Select<ActionRunRow>(Query.For(Where.In(nameof(ActionRunRow.Status), ["pending", "running"]) & !Where.Is(nameof(ActionRunRow.Type), ActionRunRow.OfAPerson)));
        foreach (var run in open)
        {
            var appRuns = await store.Select<AppRunRow>(Query.For(Where.Is(nameof(AppRunRow.ActionRunId), run.Id)));
            var results = await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), run.Id)));
            if (results.Any(result => result.State == ActionState.Waiting))
            {
                // Not before a person lets it.
                continue;
            }

            Take(run, appRuns, results);
        }
    }

    public void CallOff(long runId)
    {
        if (_underWay.TryGetValue(runId, out var cancel))
        {
            cancel.Cancel();
        }
    }

    /// <summary>Puts the end of an action into the inbox of the run that asked.</summary>
    public void TellRun(Unit unit, ActionRunRow run, DateTimeOffset now)
    {
        if (run.PlaybookRunId is not { } asking)
        {
            return;
        }

        var message = new MessageRow
        {
            RunId = asking,
            MessageId = $"action {run.Id}",
            Kind = "action",
            Payload = $"{{\"action_run_id\":{run.Id}}}",
            CreatedAt = now,
        };
        unit.Add(new AppendMessage(message));
        unit.Afterward(() => runs.Tell(message));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
    }

    private async Task Run(ActionRunRow run, IReadOnlyList<AppRunRow> appRuns, IReadOnlyList<ActionResultRow> results, CancellationTokenSource cancel)
    {
        try
        {
            await Begin(run, cancel.Token);
            var urgency = await UrgencyOf(run);
            var ended = await Task.WhenAll(appRuns.Select(appRun => RunOn(run, appRun, results.Where(result => result.AppRunId == appRun.Id).OrderBy(result => result.Position).ToList(), urgency, cancel.Token)));
            await End(run, cancel.IsCancellationRequested && !_end.IsCancellationRequested ? [.. ended.Select(CalledOff)] : ended);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            log.LogInformation("Action run {Run} is left as it stands on disk: the server is ending.", run.Id);
        }
        catch (Exception exception)
        {
            // Nothing may end in silence: what is open is taken up again at the next start.
            log.LogError(exception, "Action run {Run} could not be carried on.", run.Id);
        }
        finally
        {
            _underWay.TryRemove(run.Id, out _);
            cancel.Dispose();
        }
    }

    private async Task Begin(ActionRunRow run, CancellationToken calledOff)
    {
        try
        {
            // By the clock only here: one that is set meanwhile changes nothing. A timer does not take all lengths.
            var (all, since) = (run.StartAfter - time.GetUtcNow(), time.GetTimestamp());
            for (var left = all; left > TimeSpan.Zero; left = all - time.GetElapsedTime(since))
            {
                await Task.Delay(left.Value < LongestTimer ? left.Value : LongestTimer, time, calledOff);
            }
        }
        catch (OperationCanceledException) when (!_end.IsCancellationRequested)
        {
            log.LogInformation("Action run {Run} was called off before its time had come.", run.Id);
        }
    }

    private async Task<(AppRunRow Row, List<ActionResultRow> Results)> RunOn(ActionRunRow run, AppRunRow appRun, List<ActionResultRow> results, Urgency urgency, CancellationToken calledOff)
    {
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Status.Length == 0)
            {
                // The end of the last one is written with the end of the whole.
                results[i] = await carryOut.One(run, appRun, results[i], urgency, last: i == results.Count - 1, calledOff, _end.Token);
            }
        }

        return (Summed(appRun, results) with { StartedAt = appRun.StartedAt ?? results.Select(result => result.StartedAt).FirstOrDefault() }, results);
    }

    /// <summary>What an unknown outcome says stands in the message of the whole: the status has no word for it, in the field's own.</summary>
    private static AppRunRow Summed(AppRunRow appRun, List<ActionResultRow> results)
    {
        var good = results.Count(result => result.Status == "success");
        var failed = results.Count - good;
        var unknown = results.Where(result => result.State == ActionState.Unknown).ToList();
        var summary = new JsonObject { ["total_objects"] = results.Count, ["total_objects_successful"] = good };
        if (unknown.Count > 0)
        {
            summary["total_objects_unknown"] = unknown.Count;
        }

        return appRun with
        {
            Status = good > 0 ? "success" : "failed",
            Message = results.Count == 1 && failed == 1 ? results[0].Message
                : failed == 0 ? $"{good} action{(good == 1 ? "" : "s")} succeeded"
                : string.Join(' ', unknown.Select(result => result.Message).Distinct().Prepend($"{failed} action{(failed == 1 ? "" : "s")} failed")),
            ResultSummary = summary.ToJsonString(),
        };
    }

    private static (AppRunRow Row, List<ActionResultRow> Results) CalledOff((AppRunRow Row, List<ActionResultRow> Results) ended) =>
        ended.Row.Status == "success" ? ended : (ended.Row with { Status = "cancelled" }, ended.Results);

    private async Task End(ActionRunRow run, (AppRunRow Row, List<ActionResultRow> Results)[] ended)
    {
        var now = time.GetUtcNow();
        var unit = new Unit();
        foreach (var (appRun, results) in ended)
        {
            if (results is [.., { } last])
            {
                CarryOut.WriteEnd(unit, last);
            }

            unit.Update<AppRunRow>(appRun.Id, null, (nameof(appRun.Status), appRun.Status), (nameof(appRun.Message), appRun.Message), (nameof(appRun.ResultSummary), appRun.ResultSummary), (nameof(appRun.StartedAt), appRun.StartedAt), (nameof(appRun.EndedAt), now));
        }

        var statuses = ended.Select(end => end.Row.Status).ToHashSet();
        var whole = run with
        {
            // One asset on which it succeeded is enough, as in the field.
            Status = statuses.Contains("success") ? "success" : statuses.Contains("cancelled") ? "cancelled" : "failed",
            Message = string.Join("; ", ended.Select(end => end.Row.Message).Distinct()),
            EndedAt = now,
        };
        unit.Update<ActionRunRow>(run.Id, null, (nameof(run.Status), whole.Status), (nameof(run.Message), whole.Message), (nameof(run.EndedAt), now));
        unit.Afterward(() => endings.Keep(new ActionRecord(whole, [.. ended.Select(end => end.Row with { EndedAt = now })], [.. ended.SelectMany(end => end.Results)])));
        TellRun(unit, run, now);
        await CommitForSure(unit, run.Id);
    }

    /// <summary>An end that happened has to come to disk: while the store cannot write, it waits and tries again.</summary>
    private async Task CommitForSure(Unit unit, long runId)
    {
        unit.GoOnBeforeDisk();
        var commit = new Commit(CommitKind.Unavailable);
        await Patience.Until(
            async () => (commit = await store.Commit(unit)).Kind != CommitKind.Unavailable,
            () => log.LogWarning("The end of action run {Run} waits for the store to write again.", runId),
            time,
            _end.Token);
        if (!commit.IsDone)
        {
            throw new InvalidOperationException($"The end of action run {runId} could not be written: {commit.Kind} {commit.What}.");
        }
    }

    private async Task<Urgency> UrgencyOf(ActionRunRow run)
    {
        var container = run.ContainerId is { } id ? await store.Find<ContainerRow>(id) : null;
        return container is null ? Urgency.Ordinary : Urgency.Of(container);
    }
}
