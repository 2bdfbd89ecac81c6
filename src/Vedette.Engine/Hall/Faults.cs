using System.Text.Json;
using Vedette.Model;

namespace Vedette.Engine.Hall;

/// <summary>Everything that is wrong with a request, gathered so that the sender hears it all at once.</summary>
internal sealed class Faults
{
    private readonly List<string> _sentences = [];
    private string? _code;
    private bool _onlyTooLarge = true;

    public bool None => _sentences.Count == 0;

    public void Add(string code, string sentence)
    {
        _sentences.Add(sentence);
        _code ??= code;
        _onlyTooLarge = false;
    }

    public void TooLarge(string sentence) => _sentences.Add(sentence);

    public Refusal Refusal => new(_onlyTooLarge ? RefusalKind.TooLarge : RefusalKind.Invalid, _code ?? "too_large", string.Join(' ', _sentences));

    public string? Text(string field, string? value, int longest)
    {
        if (value is not null && value.Length > longest)
        {
            TooLarge($"{field} has {value.Length} characters; {longest} are allowed.");
        }

        return value;
    }

    /// <summary>The word of the list that this is, case aside; <paramref name="otherwise"/> when it is null.</summary>
    public string Word(string field, string? value, string otherwise, params ReadOnlySpan<string> allowed)
    {
        if (value is null)
        {
            return otherwise;
        }

        foreach (var word in allowed)
        {
            if (word.Equals(value, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        Add($"unknown_{field}", $"{field} \"{Short(value)}\" is not known; it is one of: {string.Join(", ", allowed!)}.");
        return otherwise;
    }

    public string Tags(IReadOnlyList<string>? tags)
    {
        if (tags is null)
        {
            return "[]";
        }

        if (tags.Count > Limits.Tags)
        {
            TooLarge($"tags has {tags.Count} entries; {Limits.Tags} are allowed.");
        }

        foreach (var tag in tags)
        {
            Text("A tag", tag, Limits.WordLength);
        }

        return JsonSerializer.Serialize(tags.Distinct(StringComparer.Ordinal));
    }

    /// <summary>The JSON text of an object, or of none.</summary>
    /// <param name="orList">A list does as well.</param>
    public string Object(string field, JsonElement? value, int longest, int keys = Limits.Keys, bool orList = false)
    {
        if (value is not { } element || element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return "{}";
        }

        if (element.ValueKind != JsonValueKind.Object && !(orList && element.ValueKind == JsonValueKind.Array))
        {
            Add($"bad_{field}", $"{field} has to be an object and is {JsonWords.Kind(element)}.");
            return "{}";
        }

        var raw = element.GetRawText();
        if (raw.Length > longest)
        {
            TooLarge($"{field} has {raw.Length} characters; {longest} are allowed.");
            return "{}";
        }

        var count = 0;
        foreach (var property in element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : default)
        {
            count++;
            if (property.Name.Length > Limits.KeyLength)
            {
                TooLarge($"A key of {field} has {property.Name.Length} characters; {Limits.KeyLength} are allowed.");
            }
        }

        if (count > keys)
        {
            TooLarge($"{field} has {count} fields; {keys} are allowed.");
        }

        if (!Shallow(element, Limits.Depth))
        {
            TooLarge($"{field} is nested deeper than {Limits.Depth} levels.");
            return "{}";
        }

        return raw;
    }

    public static string Short(string value) => value.Length <= 100 ? value : value[..100] + "…";

    /// <summary>Goes no deeper than allowed itself, so what is too deep cannot exhaust the stack here.</summary>
    public static bool Shallow(JsonElement element, int left)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            return true;
        }

        if (left == 0)
        {
            return false;
        }

        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (!Shallow(item, left - 1))
                {
                    return false;
                }
            }

            return true;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!Shallow(property.Value, left - 1))
            {
                return false;
            }
        }

        return true;
    }
}
