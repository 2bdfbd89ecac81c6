using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vedette.Trial.Cases;

/// <summary>Whether what came is what a test names: of an object only the keys that are named, text between slashes is a regular expression.</summary>
internal static class Likeness
{
    public static bool Holds(JsonNode? expected, JsonNode? actual) => expected switch
    {
        JsonObject keys => Opened(actual, JsonValueKind.Object) is JsonObject there && keys.All(one => there.ContainsKey(one.Key) ? Holds(one.Value, there[one.Key]) : one.Value is null),
        JsonArray items => Opened(actual, JsonValueKind.Array) is JsonArray list && items.Count == list.Count && items.Zip(list).All(pair => Holds(pair.First, pair.Second)),
        null => actual is null,
        _ when Text(expected) is { Length: > 1 } text && text.StartsWith('/') && text.EndsWith('/') =>
            actual is not null && Regex.IsMatch(Text(actual), text[1..^1], RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)),
        _ => actual is not null && Same(expected, actual),
    };

    /// <summary>The text of a value, as a person reads it.</summary>
    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "null";

    private static bool Same(JsonNode one, JsonNode other) => Text(one) == Text(other)
        || (double.TryParse(Text(one), NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
            && double.TryParse(Text(other), NumberStyles.Float, CultureInfo.InvariantCulture, out var right) && left.Equals(right));

    /// <summary>JSON that went as text, as in the field's own parameters, is looked into.</summary>
    private static JsonNode? Opened(JsonNode? node, JsonValueKind kind)
    {
        if (node is not JsonValue value || !value.TryGetValue<string>(out var text))
        {
            return node;
        }

        try
        {
            return JsonNode.Parse(text) is { } inside && inside.GetValueKind() == kind ? inside : node;
        }
        catch (JsonException)
        {
            // It is no JSON: then it is compared as the text it is.
            return node;
        }
    }
}
