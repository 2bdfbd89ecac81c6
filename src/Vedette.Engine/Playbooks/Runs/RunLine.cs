using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>
/// The order of a container's runs: those of one trigger one after the other, two of the same playbook never at once. A run that has to wait
/// is a row with the status <c>pending</c>.
/// </summary>
internal sealed class RunLine(IStore store, RunDispatcher dispatcher, TimeProvider time, ILogger<RunLine> log)
{
    /// <summary>Events share places, so that no list of them grows; who waits for a neighbour waits for one commit.</summary>
    private readonly SemaphoreSlim[] _places = [.. Enumerable.Range(0, 1024).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Nobody else starts a run of this event until it is given back, after the commit.</summary>
    public async Task<IDisposable> Hold(long containerId)
    {
        var place = _places[containerId % _places.Length];
        await place.WaitAsync();
        return new Held(place);
    }

    /// <summary>The run as it is to be written: at work where nothing is before it, else waiting. The event is held.</summary>
    /// <param name="open">The event's runs that wait or are at work, those of this unit among them.</param>
    public async Task<PlaybookRunRow> Enter(PlaybookRunRow run, IReadOnlyList<PlaybookRunRow> open, ContainerRow container)
    {
        if (open.Any(other => Before(other, run)))
        {
            return run;
        }

        var now = time.GetUtcNow();
        return run with { Status = "running", StartedAt = now, ScopeFrom = await LastMark(run), ScopeTo = container.ArtifactCounter, WaitingFor = "", WaitingSince = null };
    }

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
        using var held = await Hold(containerId);
        var open = await Open(containerId);
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

    /// <summary>After a start: containers whose runs wait for their turn.</summary>
    public async Task TakeUp()
    {
        var waiting = await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.Status), "pending")));
        foreach (var container in waiting.Select(run => run.ContainerId).Distinct())
        {
            await Next(container);
        }
    }

    /// <summary>Writes the first message of a run that is running.</summary>
    public void WriteStart(Unit unit, PlaybookRunRow run, DateTimeOffset now)
    {
        var message = new MessageRow { RunId = run.Id, MessageId = "start", Kind = "start", CreatedAt = now };
        unit.Add(new AppendMessage(message));
        unit.Afterward(() => dispatcher.Tell(message));
    }

    /// <summary>Those that wait or are at work.</summary>
    public ValueTask<IReadOnlyList<PlaybookRunRow>> Open(long containerId) =>
        store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ContainerId), containerId) & Where.In(nameof(PlaybookRunRow.Status), ["pending", "running"])));

    /// <summary>The artifact up to which the last run of this playbook on this event saw.</summary>
    private async Task<long> LastMark(PlaybookRunRow run)
    {
        var earlier = await store.Select<PlaybookRunRow>(new Query
        {
            Where = Where.Is(nameof(PlaybookRunRow.ContainerId), run.ContainerId)
                & Where.Is(nameof(PlaybookRunRow.PlaybookId), run.PlaybookId)
                & !Where.Is(nameof(PlaybookRunRow.Status), "pending")
                & !Where.Is(nameof(PlaybookRunRow.Id), run.Id),
            Order = [(nameof(PlaybookRunRow.ScopeTo), true)],
            Limit = 1,
        });
        return earlier.Count == 0 ? 0 : earlier[0].ScopeTo;
    }

    private async Task<CommitKind> Start(PlaybookRunRow run)
    {
        var now = time.GetUtcNow();
        var (from, to) = (await LastMark(run), (await store.Find<ContainerRow>(run.ContainerId))?.ArtifactCounter ?? 0);
        var unit = new Unit();
        unit.Update<PlaybookRunRow>(run.Id, run.Version, (nameof(run.Status), "running"), (nameof(run.StartedAt), now), (nameof(run.ScopeFrom), from), (nameof(run.ScopeTo), to), (nameof(run.WaitingFor), ""), (nameof(run.WaitingSince), null));
        WriteStart(unit, run, now);
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

    private sealed class Held(SemaphoreSlim place) : IDisposable
    {
        public void Dispose() => place.Release();
    }
}
