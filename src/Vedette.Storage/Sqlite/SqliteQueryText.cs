using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Sqlite;

/// <summary>Queries as SQLite takes them.</summary>
internal sealed class SqliteQueryText(Table table) : QueryText(table)
{
    public override char Mark => '?';

    protected override string True => "1";

    protected override string False => "0";

    protected override string Order(Place place, bool descending) => descending ? $"{place.Sql} DESC" : place.Sql;

    protected override string Page(int? limit, int offset) => $" LIMIT {Parameter((long)(limit ?? -1))} OFFSET {Parameter((long)offset)}";

    // One text that is no JSON must not spoil the list of all.
    protected override string InJson(string whole, IReadOnlyList<string> keys) => $"CASE WHEN json_valid({whole}) THEN json_extract({whole}, {Parameter(JsonPath(keys))}) END";

    protected override string CompareInJson(string place, string comparison, object? value) => $"{place} {comparison} {Parameter(value)}";

    protected override string OneOf(Place place, List<object> values) =>
        $"{place.Sql} IN (SELECT value FROM json_each({Parameter(new JsonArray([.. values.Select(v => JsonValue.Create(v))]).ToJsonString(JsonSerializerOptions.Default))}))";

    protected override string AsText(Place place) => place.Column.Kind == ColumnKind.Text && !place.InJson ? place.Sql : $"CAST({place.Sql} AS TEXT)";

    protected override string Fold(string text) => $"{Functions.Fold}({text})";

    protected override string FoldedParameter(string value) => Parameter(value.ToLowerInvariant());

    protected override string Within(string text, string part) => $"instr({text}, {part}) > 0";

    protected override string StartsWith(string text, string start) => $"substr({text}, 1, length({start})) = {start}";

    protected override string EndsWith(string text, string end) => $"substr({text}, -length({end})) = {end}";

    protected override string Matches(Compare compare, string text, string pattern, bool ignoreCase)
    {
        // Refused here, with the reason, rather than in the middle of the query.
        _ = Patterns.Of(pattern, ignoreCase);
        return $"{Functions.Matches}({text}, {Parameter(pattern)}, {(ignoreCase ? 1 : 0)})";
    }

    protected override string HasInJson(Place place, IReadOnlyList<string> keys, object? wanted, bool ignoreCase)
    {
        var path = Parameter(JsonPath(keys));
        var value = ignoreCase && wanted is string text ? FoldedParameter(text) : Parameter(wanted);
        var element = ignoreCase ? Fold("CAST(value AS TEXT)") : "value";
        var inside = place.InJson ? place.Sql : place.Whole;
        var within = ignoreCase ? Fold($"CAST({inside} AS TEXT)") : $"CAST({inside} AS TEXT)";
        return $"CASE WHEN NOT json_valid({place.Whole}) THEN 0 WHEN json_type({place.Whole}, {path}) = 'array' "
            + $"THEN EXISTS (SELECT 1 FROM json_each({place.Whole}, {path}) WHERE {element} = {value}) ELSE instr({within}, {value}) > 0 END";
    }

    protected override string PartOf(string time, TimePart part)
    {
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
        var number = $"CAST(strftime('{format}', ({time} - ({time} % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') AS INTEGER)";
        return part == TimePart.WeekDay ? $"({number} + 1)" : number;
    }

    /// <summary>Each key in quotes and escaped as in JSON: a key is never taken for a step of the path.</summary>
    private static string JsonPath(IReadOnlyList<string> keys)
    {
        var path = new StringBuilder("$");
        foreach (var key in keys)
            path.Append(".\"").Append(key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        return path.ToString();
    }
}
