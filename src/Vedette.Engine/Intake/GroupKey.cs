using System.Text.Json;
using Vedette.Model;

namespace Vedette.Engine.Intake;

/// <summary>The key by which an alert is known as the repeat of another: what the label's fields say about it, source and destination.</summary>
internal static class GroupKey
{
    /// <summary>The key of the first of the artifacts that names all parts, or null: such an alert is never grouped.</summary>
    /// <param name="groupFields">A JSON list of fields of the label; alternatives by <c>|</c>, the first that has a value counts.</param>
    public static string? Of(string groupFields, IEnumerable<JsonElement?> cefs)
    {
        var parts = JsonSerializer.Deserialize<string[]>(groupFields) ?? [];
        return parts.Length == 0 ? null : cefs.Select(cef => Of(parts, cef)).FirstOrDefault(key => key is not null);
    }

    private static string? Of(string[] parts, JsonElement? cef)
    {
        if (cef is not { ValueKind: JsonValueKind.Object } fields)
        {
            return null;
        }

        var values = new List<string>();
        foreach (var part in parts)
        {
            var value = part.Split('|', StringSplitOptions.TrimEntries).Select(field => Value(fields, field)).FirstOrDefault(value => value is not null);
            if (value is null)
            {
                return null;
            }

            values.Add(value);
        }

        // As JSON, so that no value can look like two.
        return JsonSerializer.Serialize(values);
    }

    private static string? Value(JsonElement fields, string field)
    {
        if (!fields.TryGetProperty(field, out var element) || element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var value = element.GetString()!.Trim().TrimEnd('.').ToLowerInvariant();
        if (value.Length is 0 or > 500)
        {
            return null;
        }

        if (field.Contains("URL", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Host.Length > 0 ? Domains.Registrable(url.Host) : null;
        }

        var ofDestination = field.StartsWith("destination", StringComparison.Ordinal) && field.EndsWith("HostName", StringComparison.OrdinalIgnoreCase);
        return ofDestination || field.EndsWith("DnsDomain", StringComparison.Ordinal) ? Domains.Registrable(value) : value;
    }
}
