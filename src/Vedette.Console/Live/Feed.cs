using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;

namespace Vedette.Console.Live;

/// <summary>
/// What was committed, brought to the pages it concerns: gathered, and at most four times a second to each. While no page is open it
/// does not listen, and the engine pays nothing.
/// </summary>
internal sealed class Feed(Changes changes, TimeProvider time, ILogger<Feed> log) : IDisposable
{
    public static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(250);

    /// <summary>A page for which more than this has gathered reads all anew.</summary>
    private const int MostGathered = 2_000;

    private readonly Lock _lock = new();
    private Subscription[] _all = [];

    /// <param name="concerns">Whether the page shows, or would show, what was touched. Quick: it stands in the committer's way.</param>
    /// <param name="draw">Reads and draws; not called again before it has ended.</param>
    public IDisposable Subscribe(Func<Touch, bool> concerns, Func<IReadOnlyCollection<Touch>, Task> draw)
    {
        var subscription = new Subscription(this, concerns, draw);
        lock (_lock)
        {
            if (_all.Length == 0)
            {
                changes.Committed += Tell;
            }

            _all = [.. _all, subscription];
        }

        return subscription;
    }

    public void Dispose() => changes.Committed -= Tell;

    private void Tell(IReadOnlyList<Touch> touches)
    {
        foreach (var subscription in Volatile.Read(ref _all))
        {
            subscription.Tell(touches);
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            _all = [.. _all.Where(other => other != subscription)];
            if (_all.Length == 0)
            {
                changes.Committed -= Tell;
            }
        }
    }

    private sealed class Subscription(Feed feed, Func<Touch, bool> concerns, Func<IReadOnlyCollection<Touch>, Task> draw) : IDisposable
    {
        private readonly Lock _lock = new();
        private HashSet<Touch> _gathered = [];
        private bool _underway;
        private bool _toldTooMuch;
        private bool _gone;

        public void Tell(IReadOnlyList<Touch> touches)
        {
            lock (_lock)
            {
                foreach (var touch in touches)
                {
                    // A page that reads at this moment does not know yet what it will show: it is asked when it has read.
                    if (_underway || concerns(touch))
                    {
                        _toldTooMuch |= _gathered.Count == MostGathered;
                        if (!_toldTooMuch)
                        {
                            _gathered.Add(touch);
                        }
                    }
                }

                if (_gathered.Count == 0 || _underway || _gone)
                {
                    return;
                }

                _underway = true;
            }

            _ = Task.Run(Deliver);
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _gone = true;
            }

            feed.Remove(this);
        }

        private async Task Deliver()
        {
            while (true)
            {
                HashSet<Touch> told;
                lock (_lock)
                {
                    if (!_toldTooMuch)
                    {
                        _gathered.RemoveWhere(touch => !concerns(touch));
                    }

                    if (_gathered.Count == 0 || _gone)
                    {
                        _underway = false;
                        return;
                    }

                    (told, _gathered, _toldTooMuch) = (_gathered, [], false);
                }

                try
                {
                    await draw(told);
                }
                catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException or InvalidOperationException)
                {
                    // The page has gone between the commit and this.
                    feed.Log(exception);
                }

                await Task.Delay(Apart, feed.Time);
            }
        }
    }

    private TimeProvider Time => time;

    private void Log(Exception exception) => log.LogDebug(exception, "A page could not be told what changed.");
}
