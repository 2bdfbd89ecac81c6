using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Server.Rest;

/// <summary>How values look on the wire.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 with or without fraction, offset, Z, or T; one without an offset is UTC. Null when it is no time.</summary>
    public static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    /// <summary>The envelope of a list that is given whole.</summary>
    public static JsonObject List(JsonArray data) => new() { ["count"] = data.Count, ["num_pages"] = data.Count == 0 ? 0 : 1, ["data"] = data };

    /// <summary>JSON as the field's own text of it is: a space after each colon and comma.</summary>
    public static string Spaced(JsonNode? node)
    {
        var text = new StringBuilder();
        Spaced(node, text);
        return text.ToString();
    }

    private static void Spaced(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case JsonObject map:
                text.Append('{');
                foreach (var (at, (key, value)) in map.Index())
                {
                    text.Append(at == 0 ? "" : ", ").Append(JsonSerializer.Serialize(key, Compact)).Append(": ");
                    Spaced(value, text);
                }

                text.Append('}');
                break;
            case JsonArray list:
                text.Append('[');
                foreach (var (at, value) in list.Index())
                {
                    text.Append(at == 0 ? "" : ", ");
                    Spaced(value, text);
                }

                text.Append(']');
                break;
            default:
                text.Append(node?.ToJsonString(Compact) ?? "null");
                break;
        }
    }

    public static JsonObject Failed(string message) => new() { ["failed"] = true, ["message"] = message };

    public static JsonObject Success(long? id = null)
    {
        var body = new JsonObject { ["success"] = true };
        if (id is not null)
        {
            body["id"] = id.Value;
        }

        return body;
    }
}
