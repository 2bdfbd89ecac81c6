using System.Text;
using Vedette.Engine.Storage;
using Path = Vedette.Engine.Storage.Path;

namespace Vedette.Storage.Sqlite;

/// <summary>Makes SQL of a query. Values are always parameters; names are checked against the row type.</summary>
internal sealed class QueryText
{
    private readonly StringBuilder _sql = new();
    private readonly List<object?> _values = [];
    private readonly Dictionary<string, string> _joins = [];
    private readonly StringBuilder _joinSql = new();

    private QueryText(Table table) => Table = table;

    private Table Table { get; }

    public IReadOnlyList<object?> Values => _values;

    public string Sql { get; private set; } = "";

    public static QueryText Select(Table table, Query query)
    {
        var text = new QueryText(table);
        text.Condition(query.Where);
        var where = text._sql.ToString();
        text._sql.Clear();
        foreach (var (by, descending) in query.Order)
        {
            var (place, _) = text.Place(by);
            text._sql.Append(text._sql.Length == 0 ? " ORDER BY " : ", ").Append(place).Append(descending ? " DESC" : "");
        }

        text._sql.Append(text._sql.Length == 0 ? " ORDER BY t0.\"id\"" : ", t0.\"id\"");
        var limit = query.Limit is not null || query.Offset > 0 ? $" LIMIT {query.Limit ?? -1} OFFSET {query.Offset}" : "";
        text.Sql = $"SELECT {table.SelectList} FROM {table.Quoted} t0{text._joinSql} WHERE {where}{text._sql}{limit}";
        return text;
    }

    public static QueryText Count(Table table, Where where)
    {
        var text = new QueryText(table);
        text.Condition(where);
        text.Sql = $"SELECT count(*) FROM {table.Quoted} t0{text._joinSql} WHERE {text._sql}";
        return text;
    }

    private void Condition(Where where)
    {
        switch (where)
        {
            case AllOf all:
                Join(all.Parts, " AND ", "1");
                break;
            case AnyOf any:
                Join(any.Parts, " OR ", "0");
                break;
            case Not not:
                _sql.Append("NOT coalesce(");
                Condition(not.Part);
                _sql.Append(", 0)");
                break;
            case Compare compare:
                Comparison(compare);
                break;
            default:
                throw new NotSupportedException($"The store does not know a condition of kind {where.GetType().Name}.");
        }
    }

    private void Join(IReadOnlyList<Where> parts, string word, string none)
    {
        if (parts.Count == 0)
        {
            _sql.Append(none);
            return;
        }

        _sql.Append('(');
        for (var i = 0; i < parts.Count; i++)
        {
            _sql.Append(i == 0 ? "" : word);
            Condition(parts[i]);
        }

        _sql.Append(')');
    }

    private void Comparison(Compare compare)
    {
        var (place, column) = Place(compare.Path);
        var inJson = compare.Path.Json is { Count: > 0 };
        switch (compare.Comparison)
        {
            case Engine.Storage.Comparison.Equal when compare.Value is null:
                _sql.Append(place).Append(" IS NULL");
                break;
            case Engine.Storage.Comparison.Equal:
                Operator(place, "=", Stored(column, compare.Value, inJson), inJson);
                break;
            case Engine.Storage.Comparison.EqualIgnoreCase:
                _sql.Append("vedette_lower(").Append(place).Append(") = ").Append(Value(compare.Value?.ToString()?.ToLowerInvariant()));
                break;
            case Engine.Storage.Comparison.Less or Engine.Storage.Comparison.LessOrEqual or Engine.Storage.Comparison.Greater or Engine.Storage.Comparison.GreaterOrEqual:
                Operator(place, compare.Comparison switch { Engine.Storage.Comparison.Less => "<", Engine.Storage.Comparison.LessOrEqual => "<=", Engine.Storage.Comparison.Greater => ">", _ => ">=" }, Stored(column, compare.Value, inJson), inJson: false);
                break;
            case Engine.Storage.Comparison.In:
                In(place, column, ((System.Collections.IEnumerable)compare.Value!).Cast<object?>().ToList(), inJson);
                break;
            case Engine.Storage.Comparison.IsNull:
                _sql.Append(place).Append((bool)compare.Value! ? " IS NULL" : " IS NOT NULL");
                break;
            case Engine.Storage.Comparison.Contains or Engine.Storage.Comparison.ContainsIgnoreCase:
                Contains(place, column, compare, inJson);
                break;
            case Engine.Storage.Comparison.StartsWith:
                _sql.Append("substr(").Append(place).Append(", 1, length(").Append(Value(Text(compare))).Append(")) = ?").Append(_values.Count);
                break;
            case Engine.Storage.Comparison.EndsWith:
                _sql.Append("substr(").Append(place).Append(", -length(").Append(Value(Text(compare))).Append(")) = ?").Append(_values.Count);
                break;
            case Engine.Storage.Comparison.StartsWithIgnoreCase:
                _sql.Append("substr(vedette_lower(").Append(place).Append("), 1, length(").Append(Value(Text(compare).ToLowerInvariant())).Append(")) = ?").Append(_values.Count);
                break;
            case Engine.Storage.Comparison.EndsWithIgnoreCase:
                _sql.Append("substr(vedette_lower(").Append(place).Append("), -length(").Append(Value(Text(compare).ToLowerInvariant())).Append(")) = ?").Append(_values.Count);
                break;
            case Engine.Storage.Comparison.Matches or Engine.Storage.Comparison.MatchesIgnoreCase:
                _sql.Append("vedette_matches(").Append(place).Append(", ").Append(Value(Text(compare))).Append(compare.Comparison == Engine.Storage.Comparison.Matches ? ", 0)" : ", 1)");
                break;
            default:
                throw new NotSupportedException($"The store does not know the comparison {compare.Comparison}.");
        }
    }

