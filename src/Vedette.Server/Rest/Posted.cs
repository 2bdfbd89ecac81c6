using System.Text.Json;
using Vedette.Engine.Containers;

namespace Vedette.Server.Rest;

/// <summary>
/// A posted object, read by its shape: numbers where text is meant, comma text where a list is meant, and what is unknown is ignored.
/// Reading a field that the shape does not declare is a mistake of ours, so that the document leaves out nothing.
/// </summary>
internal readonly struct Posted(JsonElement element, Shape shape)
{
    public static Posted Of(JsonElement element, Shape shape) =>
        element.ValueKind == JsonValueKind.Object ? new Posted(element, shape) : throw new BadRequestException($"{(shape.Name.Length > 0 ? shape.Name : "The body")} has to be a JSON object.");

    public bool Has(string name) => Declared(name) is not null;

    /// <summary>The field as it is, under the first of the names that is there.</summary>
    public JsonElement? Value(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Declared(name) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    public string? Text(params ReadOnlySpan<string> names) => Value(names) is { } value
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw new BadRequestException($"{names[0]} has to be text."),
        }
        : null;

    public string NeedText(params ReadOnlySpan<string> names) => Text(names) ?? throw new BadRequestException($"{names[0]} is missing.");

    public long? Whole(params ReadOnlySpan<string> names) => Text(names) is { Length: > 0 } text
        ? RestCall.Id(text) ?? throw new BadRequestException($"{names[0]} has to be a whole number.")
        : null;

    public long NeedWhole(params ReadOnlySpan<string> names) => Whole(names) ?? throw new BadRequestException($"{names[0]} is missing.");

    public bool? Truth(string name) => Text(name) switch
    {
        null or "" => null,
        "true" or "True" or "1" => true,
        "false" or "False" or "0" => false,
        _ => throw new BadRequestException($"{name} has to be true or false."),
    };

    public DateTimeOffset? Time(string name) => Text(name) is { Length: > 0 } text
        ? Wire.Time(text) ?? throw new BadRequestException($"{name} is no time in ISO 8601.")
        : null;

    public IReadOnlyList<string>? Words(string name) => Value(name) is { } value
        ? value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())],
            JsonValueKind.String => value.GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            JsonValueKind.Null => [],
            _ => throw new BadRequestException($"{name} has to be a list of text."),
        }
        : null;

    /// <summary>The objects of a list; none when it is no list.</summary>
    public IReadOnlyList<Posted> Each(string name)
    {
        if (Value(name) is not { ValueKind: JsonValueKind.Array } list)
        {
            return [];
        }

        var of = shape.Fields.First(field => field.Name == name).Of ?? throw new InvalidOperationException($"{shape.Name}.{name} is no list of objects.");
        return [.. list.EnumerateArray().Select(item => Of(item, of))];
    }

    /// <summary>The field set as posted, null included; null when it is not in the body.</summary>
    public Set<string?>? SetText(params ReadOnlySpan<string> names) => Value(names) is null ? null : new Set<string?>(Text(names));

    public Set<DateTimeOffset?>? SetTime(string name) => Has(name) ? new Set<DateTimeOffset?>(Time(name)) : null;

    private JsonElement? Declared(string name) => !shape.Declares(name)
        ? throw new InvalidOperationException($"{shape.Name} does not declare \"{name}\", which is read from it.")
        : element.TryGetProperty(name, out var value) ? value : null;
}
