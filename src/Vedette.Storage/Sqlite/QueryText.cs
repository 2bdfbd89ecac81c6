using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Path = Vedette.Engine.Storage.Path;

namespace Vedette.Storage.Sqlite;

/// <summary>
/// Turns a query into a statement and its parameters. What comes from outside is never in the text: columns are those of the row type,
/// values and JSON paths are parameters. Truths and enums alone stand there as numbers, so that partial indexes serve them.
/// Conditions are two-valued: a comparison with nothing is false, and its negation true.
/// </summary>
internal sealed class QueryText
{
    private readonly Table _table;
    private readonly List<object?> _parameters = [];

    private QueryText(Table table) => _table = table;

    public static (string Sql, IReadOnlyList<object?> Parameters) Select(Table table, Query query)
    {
        var text = new QueryText(table);
        var sql = new StringBuilder($"SELECT {table.SelectList} FROM {table.Quoted} t0 WHERE {text.Condition(query.Where)} ORDER BY ");
        foreach (var (by, descending) in query.Order)
            sql.Append(text.Place(by).Sql).Append(descending ? " DESC, " : ", ");
        // The id decides between equals, in the direction of the last: pages neither lose nor repeat a row.
        sql.Append("t0.\"id\"").Append(query.Order is [.., (_, true)] ? " DESC" : "");
        if (query.Limit is not null || query.Offset > 0)
            sql.Append(CultureInfo.InvariantCulture, $" LIMIT {text.Parameter((long)(query.Limit ?? -1))} OFFSET {text.Parameter((long)query.Offset)}");
        return (sql.ToString(), text._parameters);
    }

    public static (string Sql, IReadOnlyList<object?> Parameters) Count(Table table, Where where)
    {
        var text = new QueryText(table);
        return ($"SELECT COUNT(*) FROM {table.Quoted} t0 WHERE {text.Condition(where)}", text._parameters);
    }

    private string Condition(Where where) => where switch
    {
        AllOf { Parts.Count: 0 } => "1",
        AnyOf { Parts.Count: 0 } => "0",
        AllOf all => "(" + string.Join(" AND ", all.Parts.Select(Condition)) + ")",
        AnyOf any => "(" + string.Join(" OR ", any.Parts.Select(Condition)) + ")",
        Not not => $"NOT COALESCE({Condition(not.Part)}, 0)",
        Compare compare => Comparing(compare),
        _ => throw new NotSupportedException($"The store knows no condition {where.GetType().Name}."),
    };

    private string Comparing(Compare compare)
    {
        if (compare.Comparison == Comparison.IsNull)
        {
            if (compare.Value is not bool isNull)
                throw new ArgumentException($"Whether {compare.Path.Column} is null is asked for with true or false.");
            return $"{Place(compare.Path).Sql} IS {(isNull ? "" : "NOT ")}NULL";
        }

        if (compare.Comparison is Comparison.Contains or Comparison.ContainsIgnoreCase)
            return Contains(compare);
        var (sql, column, inJson) = Place(compare.Path);
        switch (compare.Comparison)
        {
            case Comparison.Equal when compare.Value is null:
                return $"{sql} IS NULL";
            case Comparison.Equal:
                return $"{sql} = {Value(compare, column, inJson)}";
            case Comparison.Less:
                return $"{sql} < {Value(compare, column, inJson)}";
            case Comparison.LessOrEqual:
                return $"{sql} <= {Value(compare, column, inJson)}";
            case Comparison.Greater:
                return $"{sql} > {Value(compare, column, inJson)}";
            case Comparison.GreaterOrEqual:
                return $"{sql} >= {Value(compare, column, inJson)}";
            case Comparison.In:
                return In(compare, sql, column, inJson);
        }

        var text = compare.Value as string ?? throw new ArgumentException($"{compare.Comparison} on {compare.Path.Column} takes a text.");
        var ignoreCase = compare.Comparison is Comparison.EqualIgnoreCase or Comparison.StartsWithIgnoreCase or Comparison.EndsWithIgnoreCase;
        var place = column.Kind == ColumnKind.Text && !inJson ? sql : $"CAST({sql} AS TEXT)";
        if (ignoreCase)
            (place, text) = ($"{Functions.Fold}({place})", Functions.FoldText(text)!);
        switch (compare.Comparison)
        {
            case Comparison.EqualIgnoreCase:
                return $"{place} = {Parameter(text)}";
            case Comparison.StartsWith or Comparison.StartsWithIgnoreCase:
                var start = Parameter(text);
                return $"substr({place}, 1, length({start})) = {start}";
            case Comparison.EndsWith or Comparison.EndsWithIgnoreCase:
                var end = Parameter(text);
                return text.Length == 0 ? $"{place} IS NOT NULL" : $"substr({place}, -length({end})) = {end}";
            case Comparison.Matches or Comparison.MatchesIgnoreCase:
                var ignore = compare.Comparison == Comparison.MatchesIgnoreCase;
                // Refused here, with the reason, rather than in the middle of the query.
                _ = Functions.Pattern(text, ignore);
                return $"{Functions.Matches}({place}, {Parameter(text)}, {(ignore ? 1 : 0)})";
            default:
                throw new NotSupportedException($"The store knows no comparison {compare.Comparison}.");
        }
    }

