using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vedette.Trial.Answers;

/// <summary>The columns that a search in Splunk's language names: its rows have them.</summary>
internal static partial class QueryColumns
{
    public static IEnumerable<string> Of(JsonObject parameters)
    {
        if (parameters["query"] is not JsonValue value || !value.TryGetValue<string>(out var query) || !query.Contains('|', StringComparison.Ordinal))
        {
            return [];
        }

        return Renamed().Matches(query).Select(match => match.Groups[1].Value)
            .Concat(Table().Matches(query).SelectMany(match => match.Groups[1].Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)))
            .Distinct();
    }

    [GeneratedRegex(@"\bas\s+""?(\w+)""?(?![\w*.{])", RegexOptions.IgnoreCase)]
    private static partial Regex Renamed();

    [GeneratedRegex(@"\|\s*table\s+(\w+(?:[, ]+\w+)*)(?![\w*.{])", RegexOptions.IgnoreCase)]
    private static partial Regex Table();
}
