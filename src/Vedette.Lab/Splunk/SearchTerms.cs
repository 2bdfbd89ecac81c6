using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Vedette.Lab.Splunk;

/// <summary>What follows the <c>search</c> command: words, comparisons, OR (which binds tighter than AND), NOT, brackets.</summary>
internal sealed class SearchTerms
{
    private static readonly string[] Comparisons = ["!=", ">=", "<=", "=", ">", "<"];
    private static readonly string[] TimeModifiers = ["earliest", "latest", "_index_earliest", "_index_latest"];

    private readonly List<string> _tokens;
    private readonly DateTimeOffset _now;
    private int _next;

    private SearchTerms(List<string> tokens, DateTimeOffset now) => (_tokens, _now) = (tokens, now);

    internal static Predicate<SplunkRow> Read(string text, DateTimeOffset now)
    {
        var terms = new SearchTerms(Tokens(text), now);
        var test = terms.All();
        return terms._next == terms._tokens.Count ? test : throw new SearchFault("Unable to parse the search: unbalanced parentheses.");
    }

    private Predicate<SplunkRow> All()
    {
        var tests = new List<Predicate<SplunkRow>>();
        while (Peek() is { } token && token != ")")
        {
            if (token == "AND")
            {
                _next++;
                continue;
            }

            tests.Add(Any());
        }

        return row => tests.TrueForAll(test => test(row));
    }

    private Predicate<SplunkRow> Any()
    {
        var tests = new List<Predicate<SplunkRow>> { One() };
        while (Peek() == "OR")
        {
            _next++;
            tests.Add(One());
        }

        return tests is [var only] ? only : row => tests.Exists(test => test(row));
    }

    private Predicate<SplunkRow> One()
    {
        var token = Peek() ?? throw new SearchFault("Unable to parse the search: a term is missing.");
        _next++;
        switch (token)
        {
            case "NOT":
                var inner = One();
                return row => !inner(row);
            case "(":
                var all = All();
                if (Peek() != ")")
                {
                    throw new SearchFault("Unable to parse the search: unbalanced parentheses.");
                }

                _next++;
                return all;
            case ")" or "OR":
                throw new SearchFault($"Unable to parse the search: '{token}' is not expected here.");
            default:
                return Term(token);
        }
    }

    private string? Peek() => _next < _tokens.Count ? _tokens[_next] : null;

    private Predicate<SplunkRow> Term(string token)
    {
        var (at, comparison) = Comparisons
            .Select(each => (At: token.IndexOf(each, StringComparison.Ordinal), Text: each))
            .Where(each => each.At > 0).OrderBy(each => each.At).ThenByDescending(each => each.Text.Length).FirstOrDefault();
        if (comparison is null || token[0] == '"')
        {
            var word = Pattern("*" + token.Trim('"') + "*");
            return row => word.IsMatch(row.First("_raw"));
        }

        var field = token[..at];
        var value = token[(at + comparison.Length)..].Trim('"');
        if (TimeModifiers.Contains(field))
        {
            var limit = SplunkTime.Read(value, _now) ?? throw new SearchFault($"Invalid value \"{value}\" for time term '{field}'");
            return field.EndsWith("earliest", StringComparison.Ordinal) ? row => TimeOf(row) >= limit : row => TimeOf(row) < limit;
        }

        if (comparison is "=" or "!=")
        {
            var pattern = Pattern(value);
            return comparison == "=" ? row => row.Values(field).Any(pattern.IsMatch)
                : row => row.Values(field) is { Length: > 0 } values && !values.Any(pattern.IsMatch);
        }

        return row => row.Values(field).Any(each => Holds(comparison, Compare(each, value)));
    }

    internal static DateTimeOffset TimeOf(SplunkRow row) =>
        DateTimeOffset.TryParse(row.First("_time"), CultureInfo.InvariantCulture, out var at) ? at : DateTimeOffset.MinValue;

    internal static int Compare(string left, string right) =>
        double.TryParse(left, CultureInfo.InvariantCulture, out var a) && double.TryParse(right, CultureInfo.InvariantCulture, out var b)
            ? a.CompareTo(b)
            : string.CompareOrdinal(left, right);

    private static bool Holds(string comparison, int order) => comparison switch
    {
        ">" => order > 0,
        ">=" => order >= 0,
        "<" => order < 0,
        _ => order <= 0,
    };

    private static Regex Pattern(string wildcard) => new(
        "^" + Regex.Escape(wildcard).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private static List<string> Tokens(string text)
    {
        var tokens = new List<string>();
        var current = new StringBuilder();
        var quoted = false;
        void End()
        {
            if (current.Length > 0)
            {
                tokens.Add(current.ToString());
                current.Clear();
            }
        }

        for (var i = 0; i < text.Length; i++)
        {
            var letter = text[i];
            if (letter == '\\' && quoted && i + 1 < text.Length)
            {
                current.Append(text[++i]);
            }
            else if (letter == '"')
            {
                quoted = !quoted;
                current.Append(letter);
            }
            else if (!quoted && char.IsWhiteSpace(letter))
            {
                End();
            }
            else if (!quoted && letter is ('(' or ')'))
            {
                End();
                tokens.Add(letter.ToString());
            }
            else
            {
                current.Append(letter);
            }
        }

        if (quoted)
        {
            throw new SearchFault("Unbalanced quotes.");
        }

        End();
        return tokens;
    }
}