    private string In(Compare compare, string sql, Column column, bool inJson)
    {
        if (compare.Value is not IEnumerable<object?> values)
            throw new ArgumentException($"In on {compare.Path.Column} takes a list.");
        var list = values.Select(v => inJson ? JsonValue(compare.Path, v) : column.ToStored(v)).ToList();
        var orNull = list.RemoveAll(v => v is null) > 0 ? $" OR {sql} IS NULL" : "";
        if (list.Count == 0)
            return orNull.Length == 0 ? "0" : $"{sql} IS NULL";
        if (AsLiteral(column, inJson))
            return $"({sql} IN ({string.Join(", ", list.Order())}){orNull})";
        if (column.Kind == ColumnKind.Bytes)
            throw new ArgumentException($"{column.Property} holds bytes and is not compared with a list.");
        // One parameter, however long the list: the statement stays the same and is prepared once.
        var json = new JsonArray([.. list.Select(v => System.Text.Json.Nodes.JsonValue.Create(v))]).ToJsonString(JsonSerializerOptions.Default);
        return $"({sql} IN (SELECT value FROM json_each({Parameter(json)})){orNull})";
    }

    private string Contains(Compare compare)
    {
        var ignoreCase = compare.Comparison == Comparison.ContainsIgnoreCase;
        var (sql, column, inJson) = Place(compare.Path);
        if (!column.Json)
        {
            var text = compare.Value as string ?? throw new ArgumentException($"{compare.Comparison} on {compare.Path.Column} takes a text.");
            var place = column.Kind == ColumnKind.Text ? sql : $"CAST({sql} AS TEXT)";
            return ignoreCase
                ? $"instr({Functions.Fold}({place}), {Parameter(Functions.FoldText(text))}) > 0"
                : $"instr({place}, {Parameter(text)}) > 0";
        }

        var whole = Whole(compare.Path, column);
        var path = Parameter(JsonPath(compare.Path.Json ?? []));
        var value = JsonValue(compare.Path, compare.Value);
        if (ignoreCase && value is string folding)
            value = Functions.FoldText(folding);
        var wanted = Parameter(value);
        var element = ignoreCase ? $"{Functions.Fold}(CAST(value AS TEXT))" : "value";
        var inside = inJson ? sql : whole;
        var within = ignoreCase ? $"{Functions.Fold}(CAST({inside} AS TEXT))" : $"CAST({inside} AS TEXT)";
        return $"CASE WHEN NOT json_valid({whole}) THEN 0 WHEN json_type({whole}, {path}) = 'array' "
            + $"THEN EXISTS (SELECT 1 FROM json_each({whole}, {path}) WHERE {element} = {wanted}) ELSE instr({within}, {wanted}) > 0 END";
    }

