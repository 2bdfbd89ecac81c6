using System.Globalization;
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
