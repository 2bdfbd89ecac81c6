using System.Collections.Concurrent;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions.Quota;

/// <summary>
/// Equal questions to an asset are asked once within the time that its answers are good for: who comes while the first is on its way gets its
/// answer too, and who comes later gets it as long as it is good. Only what reads, and only where the asset has such a time.
/// </summary>
internal sealed class Flights(TimeProvider time)
{
    /// <summary>Answers that are kept; and the letters of the longest.</summary>
    private const int Most = 1000;
    private const int Longest = 65_536;

    private readonly ConcurrentDictionary<string, Flight> _flights = new();

    /// <summary>The same question of the same settings of an asset. What the asking belongs to is no part of it.</summary>
    public static string Key(Apps.ActionTarget target, string parameters) => $"{target.Asset.Id}.{target.Asset.Version} {target.Action.Name} {parameters}";

    /// <summary>Asks, or takes what another has asked.</summary>
    /// <param name="ask">False in the second place: nobody else may take the answer, for it was called off.</param>
    /// <param name="ct">Ends the waiting for another's answer.</param>
    /// <returns>The answer, and when it was asked for where another did.</returns>
    public async Task<(ActionResultRow Answer, DateTimeOffset? AskedAt)> Ask(string key, TimeSpan goodFor, Func<Task<(ActionResultRow Row, bool Whole)>> ask, CancellationToken ct)
    {
        while (true)
        {
            var own = new Flight(time.GetUtcNow(), time.GetTimestamp());
            var flight = _flights.GetOrAdd(key, own);
            if (!ReferenceEquals(flight, own))
            {
                if (time.GetElapsedTime(flight.Left) >= goodFor && flight.Answer.Task.IsCompleted)
                {
                    _flights.TryRemove(KeyValuePair.Create(key, flight));
                }
                else if (await flight.Answer.Task.WaitAsync(ct) is { } answer)
                {
                    return (answer, flight.AskedAt);
                }

                continue;
            }

            return (await Lead(key, own, ask), null);
        }
    }

    private async Task<ActionResultRow> Lead(string key, Flight own, Func<Task<(ActionResultRow Row, bool Whole)>> ask)
    {
        ActionResultRow? shared = null;
        var kept = false;
        try
        {
            var (row, whole) = await ask();
            shared = whole ? row : null;
            kept = row.Status == "success" && row.Data.Length + row.Summary.Length <= Longest;
            return row;
        }
        finally
        {
            if (!kept || shared is null)
            {
                _flights.TryRemove(KeyValuePair.Create(key, own));
            }

            own.Answer.TrySetResult(shared);
            MakeRoom();
        }
    }

    /// <summary>The oldest answers go.</summary>
    private void MakeRoom()
    {
        if (_flights.Count <= Most)
        {
            return;
        }

        foreach (var old in _flights.Where(one => one.Value.Answer.Task.IsCompleted).OrderBy(one => one.Value.Left).Take(Most / 10).ToList())
        {
            _flights.TryRemove(old);
        }
    }

    private sealed class Flight(DateTimeOffset askedAt, long left)
    {
        public DateTimeOffset AskedAt => askedAt;

        public long Left => left;

        /// <summary>Null where it came to nothing that others can use.</summary>
        public TaskCompletionSource<ActionResultRow?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
