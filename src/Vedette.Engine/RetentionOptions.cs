namespace Vedette.Engine;

/// <summary>How long things are kept; null for ever.</summary>
public sealed record RetentionOptions
{
    /// <summary>The tag that keeps an event and all that hangs on it, however old.</summary>
    public const string HoldTag = "hold";

    /// <summary>Since an event was closed, or a run ended on one that is open.</summary>
    public TimeSpan? Keep { get; init; }

    /// <summary>Since a row of the record was written: then its content goes. The row stays, and the chain holds.</summary>
    public TimeSpan? KeepRecord { get; init; }
}
