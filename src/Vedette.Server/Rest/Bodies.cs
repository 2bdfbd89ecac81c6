using System.Text.Json;
using Vedette.Engine.Containers;
using Vedette.Model;

namespace Vedette.Server.Rest;

/// <summary>Fields out of a posted object: numbers where text is meant, comma text where a list is meant, and what is unknown is ignored.</summary>
internal static class Bodies
{
    public static bool Has(this JsonElement body, string name) => body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out _);

    public static JsonElement? Value(this JsonElement body, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    public static string? Text(this JsonElement body, params ReadOnlySpan<string> names) => body.Value(names) is { } value
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw new BadRequestException($"{names[0]} has to be text and is {JsonWords.Kind(value)}."),
        }
        : null;

    public static long? Whole(this JsonElement body, params ReadOnlySpan<string> names) => body.Text(names) is { Length: > 0 } text
        ? RestCall.Id(text) ?? throw new BadRequestException($"{names[0]} has to be a whole number.")
        : null;

    public static bool? Truth(this JsonElement body, string name) => body.Text(name) switch
    {
        null or "" => null,
        "true" or "True" or "1" => true,
        "false" or "False" or "0" => false,
        _ => throw new BadRequestException($"{name} has to be true or false."),
    };

    public static DateTimeOffset? Time(this JsonElement body, string name) => body.Text(name) is { Length: > 0 } text
        ? Wire.Time(text) ?? throw new BadRequestException($"{name} is no time in ISO 8601.")
        : null;

    public static IReadOnlyList<string>? Words(this JsonElement body, string name) => body.Value(name) is { } value
        ? value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())],
            JsonValueKind.String => value.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            JsonValueKind.Null => [],
            _ => throw new BadRequestException($"{name} has to be a list of text and is {JsonWords.Kind(value)}."),
        }
        : null;

    /// <summary>The field set as posted, null included; null when it is not in the body.</summary>
    public static Set<string?>? SetText(this JsonElement body, params ReadOnlySpan<string> names) => body.Value(names) is null ? null : new Set<string?>(body.Text(names));

    public static Set<DateTimeOffset?>? SetTime(this JsonElement body, string name) => body.Has(name) ? new Set<DateTimeOffset?>(body.Time(name)) : null;

    /// <summary>A list of objects; empty when it is not in the body. One that is something else is named by its place.</summary>
    public static IReadOnlyList<JsonElement> Objects(this JsonElement body, string name)
    {
        if (body.Value(name) is not { ValueKind: not JsonValueKind.Null } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new BadRequestException($"{name} has to be a list of objects and is {JsonWords.Kind(list)}.");
        }

        var items = list.EnumerateArray().ToList();
        var wrong = items.FindIndex(item => item.ValueKind != JsonValueKind.Object);
        return wrong < 0 ? items : throw new BadRequestException($"{name}[{wrong}] has to be an object and is {JsonWords.Kind(items[wrong])}.");
    }

    public static JsonElement RequireObject(this JsonElement body) => body.ValueKind == JsonValueKind.Object ? body : throw new BadRequestException($"The body has to be a JSON object and is {JsonWords.Kind(body)}.");
}
