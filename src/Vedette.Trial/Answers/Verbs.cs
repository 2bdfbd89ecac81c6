namespace Vedette.Trial.Answers;

/// <summary>What an action does, by its first word, where no manifest says it.</summary>
internal static class Verbs
{
    private static readonly HashSet<string> ReadingWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "get", "list", "lookup", "query", "search", "hunt", "whois", "geolocate", "find", "describe", "check", "detonate", "analyze", "read", "test", "retrieve", "show", "on", "run",
        "alert", "gnql", "hosting", "indicator", "offense", "recent", "domain", "file", "ip", "url", "user", "reverse", "ping", "parse", "examine", "extract", "scan", "detect", "evaluate", "resolve",
    };

    public static bool Reads(string action) => ReadingWords.Contains(action.Split(' ')[0]);
}
