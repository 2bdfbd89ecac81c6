using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Intake;

/// <summary>
/// Whether there is room for more alerts. It is looked at most once a second, so that a storm costs no more than a quiet hour; what comes in
/// within that second may pass the limit.
/// </summary>
internal sealed class Backlog(IStore store, EngineOptions options, TimeProvider time)
{
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    private Seen? _seen;

    /// <summary>Null where there is room. A run's own events are taken: they are how what was accepted is worked off.</summary>
    public async ValueTask<Refusal?> Full(Caller caller)
    {
        if (caller.Run is not null)
        {
            return null;
        }

        var seen = _seen;
        if (seen is null || time.GetElapsedTime(seen.At) >= LooksEvery)
        {
            _seen = seen = new Seen(time.GetTimestamp(), await Look());
        }

        if (seen.Refusal is not null)
        {
            Telemetry.AlertRefused();
        }

        return seen.Refusal;
    }

    private async ValueTask<Refusal?> Look()
    {
        var limits = options.Backlog;
        if (limits.DiskFree() < limits.LeastDiskFree)
        {
            return new Refusal(RefusalKind.Unavailable, "disk_nearly_full", $"Less than {limits.LeastDiskFree >> 20} MB are free on the disk of the data folder (least_disk_free). Nothing was stored; try again later.");
        }

        return limits.MostWaiting > 0 && await Waiting() >= limits.MostWaiting
            ? new Refusal(RefusalKind.Unavailable, "backlog_full", $"{limits.MostWaiting} alerts or more wait for their playbooks to start (most_waiting). Nothing was stored; try again later.")
            : null;
    }

    private async ValueTask<long> Waiting() =>
        await store.Count<TriggerRow>(Where.Is(nameof(TriggerRow.Handled), false)) + await store.Count<PlaybookRunRow>(Where.Is(nameof(PlaybookRunRow.Status), "pending"));

    private sealed record Seen(long At, Refusal? Refusal);
}
