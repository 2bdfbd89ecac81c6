using System.Collections.Concurrent;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>
/// The messages of one run that its owner has not taken, in memory: what was committed is told here and need not be read again. The store
/// has them all; it is asked at the beginning, and whenever somebody cannot say what is new.
/// </summary>
internal sealed class Inbox(IStore store, long runId)
{
    /// <summary>Messages read at a time.</summary>
    private const int MostAtOnce = 16;

    private readonly ConcurrentQueue<MessageRow> _told = new();
    private readonly HashSet<string> _seen = [];
    private int _look = 1;

    public long RunId => runId;

    /// <param name="message">Committed; one that was told before is left out.</param>
    public void Tell(MessageRow message) => _told.Enqueue(message);

    /// <summary>The store is read before what is told next.</summary>
    public void Look() => Volatile.Write(ref _look, 1);

    /// <summary>What was given out and not taken is given out again: by the store, which is read before what is told next.</summary>
    public void LookAgain()
    {
        _seen.Clear();
        Look();
    }

    /// <summary>Used by the owner alone. Empty when there is nothing; else there may be more.</summary>
    public async Task<IReadOnlyList<MessageRow>> Next(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _look, 0) != 0)
        {
            // Whatever was told until now is committed, so it is among what is read.
            _told.Clear();
            var read = await store.Select<MessageRow>(
                new Query { Where = Where.Is(nameof(MessageRow.RunId), runId) & Where.Is(nameof(MessageRow.TakenBy), 0L), Limit = MostAtOnce }, ct);
            if (read.Count == MostAtOnce)
            {
                Look();
            }

            return New(read);
        }

        var told = new List<MessageRow>();
        while (_told.TryDequeue(out var message))
        {
            told.Add(message);
        }

        return New(told);
    }

    private List<MessageRow> New(IEnumerable<MessageRow> messages) => [.. messages.Where(message => _seen.Add(message.MessageId))];
}
