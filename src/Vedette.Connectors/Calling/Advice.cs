using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>Adds to the cause of a failure which system it was and what the reader can do. What the other side said stays as it is said.</summary>
internal static class Advice
{
    /// <param name="doneUnknown">Something was to be changed, and nobody can say whether it was: then nothing may read like "do it again"; where to look is added by who knows the asset.</param>
    public static string Added(string cause, Fault fault, bool doneUnknown, string system, string asset)
    {
        var where = $"{system}, asset \"{asset}\"";
        var advice = fault.Where switch
        {
            _ when doneUnknown => "whether it was done is not known.",
            FaultKind.NotReached => "check the address and port in the asset, and whether the system is up.",
            FaultKind.NotAllowed => "only hosts that the asset names are reached; check the address in the asset.",
            FaultKind.Untrusted => "check the host name in the asset, and give it the certificate authority if the system has one of its own.",
            FaultKind.Broken => "try again; if it stays, look at the system and at what stands before it.",
            FaultKind.TimedOut => "it is slow or stands still; try again later.",
            FaultKind.SlowDown => "it is asked too often; try again later, or lower \"requests_per_second\" in the asset.",
            FaultKind.OutOfOrder => "it is out of order; try again later.",
            FaultKind.Unauthorized => "check the credentials in the asset and the rights of its account.",
            FaultKind.Unreadable => "",
            // What was refused is said by the cause, and mended in the parameters or settings it names.
            _ => null,
        };
        return advice switch
        {
            null => cause,
            "" => $"{cause} ({where})",
            _ => $"{Ended(cause)} {where}: {advice}",
        };
    }

    private static string Ended(string cause) => cause.Length == 0 || cause[^1] is '.' or '!' or '?' ? cause : cause + ".";
}
