namespace Vedette.Engine.Scheduling;

/// <summary>How urgent an event's work is when it has to wait: 0 first. Severities of the house's own stand with medium.</summary>
internal static class Severities
{
    public static int Rank(string severity) => severity.ToLowerInvariant() switch
    {
        "high" => 0,
        "low" => 2,
        _ => 1,
    };
}
