using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Actions;

internal enum Next
{
    End,
    Again,

    /// <summary>It may have happened: see what became of it.</summary>
    Settle,
}

/// <summary>What follows an answer, by its facts alone.</summary>
internal static class Retrying
{
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    public static Next After(ActionAnswer answer, ActionResultRow result, int attempts)
    {
        if (answer.Success || answer.Fault is not { } fault)
        {
            return Next.End;
        }

        var more = result.Attempt < attempts;
        if (fault.MayHaveHappened && result.Reach != Reach.Reads)
        {
            return result.Settling == Settling.Repeatable && more ? Next.Again : Next.Settle;
        }

        // Nothing changed there: it only reads, or it did not get so far.
        return more && fault.Where is FaultKind.SlowDown or FaultKind.NotReached or FaultKind.OutOfOrder or FaultKind.Broken or FaultKind.TooLate ? Next.Again : Next.End;
    }

    /// <summary>What the other system asked for, else longer each time; never more than a minute.</summary>
    public static TimeSpan Pause(ActionAnswer answer, long attempt)
    {
        var pause = answer.Fault?.RetryAfter ?? TimeSpan.FromMilliseconds(100 * Math.Pow(4, attempt - 1));
        return pause < LongestPause ? pause : LongestPause;
    }
}
