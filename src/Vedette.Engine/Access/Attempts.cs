using System.Collections.Concurrent;

namespace Vedette.Engine.Access;

/// <summary>
/// Slows attempts per account and per source, before anything costly is done. An attempt counts as failed from its start, so that a
/// thousand at once are not a thousand first attempts.
/// </summary>
internal sealed class Attempts(AccessOptions options, TimeProvider time)
{
    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Null when the attempt may be made and is counted, else how long to wait.</summary>
    public TimeSpan? Begin(string account, string source)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var byAccount = CountOf($"account {account}");
            var bySource = CountOf($"source {source}");
            var wait = Later(byAccount.NotBefore, bySource.NotBefore) - now;
            if (wait > TimeSpan.Zero)
            {
                return wait;
            }

            Keep($"account {account}", byAccount, options.FreeAttempts, now);
            Keep($"source {source}", bySource, options.FreeAttemptsOfSource, now);
            return null;
        }
    }

    /// <summary>The attempt went well: the account starts anew, the source gets this one attempt back.</summary>
    public void Succeeded(string account, string source)
    {
        lock (_lock)
        {
            _counts.TryRemove($"account {account}", out _);

            // Not forgotten wholly: who owns one account could clear the way for guessing others.
            if (_counts.TryGetValue($"source {source}", out var count))
            {
                _counts[$"source {source}"] = count with { Made = Math.Max(0, count.Made - 1), NotBefore = DateTimeOffset.MinValue };
            }
        }
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private Count CountOf(string key)
    {
        var count = _counts.GetValueOrDefault(key, new Count(0, DateTimeOffset.MinValue, DateTimeOffset.MinValue));
        var quiet = time.GetUtcNow() - count.LastAt;
        return quiet > options.LongestWait * 20 ? new Count(0, DateTimeOffset.MinValue, DateTimeOffset.MinValue) : count;
    }

    private void Keep(string key, Count count, int free, DateTimeOffset now)
    {
        var made = count.Made + 1;
        var over = made - free;
        var wait = over < 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(options.LongestWait.TotalSeconds, Math.Pow(2, Math.Min(over, 20))));
        if (_counts.Count >= MostKept)
        {
            foreach (var old in _counts.OrderBy(c => c.Value.LastAt).Take(MostKept / 2).ToList())
            {
                _counts.TryRemove(old.Key, out _);
            }
        }

        _counts[key] = new Count(made, now, now + wait);
    }

    private sealed record Count(int Made, DateTimeOffset LastAt, DateTimeOffset NotBefore);
}
