using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vedette.Engine.Containers;

/// <summary>Digests by which the same thing is known again.</summary>
internal static class Digests
{
    public static string OfContainer(long tenant, long asset, string identifier) => Of($"{tenant}", $"{asset}", identifier);

    /// <summary>Over name, label, type and CEF; the order of CEF fields does not count.</summary>
    public static string OfArtifact(string name, string label, string? type, string cef)
    {
        using var parsed = JsonDocument.Parse(cef, new JsonDocumentOptions { MaxDepth = Limits.Depth + 2 });
        return Of(name, label, type ?? "", Canonical(parsed.RootElement));
    }

    /// <summary>The same sender, the container that it named, its own key, the same content.</summary>
    public static string OfSending(long container, long user, string identifier, string hash) => Of($"{container}", $"{user}", identifier, hash);

    private static string Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            // With its length before it, no two lists of parts read the same.
            hash.AppendData(Encoding.UTF8.GetBytes($"{part.Length}:"));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static string Canonical(JsonElement element)
    {
        var text = new StringBuilder();
        Write(text, element);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    text.Append(JsonSerializer.Serialize(property.Name)).Append(':');
                    Write(text, property.Value);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in element.EnumerateArray())
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                text.Append(JsonSerializer.Serialize(element.GetString()));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }
}
