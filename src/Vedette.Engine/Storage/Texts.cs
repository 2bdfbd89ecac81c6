using System.Text.Json;

namespace Vedette.Engine.Storage;

/// <summary>Lists of text in a column of JSON.</summary>
internal static class Texts
{
    public static IReadOnlyList<string> Read(string json) => JsonSerializer.Deserialize<string[]>(json) ?? [];

    public static string Write(IEnumerable<string> texts) => JsonSerializer.Serialize(texts);
}
