using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Actions;

internal enum Next
{
    End,
    Again,
    Settle,
    Unknown,
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
            return result.Settling switch
            {
                Settling.Repeatable => more ? Next.Again : Next.Unknown,
                Settling.Keyed or Settling.Findable => Next.Settle,
                _ => Next.Unknown,
            };
        }

        return fault.Where switch
        {
            FaultKind.SlowDown or FaultKind.NotReached => more ? Next.Again : Next.End,
            FaultKind.OutOfOrder when fault.Status == 503 || result.Reach == Reach.Reads => more ? Next.Again : Next.End,
            FaultKind.Broken when result.Reach == Reach.Reads => more ? Next.Again : Next.End,
            _ => Next.End,
        };
    }

    /// <summary>What the other system asked for, else longer each time; never more than a minute.</summary>
    public static TimeSpan Pause(ActionAnswer answer, long attempt)
    {
        var pause = answer.Fault?.RetryAfter ?? TimeSpan.FromMilliseconds(100 * Math.Pow(4, attempt - 1));
        return pause < LongestPause ? pause : LongestPause;
    }
}
