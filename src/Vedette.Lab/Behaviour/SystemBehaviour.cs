namespace Vedette.Lab.Behaviour;

/// <summary>Which calls a mishap meets.</summary>
internal enum CallKind { Any, Reads, Writes }

/// <param name="Latency">Added to every call.</param>
/// <param name="Rate">The share of calls that meet the mishap, 0 to 1.</param>
/// <param name="RetryAfter">Seconds in <c>Retry-After</c> of a 429 or 503.</param>
/// <param name="Times">The mishap ends after so many calls; null: never.</param>
internal sealed record SystemBehaviour(
    TimeSpan Latency, Mishap Mishap, double Rate, int RetryAfter, CallKind On, int? Times)
{
    internal static readonly SystemBehaviour Good = new(TimeSpan.Zero, Mishap.None, 1, 1, CallKind.Any, null);

    internal static Mishap? Find(string? word) => word switch
    {
        null => Mishap.None,
        "429" => Mishap.TooMany,
        "500" => Mishap.ServerError,
        "503" => Mishap.Unavailable,
        "html" => Mishap.Html,
        "huge" => Mishap.Huge,
        "reset" => Mishap.Reset,
        "cut" => Mishap.Cut,
        "late-answer" => Mishap.LateAnswer,
        "late-work" => Mishap.LateWork,
        "late-work-own-id" => Mishap.LateWorkOwnId,
        "stale-read" => Mishap.StaleRead,
        "own-id" => Mishap.OwnId,
        "expired" => Mishap.Expired,
        "echo" => Mishap.Echo,
        "echo-data" => Mishap.EchoData,
        _ => null,
    };

    /// <summary>A mishap that a protocol has no place for is refused rather than ignored: a test would pass for nothing.</summary>
    internal static bool Fits(LabSystem system, Mishap mishap) => mishap switch
    {
        Mishap.LateWork or Mishap.LateWorkOwnId or Mishap.StaleRead or Mishap.OwnId => system is LabSystem.ServiceNow,
        Mishap.Expired => system is LabSystem.Splunk,
        Mishap.Echo => system is not LabSystem.Whois,
        Mishap.Html or Mishap.Huge or Mishap.EchoData or Mishap.Unavailable => system is not (LabSystem.Ldap or LabSystem.Whois),
        _ => true,
    };

    internal static CallKind UsualCalls(LabSystem system, Mishap mishap) => (system, mishap) switch
    {
        (_, Mishap.StaleRead) => CallKind.Reads,
        (_, Mishap.LateWork or Mishap.LateWorkOwnId or Mishap.OwnId) => CallKind.Writes,
        // Who lost an answer looks whether the work was done; that look must not be late as well.
        (LabSystem.ServiceNow, Mishap.LateAnswer) => CallKind.Writes,
        _ => CallKind.Any,
    };
}
