using Vedette.Model;

namespace Vedette.Engine.Policies;

internal static class PolicyWords
{
    public static string Does(Reach reach) => reach switch
    {
        Reach.Reads => "reads",
        Reach.Records => "writes a record",
        Reach.Changes => "changes another system",
        _ => "cannot be taken back",
    };

    public static string Word(Level level) => level.ToString().ToLowerInvariant();
}
