using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>
/// The order of a container's runs: those of one trigger one after the other, two of the same playbook never at once. A run that has to wait
/// is a row with the status <c>pending</c>.
/// </summary>
internal sealed class RunLine(IStore store, RunDispatcher dispatcher, TimeProvider time, ILogger<RunLine> log)
{
    private readonly ConcurrentDictionary<long, SemaphoreSlim> _oneAtATime = new();

    /// <summary>Starts what may start now, as soon as the store can write.</summary>
    public async Task Next(long containerId)
    {
        try
        {
            await Patience.Until(
                () => TryNext(containerId), () => log.LogWarning("Runs of event {Container} wait for the store to write again.", containerId), time, dispatcher.Ending);
        }
        catch (OperationCanceledException) when (dispatcher.Ending.IsCancellationRequested)
        {
            log.LogInformation("Runs of event {Container} are left as they stand on disk: the server is ending.", containerId);
        }
        catch (Exception exception)
        {
            // They stay on disk: the next run of this event or the next start takes them up.
            log.LogError(exception, "Runs of event {Container} could not be started.", containerId);
        }
    }

    /// <summary>False when the store cannot write.</summary>
    private async Task<bool> TryNext(long containerId)
    {
        var turnstile = _oneAtATime.GetOrAdd(containerId, _ => new SemaphoreSlim(1, 1));
        await turnstile.WaitAsync();
        try
        {
            var open = await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ContainerId), containerId) & Where.In(nameof(PlaybookRunRow.Status), ["pending", "running"])));
            foreach (var run in open.Where(run => run.Status == "pending"))
            {
                if (open.Any(other => Before(other, run)))
                {
                    continue;
                }

                if (await Start(run) == CommitKind.Unavailable)
                {
                    return false;
                }

                open = [.. open.Select(other => other.Id == run.Id ? other with { Status = "running" } : other)];
            }

            return true;
        }
        finally
        {
            turnstile.Release();
            if (turnstile.CurrentCount == 1 && _oneAtATime.Count > 10_000)
            {
                _oneAtATime.Clear();
            }
        }
    }

    /// <summary>After a start: containers whose runs wait for their turn.</summary>
    public async Task TakeUp()
    {
        var waiting = await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.Status), "pending")));
        foreach (var container in waiting.Select(run => run.ContainerId).Distinct())
        {
            await Next(container);
        }
    }

    /// <summary>Writes the first message of a run and its scope: from the last run's mark to now.</summary>
    public static void WriteStart(Unit unit, PlaybookRunRow run, DateTimeOffset now, RunDispatcher dispatcher)
    {
        var message = new MessageRow { RunId = run.Id, MessageId = "start", Kind = "start", CreatedAt = now };
        unit.Add(new AppendMessage(message));
        unit.Afterward(() => dispatcher.Tell(message));
    }

    public async Task<(long From, long To)> Scope(long containerId, long playbookId, long exceptRun)
    {
        var container = await store.Find<ContainerRow>(containerId);
        var earlier = await store.Select<PlaybookRunRow>(new Query
        {
            Where = Where.Is(nameof(PlaybookRunRow.ContainerId), containerId)
                & Where.Is(nameof(PlaybookRunRow.PlaybookId), playbookId)
                & !Where.Is(nameof(PlaybookRunRow.Status), "pending")
                & !Where.Is(nameof(PlaybookRunRow.Id), exceptRun),
            Order = [(nameof(PlaybookRunRow.ScopeTo), true)],
            Limit = 1,
        });
        return (earlier.Count == 0 ? 0 : earlier[0].ScopeTo, container?.ArtifactCounter ?? 0);
    }

    private async Task<CommitKind> Start(PlaybookRunRow run)
    {
        var now = time.GetUtcNow();
        var (from, to) = await Scope(run.ContainerId, run.PlaybookId, run.Id);
        var unit = new Unit();
        unit.Update<PlaybookRunRow>(run.Id, run.Version, (nameof(run.Status), "running"), (nameof(run.StartedAt), now), (nameof(run.ScopeFrom), from), (nameof(run.ScopeTo), to), (nameof(run.WaitingFor), ""), (nameof(run.WaitingSince), null));
        WriteStart(unit, run, now, dispatcher);
        unit.GoOnBeforeDisk();
        var commit = await store.Commit(unit);
        if (!commit.IsDone)
        {
            log.LogWarning("Run {Run} was not started: {Kind} {What}", run.Id, commit.Kind, commit.What);
        }

        return commit.Kind;
    }

    /// <summary>A child waits for nobody: those before it may be waiting for it.</summary>
    private static bool Before(PlaybookRunRow other, PlaybookRunRow run) => other.Id != run.Id && run.ParentRunId is null
        && ((other.PlaybookId == run.PlaybookId && (other.Status == "running" || other.Id < run.Id))
            || (other.TriggerId is { } trigger && trigger == run.TriggerId && other.Position < run.Position));
}