    /// <summary>The expression for a path, the column at its end, and whether it goes into JSON.</summary>
    private (string Sql, Column Column, bool InJson) Place(Path path)
    {
        var end = _table;
        foreach (var (_, row) in path.Through ?? [])
            end = Table.Of(row);
        var column = end.Column(path.Column);
        var whole = Whole(path, column);
        if (path.Part is { } part)
            return (OfTime(whole, column, part), column with { Kind = ColumnKind.Number, Type = typeof(long) }, false);
        if (path.Json is not { Count: > 0 } keys)
            return (whole, column, false);
        if (!column.Json)
            throw new ArgumentException($"{end.Row.Name}.{column.Property} is no JSON: nothing is inside it.");
        // One text that is no JSON must not spoil the list of all.
        return ($"CASE WHEN json_valid({whole}) THEN json_extract({whole}, {Parameter(JsonPath(keys))}) END", column, true);
    }

    private static string OfTime(string sql, Column column, TimePart part)
    {
        if (column.Kind != ColumnKind.Time)
            throw new ArgumentException($"{column.Property} is no time: it has no {part}.");
        var format = part switch
        {
            TimePart.Year => "%Y",
            TimePart.Month => "%m",
            TimePart.Day => "%d",
            TimePart.WeekDay => "%w",
            TimePart.Hour => "%H",
            TimePart.Minute => "%M",
            TimePart.Second => "%S",
            _ => throw new NotSupportedException($"The store knows no part {part} of a time."),
        };
        // Whole seconds, downwards also before 1970: given a fraction, SQLite would round it up into the next second.
        var number = $"CAST(strftime('{format}', ({sql} - ({sql} % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') AS INTEGER)";
        return part == TimePart.WeekDay ? $"({number} + 1)" : number;
    }

    private string Whole(Path path, Column column)
    {
        var through = path.Through ?? [];
        var (table, sql, ending) = (_table, new StringBuilder(), "");
        for (var i = 0; i < through.Count; i++)
        {
            var key = table.Column(through[i].Key);
            table = Table.Of(through[i].Row);
            // Each step looks up one row by its id; the innermost is the first step.
            ending = i == 0
                ? $" FROM {table.Quoted} t1 WHERE t1.\"id\" = t0.{key.Quoted}"
                : $" FROM {table.Quoted} t{i + 1} WHERE t{i + 1}.\"id\" = (SELECT t{i}.{key.Quoted}{ending})";
        }

        return through.Count == 0
            ? $"t0.{column.Quoted}"
            : sql.Append(CultureInfo.InvariantCulture, $"(SELECT t{through.Count}.{column.Quoted}{ending})").ToString();
    }

    private string Value(Compare compare, Column column, bool inJson)
    {
        var value = inJson ? JsonValue(compare.Path, compare.Value) : column.ToStored(compare.Value);
        return value is long number && AsLiteral(column, inJson) ? number.ToString(CultureInfo.InvariantCulture) : Parameter(value);
    }

    private static bool AsLiteral(Column column, bool inJson) => !inJson && (column.Kind == ColumnKind.Truth || column.Type.IsEnum);

    /// <summary>As json_extract gives it: truths are 1 and 0.</summary>
    private static object? JsonValue(Path path, object? value) => value switch
    {
        null or string or long or double => value,
        bool truth => truth ? 1L : 0L,
        int or short or byte or uint or Enum => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float or decimal => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{path.Column} is JSON and is not compared with a {value.GetType().Name}."),
    };

    /// <summary>Each key in quotes and escaped as in JSON: a key is never taken for a step of the path.</summary>
    private static string JsonPath(IReadOnlyList<string> keys)
    {
        var path = new StringBuilder("$");
        foreach (var key in keys)
            path.Append(".\"").Append(key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        return path.ToString();
    }

    private string Parameter(object? value)
    {
        _parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"?{_parameters.Count}");
    }
}
