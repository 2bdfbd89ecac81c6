using System.Text.Json;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>Reads the arguments of a playbook's call. The worker is hostile: what is not of the shape asked for counts as absent.</summary>
internal static class Arguments
{
    public static string? Text(this JsonElement arguments, string name) => arguments.Get(name) is { } value
        ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
        : null;

    public static bool Flag(this JsonElement arguments, string name, bool otherwise = false) => arguments.Get(name) is { } value
        ? value.ValueKind == JsonValueKind.True || (value.ValueKind != JsonValueKind.False && otherwise)
        : otherwise;

    public static long? Number(this JsonElement arguments, string name) =>
        arguments.Get(name) is { } value && (value.ValueKind == JsonValueKind.Number ? value.TryGetInt64(out var number) : long.TryParse(value.ToString(), out number)) ? number : null;

    public static JsonElement? Get(this JsonElement arguments, string name) =>
        arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A list of text; a single text counts as a list of one.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement arguments, string name) => arguments.Get(name) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => item.ToString())],
        { } one => [one.ToString()],
        null => null,
    };

    public static IReadOnlyList<long>? Numbers(this JsonElement arguments, string name) => arguments.Get(name) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out var number) ? number : (long?)null).OfType<long>()]
        : null;
}
