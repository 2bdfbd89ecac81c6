using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;

namespace Vedette.Lab.Splunk;

internal sealed class SearchJobs(LabOptions options)
{
    /// <summary>A benchmark makes a job per alert; the oldest are forgotten, as Splunk forgets them after their ttl.</summary>
    private const int Kept = 20_000;

    private readonly ConcurrentDictionary<string, SearchJob> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private ImmutableList<SplunkRow> _events = [.. SplunkEvents.Make(options.Clock.GetUtcNow())];
    private long _number;

    internal SearchJob Make(string text, string? earliest, string? latest, int? maxCount)
    {
        var now = options.Clock.GetUtcNow();
        var search = SplunkSearch.Parse(text);
        var from = Limit(earliest, "earliest_time", now);
        var until = Limit(latest, "latest_time", now);
        IReadOnlyList<SplunkRow> rows = [];
        string? fault = null;
        try
        {
            rows = search.Run(_events, from, until, now);
        }
        catch (SearchFault failed)
        {
            fault = failed.Message;
        }

        var sid = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds()}.{Interlocked.Increment(ref _number)}");
        var job = new SearchJob(sid, text, search, now, options.SplunkSearchTime)
        {
            Rows = maxCount is > 0 ? [.. rows.Take(maxCount.Value)] : rows,
            Fault = fault,
        };
        _jobs[sid] = job;
        _order.Enqueue(sid);
        if (_order.Count > Kept && _order.TryDequeue(out var oldest))
        {
            _jobs.TryRemove(oldest, out _);
        }

        return job;
    }

    /// <summary>Takes in an event, which the next search finds. Newest first, as Splunk answers; beyond a bound the oldest is forgotten.</summary>
    internal void Take(string index, string host, string source, string sourcetype, string raw)
    {
        var row = SplunkEvents.Received(options.Clock.GetUtcNow(), index, host, source, sourcetype, raw);
        ImmutableInterlocked.Update(ref _events, static (events, one) => events.Insert(0, one) is var more && more.Count > Kept ? more.RemoveAt(Kept) : more, row);
    }

    internal SearchJob? Find(string sid) => _jobs.GetValueOrDefault(sid);

    internal bool Remove(string sid) => _jobs.TryRemove(sid, out _);

    private static DateTimeOffset? Limit(string? text, string name, DateTimeOffset now) => string.IsNullOrEmpty(text)
        ? null
        : SplunkTime.Read(text, now) ?? throw new SearchFault($"Invalid {name}.");
}
