using Microsoft.Extensions.Logging;

namespace Vedette.Storage.Postgres;

/// <summary>Whether the database can be reached. Who only reads waits for it; who writes tells when it is there again.</summary>
/// <param name="missed">Called when somebody misses it.</param>
internal sealed class Reach(ILogger log, Action missed)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _lost;

    public bool Has => Volatile.Read(ref _lost) is null;

    public void Lost(string why)
    {
        lock (_gate)
        {
            if (_lost is not null)
                return;
            _lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        log.LogError("The store cannot be reached: {Why} What is written is refused and what is read waits, until it can.", why);
        missed();
    }

    public void Found()
    {
        TaskCompletionSource? lost;
        lock (_gate)
        {
            (lost, _lost) = (_lost, null);
        }

        if (lost is not null)
        {
            log.LogWarning("The store can be reached again.");
            lost.SetResult();
        }
    }

    public Task Back(CancellationToken ct) => Volatile.Read(ref _lost)?.Task.WaitAsync(ct) ?? Task.CompletedTask;
}
