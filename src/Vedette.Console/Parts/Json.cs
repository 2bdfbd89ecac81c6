using System.Text.Json;

namespace Vedette.Console.Parts;

/// <summary>Reading results whose shape nobody promises: what is not there is null or empty.</summary>
internal static class Json
{
    public static JsonElement? At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var key in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        return element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : element;
    }

    /// <summary>A text, or the first of a list of them.</summary>
    public static string? TextAt(this JsonElement element, params ReadOnlySpan<string> path) => element.At(path) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0 ? CefText.Text(list[0]) : null,
        { } value => CefText.Text(value),
        null => null,
    };

    /// <summary>A stored list of texts.</summary>
    public static IReadOnlyList<string> Texts(string json) => JsonSerializer.Deserialize<List<string>>(json) ?? [];

    public static IEnumerable<JsonElement> ListAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
}
