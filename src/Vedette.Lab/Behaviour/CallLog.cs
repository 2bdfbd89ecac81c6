using Microsoft.AspNetCore.Http;

namespace Vedette.Lab.Behaviour;

internal sealed record SeenRequest(LabSystem System, DateTimeOffset At, string Method, string Target, KeyValuePair<string, string>[] Headers);

/// <summary>Counts the calls of each system, and those whose caller left before the answer, and keeps the last ones.</summary>
internal sealed class CallLog(int remembered)
{
    private readonly Queue<SeenRequest>[] _last = LabSystems.All.Select(_ => new Queue<SeenRequest>()).ToArray();

    internal Tally Calls { get; } = new();

    internal Tally HangUps { get; } = new();

    internal void Remember(LabSystem system, HttpRequest request, DateTimeOffset at)
    {
        if (remembered <= 0)
        {
            return;
        }

        var headers = new KeyValuePair<string, string>[request.Headers.Count];
        var next = 0;
        foreach (var header in request.Headers)
        {
            headers[next++] = new(header.Key, header.Value.ToString());
        }

        Remember(new(system, at, request.Method, request.PathBase + request.Path + request.QueryString, headers));
    }

    internal void Remember(SeenRequest seen)
    {
        var queue = _last[(int)seen.System];
        lock (queue)
        {
            queue.Enqueue(seen);
            while (queue.Count > remembered)
            {
                queue.Dequeue();
            }
        }
    }

    internal SeenRequest[] Last(LabSystem? system) =>
        [.. LabSystems.All.Where(each => system is null || each == system).SelectMany(Snapshot).OrderBy(seen => seen.At)];

    internal void Reset()
    {
        Calls.Reset();
        HangUps.Reset();
        foreach (var queue in _last)
        {
            lock (queue)
            {
                queue.Clear();
            }
        }
    }

    private SeenRequest[] Snapshot(LabSystem system)
    {
        var queue = _last[(int)system];
        lock (queue)
        {
            return [.. queue];
        }
    }
}
