using System.Globalization;
using System.Text;
using Vedette.Engine.Storage;
using Path = Vedette.Engine.Storage.Path;

namespace Vedette.Storage.Tables;

/// <summary>A question to the database: a statement and its parameters.</summary>
internal sealed record Question(string Sql, IReadOnlyList<object?> Parameters)
{
    /// <summary>Texts to be found first, where the database cannot compare as it has to be done.</summary>
    public IReadOnlyList<Sought> Sought { get; init; } = [];
}

/// <summary>Of the texts that <paramref name="Texts"/> gives, those that fit are put into a parameter of the question as a list.</summary>
internal sealed record Sought(Question Texts, Func<string, bool> Fits, int Parameter);

/// <summary>
/// Turns a query into a statement and its parameters. What comes from outside is never in the text: columns are those of the row type,
/// values and JSON paths are parameters. Truths and enums alone stand there as numbers, so that partial indexes serve them.
/// Conditions are two-valued: a comparison with nothing is false, and its negation true.
/// What is here is the same for every database; how each compares text and JSON is its own.
/// </summary>
internal abstract class QueryText(Table table)
{
    protected List<object?> Parameters { get; } = [];

    protected Table Table => table;

    /// <summary>What stands before the number of a parameter.</summary>
    public abstract char Mark { get; }

    protected abstract string True { get; }

    protected abstract string False { get; }

    public Question Select(Query query)
    {
        var sql = new StringBuilder($"SELECT {table.SelectList} FROM {table.Quoted} t0 WHERE {Condition(query.Where)} ORDER BY ");
        foreach (var (by, descending) in query.Order)
            sql.Append(Order(At(by), descending)).Append(", ");
        // The id decides between equals, in the direction of the last: pages neither lose nor repeat a row.
        sql.Append("t0.\"id\"").Append(query.Order is [.., (_, true)] ? " DESC" : "");
        if (query.Limit is not null || query.Offset > 0)
            sql.Append(Page(query.Limit, query.Offset));
        return Asked(sql.ToString(), query.Where);
    }

    public Question Count(Where where) => Asked($"SELECT COUNT(*) FROM {table.Quoted} t0 WHERE {Condition(where)}", where);

    /// <summary>The whole question; <paramref name="where"/> is its condition.</summary>
    protected virtual Question Asked(string sql, Where where) => new(sql, Parameters);

    protected string Condition(Where where) => where switch
    {
        AllOf { Parts.Count: 0 } => True,
        AnyOf { Parts.Count: 0 } => False,
        AllOf all => "(" + string.Join(" AND ", all.Parts.Select(Condition)) + ")",
        AnyOf any => "(" + string.Join(" OR ", any.Parts.Select(Condition)) + ")",
        Not not => $"NOT COALESCE({Condition(not.Part)}, {False})",
        Compare compare => Comparing(compare),
        _ => throw new NotSupportedException($"The store knows no condition {where.GetType().Name}."),
    };

    /// <summary>For ORDER BY: what is nothing comes before all else, and last where the order descends.</summary>
    protected abstract string Order(Place place, bool descending);

    protected abstract string Page(int? limit, int offset);

    /// <summary>A place inside JSON, the path being a parameter.</summary>
    protected abstract string InJson(string whole, IReadOnlyList<string> keys);

    /// <summary>A comparison of size or equality of what is inside JSON with a value as it stands there.</summary>
    /// <param name="comparison">One of =, &lt;, &lt;=, &gt;, &gt;=.</param>
    protected abstract string CompareInJson(string place, string comparison, object? value);

    /// <param name="values">None is null.</param>
    protected abstract string OneOf(Place place, List<object> values);

    /// <summary>The place as text, whatever it holds.</summary>
    protected abstract string AsText(Place place);

    /// <summary>A text without capital letters.</summary>
    protected abstract string Fold(string text);

    protected abstract string FoldedParameter(string value);

    protected abstract string Within(string text, string part);

    protected abstract string StartsWith(string text, string start);

    protected abstract string EndsWith(string text, string end);

    protected abstract string Matches(Compare compare, string text, string pattern, bool ignoreCase);

    /// <summary>A list in JSON has the element, or a text in JSON the part.</summary>
    protected abstract string HasInJson(Place place, IReadOnlyList<string> keys, object? wanted, bool ignoreCase);

    protected abstract string PartOf(string time, TimePart part);

