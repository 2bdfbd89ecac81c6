namespace Vedette.Lab.Splunk;

/// <summary>A search on its way. Its state follows from the clock, so nothing runs for a job that nobody asks about.</summary>
internal sealed class SearchJob(string sid, string text, SplunkSearch search, DateTimeOffset madeAt, TimeSpan takes)
{
    internal string Sid { get; } = sid;

    internal string Text { get; } = text;

    internal DateTimeOffset MadeAt { get; } = madeAt;

    internal SplunkSearch Search { get; } = search;

    /// <summary>What the search found; empty for one that failed.</summary>
    internal IReadOnlyList<SplunkRow> Rows { get; init; } = [];

    /// <summary>Why it failed, or null.</summary>
    internal string? Fault { get; init; }

    internal DateTimeOffset ReadyAt { get; private set; } = madeAt + takes;

    internal bool IsDone(DateTimeOffset now) => !Search.NeverEnds && now >= ReadyAt;

    internal string State(DateTimeOffset now)
    {
        if (IsDone(now))
        {
            return Fault is null ? "DONE" : "FAILED";
        }

        var gone = (now - MadeAt) / takes;
        return gone < 0.1 ? "QUEUED" : gone < 0.3 ? "PARSING" : "RUNNING";
    }

    /// <summary>Ends the wait at once, as for a oneshot or blocking search.</summary>
    internal void Finish(DateTimeOffset now) => ReadyAt = now;
}
