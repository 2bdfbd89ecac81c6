using System.Text.Json.Nodes;

namespace Vedette.Sdk;

/// <summary>What an action answered: the field's action result without the echoed parameter.</summary>
public sealed record ActionAnswer
{
    public required bool Success { get; init; }

    /// <summary>One sentence for a person. Empty on success: made from the summary.</summary>
    public string Message { get; init; } = "";

    /// <summary>The items of <c>action_result.data</c>, in order, of any JSON type.</summary>
    public JsonArray Data { get; init; } = [];

    /// <summary>The keys of <c>action_result.summary</c>, in order.</summary>
    public JsonObject Summary { get; init; } = [];

    /// <summary>For a failure: the facts that a retry policy reads. Never decided from text.</summary>
    public Fault? Fault { get; init; }

    /// <summary>For a keyed action: whether the answer shows that the other system took our key, and so refuses it a second time.</summary>
    public bool? KeyTaken { get; init; }

    /// <summary>How it is taken back, with the values that this needs; null where it cannot be.</summary>
    public WayBack? WayBack { get; init; }

    public static ActionAnswer Failed(string message, Fault? fault = null) =>
        new() { Success = false, Message = message, Fault = fault };
}

/// <summary>How the effect of an action is taken back: by another action on the same asset.</summary>
/// <param name="Action">Its name.</param>
/// <param name="Left">What stays all the same, in a sentence; empty where nothing does.</param>
public sealed record WayBack(string Action, JsonObject Parameters, string Left = "");

/// <summary>The facts of a failure.</summary>
/// <param name="Where">How far the call got.</param>
/// <param name="MayHaveHappened">The request left, and nobody can say whether the other system acted on it.</param>
/// <param name="RetryAfter">What the other system asked us to wait, if it did.</param>
/// <param name="Status">The status of an HTTP answer, if there was one.</param>
public sealed record Fault(FaultKind Where, bool MayHaveHappened = false, TimeSpan? RetryAfter = null, int? Status = null);

public enum FaultKind
{
    /// <summary>The name could not be resolved, or the connection was refused: nothing left.</summary>
    NotReached,

    /// <summary>The guarded way out refused the address.</summary>
    NotAllowed,

    /// <summary>The certificate or the TLS handshake failed.</summary>
    Untrusted,

    /// <summary>The connection ended before the answer was whole.</summary>
    Broken,

    /// <summary>No answer in time.</summary>
    TimedOut,

    /// <summary>Asked to slow down (429, or the protocol's own words).</summary>
    SlowDown,

    /// <summary>The other system is out of order (5xx).</summary>
    OutOfOrder,

    /// <summary>Credentials or rights refused.</summary>
    Unauthorized,

    /// <summary>The other system said no to this request.</summary>
    Refused,

    /// <summary>The answer could not be understood.</summary>
    Unreadable,

    /// <summary>Our parameters or settings were not usable; nothing left.</summary>
    BadInput,

    /// <summary>The time to send it was over before it left: nothing left.</summary>
    TooLate,
}
