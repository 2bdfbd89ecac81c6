namespace Vedette.Engine.Actions;

/// <summary>How the calls of an asset stand at a moment.</summary>
/// <param name="UnderWay">Calls that have left and are not answered.</param>
/// <param name="AtOnce">How many may be under way; 0 where none was since the start.</param>
/// <param name="Waiting">Calls that may not leave yet.</param>
/// <param name="WaitFor">What the next of them waits for; empty where none waits.</param>
/// <param name="Breaker">Whether it is left alone because it failed.</param>
/// <param name="ShutUntil">When it is tried again; null while it is being tried, and where it is not left alone.</param>
/// <param name="FailuresInARow">Calls that failed since the last that was answered.</param>
/// <param name="Calls">Calls that have left since the start.</param>
/// <param name="Shared">Questions since the start that were answered by what another had asked.</param>
public sealed record QuotaState(
    long AssetId, int UnderWay, int AtOnce, int Waiting, DateTimeOffset? WaitingSince, string WaitFor, BreakerState Breaker, DateTimeOffset? ShutUntil, int FailuresInARow, string LastFailure, long Calls, long Shared)
{
    /// <summary>Nothing was asked of the asset since the start.</summary>
    internal static QuotaState Untouched(long asset) => new(asset, 0, 0, 0, null, "", BreakerState.Closed, null, 0, "", 0, 0);
}

public enum BreakerState
{
    /// <summary>Calls leave.</summary>
    Closed,

    /// <summary>One call is on its way to see whether the system answers again.</summary>
    Probing,

    /// <summary>No call leaves for a while.</summary>
    Open,
}

/// <param name="What">What an action waits for before it leaves, in words.</param>
public sealed record QuotaWait(string What, DateTimeOffset Since);
