using System.Text.Json;
using Vedette.Engine.Containers;
using Vedette.Model;

namespace Vedette.Server.Rest;

/// <summary>
/// A posted object, read by its shape: numbers where text is meant, comma text where a list is meant, and what is unknown is ignored.
/// Reading a field that the shape does not declare is a mistake of ours, so that the document leaves out nothing.
/// </summary>
internal readonly struct Posted(JsonElement element, Shape shape)
{
    private const string WholeBody = "The body";

    public static Posted Of(JsonElement element, Shape shape, string where = WholeBody) =>
        element.ValueKind == JsonValueKind.Object ? new Posted(element, shape) : throw new BadRequestException($"{where} has to be {(where == WholeBody ? "a JSON" : "an")} object and is {JsonWords.Kind(element)}.");

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
            _ => throw new BadRequestException($"{names[0]} has to be text and is {JsonWords.Kind(value)}."),
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
            _ => throw new BadRequestException($"{name} has to be a list of text and is {JsonWords.Kind(value)}."),
        }
        : null;

    /// <summary>A list of objects, none when it is not there. What is wrong with one is said with its place.</summary>
    public IReadOnlyList<T> Each<T>(string name, Func<Posted, T> read)
    {
        var of = shape.Fields.First(field => field.Name == name).Of ?? throw new InvalidOperationException($"{shape.Name}.{name} is no list of objects.");
        var all = new List<T>();
        foreach (var (at, item) in Objects(name).Index())
        {
            try
            {
                all.Add(read(Of(item, of)));
            }
            catch (BadRequestException exception)
            {
                throw new BadRequestException($"{name}[{at}]: {exception.Message}", exception);
            }
        }

        return all;
    }

    /// <summary>A list of objects of any shape, none when it is not there.</summary>
    public IReadOnlyList<JsonElement> Objects(string name)
    {
        if (Value(name) is not { ValueKind: not JsonValueKind.Null } list)
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

    /// <summary>The field set as posted, null included; null when it is not in the body.</summary>
    public Set<string?>? SetText(params ReadOnlySpan<string> names) => Value(names) is null ? null : new Set<string?>(Text(names));

    public Set<DateTimeOffset?>? SetTime(string name) => Has(name) ? new Set<DateTimeOffset?>(Time(name)) : null;

    private JsonElement? Declared(string name) => !shape.Declares(name)
        ? throw new InvalidOperationException($"{shape.Name} does not declare \"{name}\", which is read from it.")
        : element.TryGetProperty(name, out var value) ? value : null;
}
