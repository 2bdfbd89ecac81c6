using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Vedette.Storage.Sqlite;

/// <summary>What queries need and the database does not have: case folding beyond ASCII, and regular expressions.</summary>
internal static class Functions
{
    public const string Fold = "vedette_fold";
    public const string Matches = "vedette_matches";

    private const int MostPatterns = 256;
    private static readonly ConcurrentDictionary<(string Pattern, bool IgnoreCase), Regex> Patterns = new();

    public static void Register(SqliteConnection connection)
    {
        connection.CreateFunction<string?, string?>(Fold, FoldText, isDeterministic: true);
        connection.CreateFunction<string?, string, bool, bool?>(
            Matches,
            static (text, pattern, ignoreCase) => text is null ? null : Pattern(pattern, ignoreCase).IsMatch(text),
            isDeterministic: true);
    }

    public static string? FoldText(string? text) => text?.ToLowerInvariant();

    /// <summary>The pattern, made once; it runs in time linear to the text, and is given a second.</summary>
    /// <exception cref="ArgumentException">It is no regular expression, or one that cannot be run in linear time.</exception>
    public static Regex Pattern(string pattern, bool ignoreCase)
    {
        if (Patterns.TryGetValue((pattern, ignoreCase), out var known))
            return known;
        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        Regex made;
        try
        {
            made = new Regex(pattern, options, TimeSpan.FromSeconds(1));
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException("The regular expression uses what cannot be run in linear time: look-around, back-references or atomic groups.", e);
        }

        // Patterns come from outside: what is kept of them stays bounded.
        if (Patterns.Count >= MostPatterns)
            Patterns.Clear();
        return Patterns.GetOrAdd((pattern, ignoreCase), made);
    }
}
