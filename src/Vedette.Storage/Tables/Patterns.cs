using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Vedette.Storage.Tables;

/// <summary>Regular expressions of queries: those that run in time linear to the text, and no others.</summary>
internal static class Patterns
{
    private const int Most = 256;
    private static readonly ConcurrentDictionary<(string Pattern, bool IgnoreCase), Regex> Known = new();

    /// <summary>The pattern, made once; it is given a second.</summary>
    /// <exception cref="ArgumentException">It is no regular expression, or one that cannot be run in linear time.</exception>
    public static Regex Of(string pattern, bool ignoreCase)
    {
        if (Known.TryGetValue((pattern, ignoreCase), out var known))
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
        if (Known.Count >= Most)
            Known.Clear();
        return Known.GetOrAdd((pattern, ignoreCase), made);
    }
}
