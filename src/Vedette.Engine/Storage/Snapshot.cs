namespace Vedette.Engine.Storage;

/// <summary>
/// What is read often and changed rarely, kept in memory. Forgotten in a unit's afterward, so that who was told of a change sees it; and
/// read anew after <paramref name="maxAge"/>, as another node may have changed it.
/// </summary>
internal sealed class Snapshot<T>(Func<CancellationToken, ValueTask<T>> load, TimeProvider time, TimeSpan maxAge)
    where T : class
{
    private Kept? _kept;
    private long _changes;

    public async ValueTask<T> Read(CancellationToken ct)
    {
        while (true)
        {
            if (Volatile.Read(ref _kept) is { } kept && kept.Change == Interlocked.Read(ref _changes) && time.GetUtcNow() - kept.At < maxAge)
            {
                return kept.Value;
            }

            // A change between the reading and the keeping would be lost if the number were not taken first.
            var change = Interlocked.Read(ref _changes);
            var at = time.GetUtcNow();
            var value = await load(ct).ConfigureAwait(false);
            Volatile.Write(ref _kept, new Kept(value, change, at));
            if (change == Interlocked.Read(ref _changes))
            {
                return value;
            }
        }
    }

    public void Forget() => Interlocked.Increment(ref _changes);

    private sealed record Kept(T Value, long Change, DateTimeOffset At);
}
