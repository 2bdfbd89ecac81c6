using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>
/// Reading JSON that anybody may have sent. A string with half a surrogate pair makes the framework throw on reading;
/// here it reads as its raw text.
/// </summary>
internal static class JsonValues
{
    public static readonly JsonElement Null = Parse("null"u8);
    public static readonly JsonElement EmptyList = Parse("[]"u8);

    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4096 });
        return JsonElement.ParseValue(ref reader);
    }

    public static JsonElement? TryParse(string json)
    {
        try
        {
            return Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return null;
        }
    }

    public static JsonElement Of(string text) => JsonSerializer.SerializeToElement(text);

    public static JsonElement Of(long number) => JsonSerializer.SerializeToElement(number);

    public static bool IsNone(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public static bool TryKey(JsonElement value, string key, out JsonElement found)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            try
            {
                return value.TryGetProperty(key, out found);
            }
            catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
            {
                // Some other key of this object cannot be read, or ours cannot be written.
            }
        }
        found = default;
        return false;
    }

    public static string Text(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)).Trim('"');
        }
    }

    public static string Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(property));
        }
    }

    public static bool HasText(JsonElement value, string key, string expected)
    {
        return TryKey(value, key, out var found) && found.ValueKind == JsonValueKind.String && Text(found) == expected;
    }
}
