using Vedette.Model;

namespace Vedette.Engine.Storage;

/// <summary>Opening a unit, letting doors decide, committing it: and deciding anew when what they had read is no longer so.</summary>
public static class Units
{
    /// <summary>How often a decision is made before the caller is told that others were faster each time.</summary>
    public const int Tries = 8;

    /// <summary>Runs <paramref name="decide"/> on a fresh unit and commits it; on a unit that built on what has changed, decides again. A refusal commits nothing.</summary>
    public static async Task<Outcome<T>> Decide<T>(IStore store, Func<Unit, Task<Outcome<T>>> decide, CancellationToken ct = default)
    {
        var last = "";
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var unit = new Unit();
            Outcome<T> outcome;
            try
            {
                outcome = await decide(unit);
            }
            catch (StoreUnavailableException)
            {
                return Unavailable;
            }

            if (outcome.Refused)
            {
                return outcome;
            }

            if (unit.Empty)
            {
                // Nothing to write, but what was to follow the commit follows all the same.
                foreach (var action in unit.Afterwards)
                {
                    action();
                }

                return outcome;
            }

            var commit = await store.Commit(unit, ct);
            switch (commit.Kind)
            {
                case CommitKind.Done:
                    return outcome;
                case CommitKind.Unavailable:
                    return Unavailable;
                case CommitKind.Stale or CommitKind.Taken:
                    last = commit.What;
                    break;
                default:
                    throw new InvalidOperationException($"The store answered with an ending that is not known here: {commit.Kind}.");
            }
        }

        return new Refusal(RefusalKind.Conflict, "changed_meanwhile", $"Others changed this at the same time, {Tries} times in a row ({last}). Nothing was stored; try again.");
    }

    public static Refusal Unreachable { get; } = new(RefusalKind.Unavailable, "storage_unreachable", "The store cannot be reached at the moment. Nothing was stored; try again later.");

    public static Refusal Unavailable { get; } = new(RefusalKind.Unavailable, "storage_unavailable", "The store cannot write at the moment (is the disk full?). Nothing was stored; try again later.");
}
