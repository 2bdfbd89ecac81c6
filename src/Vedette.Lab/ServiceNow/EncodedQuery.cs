namespace Vedette.Lab.ServiceNow;

/// <summary>
/// ServiceNow's encoded query over one table. As measured on live instances, a condition on a field that the table does
/// not have is dropped, and a query of nothing else therefore matches every record.
/// </summary>
internal sealed class EncodedQuery
{
    // Longer words first: >= must not be read as >, NOTLIKE not as LIKE.
    private static readonly string[] Operators =
    [
        "ISNOTEMPTY", "STARTSWITH", "ENDSWITH", "ISEMPTY", "BETWEEN", "NOTLIKE", "NOT IN", "LIKE", "IN", "!=", ">=", "<=", "=", ">", "<",
    ];

    /// <summary>Joined by ^NQ (any), each of conditions joined by ^ (all), each of alternatives joined by ^OR (any).</summary>
    private readonly List<List<List<Condition>>> _queries = [];
    private readonly List<(string Field, bool Descending)> _order = [];

    private EncodedQuery()
    {
    }

    private sealed record Condition(string Field, string Operator, string Value);

    /// <summary>The value that <paramref name="field"/> must have, when the query says so: lets a store use its index.</summary>
    internal string? Exactly(string field) =>
        _queries is [var only]
            ? only.Where(any => any is [{ Operator: "=" } one] && one.Field == field).Select(any => any[0].Value).FirstOrDefault()
            : null;

    internal static EncodedQuery Parse(string text, Func<string, bool> exists)
    {
        var query = new EncodedQuery();
        var all = new List<List<Condition>>();
        query._queries.Add(all);
        foreach (var part in text.Split('^'))
        {
            var term = part;
            if (term.StartsWith("ORDERBYDESC", StringComparison.Ordinal))
            {
                query._order.Add((term["ORDERBYDESC".Length..], true));
                continue;
            }

            if (term.StartsWith("ORDERBY", StringComparison.Ordinal))
            {
                query._order.Add((term["ORDERBY".Length..], false));
                continue;
            }

            if (term is "" or "EQ")
            {
                continue;
            }

            var isAlternative = false;
            if (term.StartsWith("NQ", StringComparison.Ordinal))
            {
                all = [];
                query._queries.Add(all);
                term = term[2..];
            }
            else if (term.StartsWith("OR", StringComparison.Ordinal))
            {
                isAlternative = true;
                term = term[2..];
            }

            if (ReadCondition(term) is not { } condition || !exists(condition.Field))
            {
                continue;
            }

            if (isAlternative && all.Count > 0)
            {
                all[^1].Add(condition);
            }
            else
            {
                all.Add([condition]);
            }
        }

        return query;
    }

    internal bool Matches(Func<string, string> field) =>
        _queries.Any(all => all.TrueForAll(any => any.Exists(condition => Holds(condition, field(condition.Field)))));

    internal IEnumerable<T> Sort<T>(IEnumerable<T> rows, Func<T, string, string> field)
    {
        IOrderedEnumerable<T>? sorted = null;
        foreach (var (name, descending) in _order)
        {
            sorted = (sorted, descending) switch
            {
                (null, false) => rows.OrderBy(row => field(row, name), StringComparer.Ordinal),
                (null, true) => rows.OrderByDescending(row => field(row, name), StringComparer.Ordinal),
                (not null, false) => sorted.ThenBy(row => field(row, name), StringComparer.Ordinal),
                (not null, true) => sorted.ThenByDescending(row => field(row, name), StringComparer.Ordinal),
            };
        }

        return sorted ?? rows;
    }

    private static Condition? ReadCondition(string term)
    {
        var nameLength = 0;
        while (nameLength < term.Length && (char.IsAsciiLetterLower(term[nameLength]) || char.IsAsciiDigit(term[nameLength]) || term[nameLength] is '_' or '.'))
        {
            nameLength++;
        }

        var rest = term[nameLength..];
        var found = Operators.FirstOrDefault(each => rest.StartsWith(each, StringComparison.Ordinal));
        return nameLength == 0 || found is null ? null : new(term[..nameLength], found, Value(rest[found.Length..]));
    }

    /// <summary>Takes the date out of <c>javascript:gs.dateGenerate('d','t')</c>; other scripts stay as text and match nothing.</summary>
    private static string Value(string text)
    {
        const string script = "javascript:gs.dateGenerate(";
        return text.StartsWith(script, StringComparison.Ordinal)
            ? text[script.Length..].TrimEnd(')').Replace("'", "", StringComparison.Ordinal).Replace(',', ' ')
            : text;
    }

    private static bool Holds(Condition condition, string actual)
    {
        var wanted = condition.Value;
        const StringComparison loose = StringComparison.OrdinalIgnoreCase;
        return condition.Operator switch
        {
            "=" => string.Equals(actual, wanted, loose),
            "!=" => !string.Equals(actual, wanted, loose),
            "LIKE" => actual.Contains(wanted, loose),
            "NOTLIKE" => !actual.Contains(wanted, loose),
            "STARTSWITH" => actual.StartsWith(wanted, loose),
            "ENDSWITH" => actual.EndsWith(wanted, loose),
            "IN" => wanted.Split(',').Contains(actual, StringComparer.OrdinalIgnoreCase),
            "NOT IN" => !wanted.Split(',').Contains(actual, StringComparer.OrdinalIgnoreCase),
            "ISEMPTY" => actual.Length == 0,
            "ISNOTEMPTY" => actual.Length > 0,
            "BETWEEN" => wanted.Split('@') is [var low, var high]
                && string.CompareOrdinal(actual, low) >= 0 && string.CompareOrdinal(actual, high) <= 0,
            ">" => string.CompareOrdinal(actual, wanted) > 0,
            ">=" => string.CompareOrdinal(actual, wanted) >= 0,
            "<" => string.CompareOrdinal(actual, wanted) < 0,
            "<=" => string.CompareOrdinal(actual, wanted) <= 0,
            _ => false,
        };
    }
}
