using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Indicators;

/// <summary>A value in a field of an artifact, and what the field says it is.</summary>
internal sealed record Sighting(ArtifactRow Artifact, string Field, string Value, IReadOnlyList<string> Contains)
{
    /// <summary>Longer ones are texts, and nobody looks for them elsewhere.</summary>
    private const int Longest = 4_000;

    public string Hash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Value)));

    /// <summary>Single values, those of lists one by one, in fields that say what they contain.</summary>
    public static IEnumerable<Sighting> In(ArtifactRow artifact)
    {
        if (JsonNode.Parse(artifact.Cef) is not JsonObject cef)
        {
            yield break;
        }

        var types = CefFields.AllTypes(cef, JsonNode.Parse(artifact.CefTypes) as JsonObject);
        foreach (var (field, value) in cef)
        {
            if (types[field] is not JsonArray { Count: > 0 } contains)
            {
                continue;
            }

            var named = contains.Select(one => one?.ToString() ?? "").Where(one => one.Length > 0).ToList();
            foreach (var one in value is JsonArray list ? list.Select(Text) : [Text(value)])
            {
                if (one is { Length: > 0 and <= Longest } && named.Count > 0)
                {
                    yield return new Sighting(artifact, field, one, named);
                }
            }
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => node.ToJsonString(),
        _ => null,
    };
}