    private void Contains(string place, Column column, Compare compare, bool inJson)
    {
        var ignoreCase = compare.Comparison == Engine.Storage.Comparison.ContainsIgnoreCase;
        var text = ignoreCase ? Text(compare).ToLowerInvariant() : Text(compare);
        if (column.Json && !inJson)
        {
            // A list has the element; any other JSON is searched as the text it is.
            var element = ignoreCase ? "vedette_lower(value)" : "value";
            _sql.Append("(CASE json_type(").Append(place).Append(") WHEN 'array' THEN EXISTS (SELECT 1 FROM json_each(").Append(place).Append(") WHERE ")
                .Append(element).Append(" = ").Append(Value(text)).Append(") ELSE instr(").Append(ignoreCase ? $"vedette_lower({place})" : place).Append(", ?").Append(_values.Count).Append(") > 0 END)");
            return;
        }

        _sql.Append("instr(").Append(ignoreCase ? $"vedette_lower({place})" : place).Append(", ").Append(Value(text)).Append(") > 0");
    }

    private void In(string place, Column column, List<object?> values, bool inJson)
    {
        if (values.Count == 0)
        {
            _sql.Append('0');
            return;
        }

        _sql.Append(inJson ? $"CAST({place} AS TEXT)" : place).Append(" IN (");
        for (var i = 0; i < values.Count; i++)
        {
            var stored = Stored(column, values[i], inJson);
            _sql.Append(i == 0 ? "" : ", ").Append(Value(inJson ? JsonText(stored) : stored));
        }

        _sql.Append(')');
    }

    /// <summary>In JSON a quoted number and a number are equal: senders write both.</summary>
    private void Operator(string place, string sign, object? value, bool inJson) =>
        _sql.Append(inJson ? $"CAST({place} AS TEXT)" : place).Append(' ').Append(sign).Append(' ').Append(Value(inJson ? JsonText(value) : value));

    private static string? JsonText(object? value) => value switch
    {
        true => "1",
        false => "0",
        null => null,
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Text(Compare compare) => Convert.ToString(compare.Value, System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private static object? Stored(Column column, object? value, bool inJson) => inJson ? (value is int number ? (long)number : value) : column.ToStored(value);

    private string Value(object? value)
    {
        _values.Add(value is bool truth ? (truth ? 1L : 0L) : value);
        return $"?{_values.Count}";
    }

    private (string Place, Column Column) Place(Path path)
    {
        var alias = "t0";
        var table = Table;
        foreach (var (key, row) in path.Through ?? [])
        {
            var column = table.Column(key);
            var step = $"{alias}.{column.Name}>{row.Name}";
            if (!_joins.TryGetValue(step, out var next))
            {
                next = _joins[step] = $"t{_joins.Count + 1}";
                _joinSql.Append($" LEFT JOIN {Table.Of(row).Quoted} {next} ON {next}.\"id\" = {alias}.{column.Quoted}");
            }

            (alias, table) = (next, Table.Of(row));
        }

        var last = table.Column(path.Column);
        var place = $"{alias}.{last.Quoted}";
        if (path.Json is not { Count: > 0 } keys)
        {
            return (place, last);
        }

        if (!last.Json)
        {
            throw new ArgumentException($"{table.Row.Name}.{path.Column} is not JSON, so there is nothing inside it.");
        }

        var inside = "$" + string.Concat(keys.Select(key => $".\"{key.Replace("\"", "", StringComparison.Ordinal)}\""));
        return ($"json_extract({place}, {Value(inside)})", last);
    }
}
