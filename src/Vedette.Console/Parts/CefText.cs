using System.Text.Json;

namespace Vedette.Console.Parts;

/// <summary>The fields of an artifact as text, whatever they hold.</summary>
internal static class CefText
{
    public static IEnumerable<(string Name, string Value)> Fields(string cef)
    {
        using var parsed = JsonDocument.Parse(cef);
        return parsed.RootElement.ValueKind != JsonValueKind.Object
            ? []
            : [.. parsed.RootElement.EnumerateObject().Select(field => (field.Name, Text(field.Value)))];
    }

    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        _ => value.GetRawText(),
    };
}
