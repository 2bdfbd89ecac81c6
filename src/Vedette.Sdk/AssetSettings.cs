using System.Globalization;
using System.Text.Json;
using Vedette.Model;

namespace Vedette.Sdk;

/// <summary>The settings of one asset, secrets opened. Lives as long as the call and is written nowhere.</summary>
public sealed class AssetSettings(AssetId id, string name, JsonElement values)
{
    public AssetId Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>A JSON object: field name to value, as in the manifest's <c>configuration</c>.</summary>
    public JsonElement Values { get; } = values;

    /// <summary>The text of a field; null when absent or empty.</summary>
    public string? Text(string field)
    {
        if (!Values.TryGetProperty(field, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        return string.IsNullOrEmpty(text) ? null : text;
    }

    /// <summary>A yes-or-no field; <c>"true"</c> and <c>"True"</c> count as true.</summary>
    public bool Flag(string field, bool otherwise) => Text(field) is { } text
        ? string.Equals(text, "true", StringComparison.OrdinalIgnoreCase)
        : otherwise;

    /// <summary>A whole-number field; a number in text counts.</summary>
    public int Number(string field, int otherwise) => Text(field) is { } text
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        ? (int)number
        : otherwise;

    /// <summary>How many requests per second the other system may be sent (<c>requests_per_second</c>); null for no limit, which is also what 0 means.</summary>
    public double? RequestsPerSecond =>
        double.TryParse(Text("requests_per_second"), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>Never shows values: they hold secrets.</summary>
    public override string ToString() => $"asset {Id.Value} ({Name})";
}
