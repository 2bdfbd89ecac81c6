using System.Globalization;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Postgres;

/// <summary>
/// Queries as PostgreSQL takes them, finding the same as on SQLite: numbers before texts inside JSON, nothing before all else. Its regular
/// expressions are others than ours, so the texts that fit are sought out beside it, among those that the rest of the condition leaves.
/// </summary>
internal sealed class PostgresQueryText(Table table) : QueryText(table)
{
    private readonly List<(Compare Compare, bool IgnoreCase, int Parameter)> _matches = [];

    public override char Mark => '$';

    protected override string True => "true";

    protected override string False => "false";

    protected override Question Asked(string sql, Where where) => new(sql, Parameters)
    {
        Sought = [.. _matches.Select(match => new Sought(Texts(match.Compare, where), Patterns.Of((string)match.Compare.Value!, match.IgnoreCase).IsMatch, match.Parameter))],
    };

    protected override string Order(Place place, bool descending)
    {
        // An index is in the database's own order, in which nothing comes last: where nothing cannot be, it serves.
        var direction = (descending, place.MayBeNull) switch
        {
            (true, true) => " DESC NULLS LAST",
            (true, false) => " DESC",
            (false, true) => " NULLS FIRST",
            _ => "",
        };
        return place.InJson
            ? $"vedette_number({place.Sql}) IS NOT NULL OR vedette_text({place.Sql}) IS NOT NULL{(descending ? " DESC" : "")}, vedette_text({place.Sql}) IS NOT NULL{(descending ? " DESC" : "")}, vedette_number({place.Sql}){direction}, vedette_text({place.Sql}) COLLATE \"C\"{direction}"
            : place.Sql + direction;
    }

    protected override string Page(int? limit, int offset) => (limit is { } most ? $" LIMIT {Parameter((long)most)}" : "") + (offset > 0 ? $" OFFSET {Parameter((long)offset)}" : "");

    protected override string InJson(string whole, IReadOnlyList<string> keys) => $"vedette_at({whole}, {Parameter(keys.ToArray())})";

    protected override string CompareInJson(string place, string comparison, object? value)
    {
        var number = $"vedette_number({place}) {comparison} ";
        var text = $"vedette_text({place}) COLLATE \"C\" {comparison} ";
        return (value, comparison) switch
        {
            (string, "=" or ">" or ">=") => text + Parameter(value),
            // Every number is less than every text.
            (string, _) => $"({text}{Parameter(value)} OR vedette_number({place}) IS NOT NULL)",
            (null, _) => "NULL::boolean",
            (_, ">" or ">=") => $"({number}{Parameter(value)} OR vedette_text({place}) IS NOT NULL)",
            _ => number + Parameter(value),
        };
    }

    protected override string OneOf(Place place, List<object> values)
    {
        if (!place.InJson)
            return $"{place.Sql} = ANY({Parameter(List(values))})";
        var parts = new List<string>();
        if (values.Where(value => value is string).ToList() is { Count: > 0 } texts)
            parts.Add($"vedette_text({place.Sql}) = ANY({Parameter(List(texts))})");
        if (values.Where(value => value is not string).ToList() is { Count: > 0 } numbers)
            parts.Add($"vedette_number({place.Sql}) = ANY({Parameter(List(numbers))})");
        return $"({string.Join(" OR ", parts)})";
    }

    protected override string AsText(Place place) => place.InJson ? $"vedette_words({place.Sql})" : place.Column.Kind == ColumnKind.Text ? place.Sql : $"CAST({place.Sql} AS TEXT)";

    protected override string Fold(string text) => $"vedette_fold({text})";

    protected override string FoldedParameter(string value) => Fold(Parameter(value));

    protected override string Within(string text, string part) => $"strpos({text}, {part}) > 0";

    protected override string StartsWith(string text, string start) => $"starts_with({text}, {start})";

    protected override string EndsWith(string text, string end) => $"right({text}, length({end})) = {end}";

    protected override string Matches(Compare compare, string text, string pattern, bool ignoreCase)
    {
        // Refused here, with the reason, rather than in the middle of the query.
        _ = Patterns.Of(pattern, ignoreCase);
        var list = Parameter(null);
        _matches.Add((compare, ignoreCase, Parameters.Count));
        return $"{text} = ANY({list})";
    }

    protected override string HasInJson(Place place, IReadOnlyList<string> keys, object? wanted, bool ignoreCase) =>
        $"vedette_has({place.Whole}, {Parameter(keys.ToArray())}, {Parameter(wanted)}{(wanted is string or null ? "" : "::numeric")}, {(ignoreCase ? "true" : "false")})";

    protected override string PartOf(string time, TimePart part)
    {
        var word = part switch
        {
            TimePart.Year => "year",
            TimePart.Month => "month",
            TimePart.Day => "day",
            TimePart.WeekDay => "dow",
            TimePart.Hour => "hour",
            TimePart.Minute => "minute",
            TimePart.Second => "second",
            _ => throw new NotSupportedException($"The store knows no part {part} of a time."),
        };
        return string.Create(CultureInfo.InvariantCulture, $"(vedette_part('{word}', {time}) + {(part == TimePart.WeekDay ? 1 : 0)})");
    }

    /// <summary>Every text at the place of the comparison, among the rows that what else is demanded of all of them leaves.</summary>
    private Question Texts(Compare compare, Where where)
    {
        var texts = new PostgresQueryText(Table);
        var place = texts.AsText(texts.At(compare.Path));
        return new Question($"SELECT DISTINCT {place} FROM {Table.Quoted} t0 WHERE {place} IS NOT NULL AND {texts.Condition(new AllOf([.. Demanded(where)]))}", texts.Parameters);
    }

    private static IEnumerable<Where> Demanded(Where where) => where is AllOf all ? all.Parts.SelectMany(Demanded) : HasMatch(where) ? [] : [where];

    private static bool HasMatch(Where where) => where switch
    {
        AllOf all => all.Parts.Any(HasMatch),
        AnyOf any => any.Parts.Any(HasMatch),
        Not not => HasMatch(not.Part),
        Compare compare => compare.Comparison is Comparison.Matches or Comparison.MatchesIgnoreCase,
        _ => true,
    };

    private static object List(List<object> values) =>
        values.All(value => value is string) ? values.Cast<string>().ToArray()
        : values.All(value => value is long) ? values.Cast<long>().ToArray()
        : values.ConvertAll(value => Convert.ToDouble(value, CultureInfo.InvariantCulture)).ToArray();
}
