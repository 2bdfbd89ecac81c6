using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>
/// How far automation goes by itself: what reads and what records is done, all else is refused until a policy allows it, and nothing
/// that changes is done on an asset nobody named.
/// </summary>
internal static class Policy
{
    /// <summary>The decision for one action on one asset, with the rule it rests on.</summary>
    public static (bool Allowed, string Decision) Decide(string action, string asset, Reach reach, bool assetNamed) => reach switch
    {
        Reach.Reads => (true, "automatic: it reads"),
        _ when !assetNamed => (false, $"Refused by policy: \"{action}\" {Does(reach)} and names no asset. Name the asset it may act on."),
        Reach.Records => (true, "automatic: it records"),
        _ => (false, $"Refused by policy: \"{action}\" on asset \"{asset}\" {Does(reach)}, and no policy allows that yet."),
    };

    private static string Does(Reach reach) => reach switch
    {
        Reach.Records => "writes a record",
        Reach.Changes => "changes another system",
        Reach.Destroys => "cannot be taken back",
        _ => "reads",
    };
}