    protected string Parameter(object? value)
    {
        Parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"{Mark}{Parameters.Count}");
    }

    /// <summary>The expression for a path.</summary>
    protected Place At(Path path)
    {
        var end = table;
        foreach (var (_, row) in path.Through ?? [])
            end = Table.Of(row);
        var column = end.Column(path.Column);
        var whole = Whole(path, column);
        if (path.Part is { } part)
        {
            return column.Kind == ColumnKind.Time
                ? new Place(PartOf(whole, part), column with { Kind = ColumnKind.Number, Type = typeof(long) }, false, whole)
                : throw new ArgumentException($"{column.Property} is no time: it has no {part}.");
        }

        if (path.Json is not { Count: > 0 } keys)
            return new Place(whole, column, false, whole) { MayBeNull = column.Nullable || path.Through is { Count: > 0 } };
        return column.Json
            ? new Place(InJson(whole, keys), column, true, whole)
            : throw new ArgumentException($"{end.Row.Name}.{column.Property} is no JSON: nothing is inside it.");
    }

    private string Comparing(Compare compare)
    {
        if (compare.Comparison == Comparison.IsNull)
        {
            if (compare.Value is not bool isNull)
                throw new ArgumentException($"Whether {compare.Path.Column} is null is asked for with true or false.");
            return $"{At(compare.Path).Sql} IS {(isNull ? "" : "NOT ")}NULL";
        }

        if (compare.Comparison is Comparison.Contains or Comparison.ContainsIgnoreCase)
            return Contains(compare);
        var place = At(compare.Path);
        switch (compare.Comparison)
        {
            case Comparison.Equal when compare.Value is null:
                return $"{place.Sql} IS NULL";
            case Comparison.Equal:
                return Sized(compare, place, "=");
            case Comparison.Less:
                return Sized(compare, place, "<");
            case Comparison.LessOrEqual:
                return Sized(compare, place, "<=");
            case Comparison.Greater:
                return Sized(compare, place, ">");
            case Comparison.GreaterOrEqual:
                return Sized(compare, place, ">=");
            case Comparison.In:
                return In(compare, place);
        }

        var value = compare.Value as string ?? throw new ArgumentException($"{compare.Comparison} on {compare.Path.Column} takes a text.");
        var text = AsText(place);
        return compare.Comparison switch
        {
            Comparison.EqualIgnoreCase => $"{Fold(text)} = {FoldedParameter(value)}",
            Comparison.StartsWith => StartsWith(text, Parameter(value)),
            Comparison.StartsWithIgnoreCase => StartsWith(Fold(text), FoldedParameter(value)),
            Comparison.EndsWith or Comparison.EndsWithIgnoreCase when value.Length == 0 => $"{text} IS NOT NULL",
            Comparison.EndsWith => EndsWith(text, Parameter(value)),
            Comparison.EndsWithIgnoreCase => EndsWith(Fold(text), FoldedParameter(value)),
            Comparison.Matches or Comparison.MatchesIgnoreCase => Matches(compare, text, value, compare.Comparison == Comparison.MatchesIgnoreCase),
            _ => throw new NotSupportedException($"The store knows no comparison {compare.Comparison}."),
        };
    }

    private string Sized(Compare compare, Place place, string comparison)
    {
        if (place.InJson)
            return CompareInJson(place.Sql, comparison, JsonValue(compare.Path, compare.Value));
        var value = place.Column.ToStored(compare.Value);
        return $"{place.Sql} {comparison} {(value is long number && AsLiteral(place.Column) ? number.ToString(CultureInfo.InvariantCulture) : Parameter(value))}";
    }

    private string In(Compare compare, Place place)
    {
        if (compare.Value is not IEnumerable<object?> values)
            throw new ArgumentException($"In on {compare.Path.Column} takes a list.");
        var list = values.Select(v => place.InJson ? JsonValue(compare.Path, v) : place.Column.ToStored(v)).ToList();
        var orNull = list.RemoveAll(v => v is null) > 0 ? $" OR {place.Sql} IS NULL" : "";
        if (list.Count == 0)
            return orNull.Length == 0 ? False : $"{place.Sql} IS NULL";
        if (!place.InJson && AsLiteral(place.Column))
            return $"({place.Sql} IN ({string.Join(", ", list.Order())}){orNull})";
        if (place.Column.Kind == ColumnKind.Bytes)
            throw new ArgumentException($"{place.Column.Property} holds bytes and is not compared with a list.");
        // One parameter, however long the list: the statement stays the same and is prepared once.
        return $"({OneOf(place, list!)}{orNull})";
    }

    private string Contains(Compare compare)
    {
        var ignoreCase = compare.Comparison == Comparison.ContainsIgnoreCase;
        var place = At(compare.Path);
        if (place.Column.Json)
            return HasInJson(place, compare.Path.Json ?? [], JsonValue(compare.Path, compare.Value), ignoreCase);
        var text = compare.Value as string ?? throw new ArgumentException($"{compare.Comparison} on {compare.Path.Column} takes a text.");
        return ignoreCase ? Within(Fold(AsText(place)), FoldedParameter(text)) : Within(AsText(place), Parameter(text));
    }

    private string Whole(Path path, Column column)
    {
        var through = path.Through ?? [];
        var (at, ending) = (table, "");
        for (var i = 0; i < through.Count; i++)
        {
            var key = at.Column(through[i].Key);
            at = Table.Of(through[i].Row);
            // Each step looks up one row by its id; the innermost is the first step.
            ending = i == 0
                ? $" FROM {at.Quoted} t1 WHERE t1.\"id\" = t0.{key.Quoted}"
                : $" FROM {at.Quoted} t{i + 1} WHERE t{i + 1}.\"id\" = (SELECT t{i}.{key.Quoted}{ending})";
        }

        return through.Count == 0
            ? $"t0.{column.Quoted}"
            : string.Create(CultureInfo.InvariantCulture, $"(SELECT t{through.Count}.{column.Quoted}{ending})");
    }

    private static bool AsLiteral(Column column) => column.Kind == ColumnKind.Truth || column.Type.IsEnum;

    /// <summary>Truths are 1 and 0.</summary>
    private static object? JsonValue(Path path, object? value) => value switch
    {
        null or string or long or double => value,
        bool truth => truth ? 1L : 0L,
        int or short or byte or uint or Enum => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{path.Column} is JSON and is not compared with a {value.GetType().Name}."),
    };

    /// <param name="Column">The column at the end of the path.</param>
    /// <param name="InJson">It goes into the JSON of the column.</param>
    /// <param name="Whole">The whole column.</param>
    protected sealed record Place(string Sql, Column Column, bool InJson, string Whole)
    {
        public bool MayBeNull { get; init; } = true;
    }
}
