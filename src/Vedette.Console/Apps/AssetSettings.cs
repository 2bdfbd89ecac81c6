using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Console.Parts;
using Vedette.Engine.Storage;

namespace Vedette.Console.Apps;

/// <summary>What somebody types about an asset: one field for each setting that the app's manifest names.</summary>
internal sealed class AssetSettings
{
    /// <summary>Of every app, beside its own.</summary>
    private const string AnswerWithin = "answer_within_seconds";

    private readonly JsonObject _before;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _replaced = new(StringComparer.Ordinal);
    private readonly string _name;
    private readonly string _description;
    private readonly bool _disabled;
    private readonly string _concurrency;

    /// <param name="asset">Null for a new one.</param>
    /// <param name="configuration">As it may be shown: secrets as masks.</param>
    public AssetSettings(AppRow app, AssetRow? asset, JsonObject configuration)
    {
        Fields = FieldsOf(app);
        _before = configuration;
        (Name, Description, Disabled) = (_name, _description, _disabled) = (asset?.Name ?? "", asset?.Description ?? "", asset?.Disabled ?? false);
        Concurrency = _concurrency = asset?.Concurrency is { } most ? Words.Number(most) : "";
        foreach (var field in Fields)
        {
            _values[field.Name] = Shown(field);
        }
    }

    /// <param name="Type"><c>string</c>, <c>password</c>, <c>boolean</c>, <c>numeric</c>, <c>file</c> or <c>timezone</c>.</param>
    /// <param name="Values">What it can be; none for anything.</param>
    public sealed record Field(string Name, string Type, bool Required, string Default, string Label, IReadOnlyList<string> Values)
    {
        public bool IsSecret => Type == "password";
    }

    public IReadOnlyList<Field> Fields { get; }

    public string Name { get; set; }

    public string Description { get; set; }

    public bool Disabled { get; set; }

    /// <summary>Calls at once; empty for what the app says.</summary>
    public string Concurrency { get; set; }

    /// <summary>How many fields are not as they are stored.</summary>
    public int Changes => Fields.Count(one => one.IsSecret ? _replaced.Contains(one.Name) && _values[one.Name].Length > 0 : _values[one.Name] != Shown(one))
        + (Name != _name ? 1 : 0) + (Description != _description ? 1 : 0) + (Disabled != _disabled ? 1 : 0) + (Concurrency != _concurrency ? 1 : 0);

    public string this[string field]
    {
        get => _values[field];
        set => _values[field] = value;
    }

    /// <summary>A secret is there, and stays as it is.</summary>
    public bool IsKept(Field field) => field.IsSecret && !_replaced.Contains(field.Name) && _before.ContainsKey(field.Name);

    public void Replace(Field field, bool replace)
    {
        _values[field.Name] = "";
        _ = replace ? _replaced.Add(field.Name) : _replaced.Remove(field.Name);
    }

    /// <summary>The first thing that cannot be right, as a sentence; null when nothing is known to be wrong.</summary>
    public string? Fault()
    {
        if (Name.Trim().Length == 0)
        {
            return "The asset needs a name: playbooks ask for it by that.";
        }

        if (Concurrency.Length > 0 && !(long.TryParse(Concurrency, out var most) && most > 0))
        {
            return "Calls at once is a whole number above 0, or nothing.";
        }

        return Fields.FirstOrDefault(field => field.Required && field.Default.Length == 0 && !IsKept(field) && _values[field.Name].Length == 0) is { } missing ? $"{missing.Label} ({missing.Name}) is needed."
            : Fields.FirstOrDefault(field => field.Type == "numeric" && _values[field.Name] is { Length: > 0 } typed && !decimal.TryParse(typed, System.Globalization.CultureInfo.InvariantCulture, out _)) is { } odd ? $"{odd.Label} ({odd.Name}) is a number."
            : null;
    }

    /// <summary>The whole configuration, as the door takes it: what this form does not show stays.</summary>
    public JsonElement ToConfiguration()
    {
        var whole = _before.DeepClone().AsObject();
        foreach (var field in Fields.Where(field => !IsKept(field)))
        {
            whole[field.Name] = field.Type == "boolean" ? _values[field.Name] == "true" : _values[field.Name] is { Length: > 0 } typed ? typed : null;
        }

        return JsonSerializer.SerializeToElement(whole);
    }

    private string Shown(Field field) => field.IsSecret ? "" : _before[field.Name] is { } stored ? CefText.Text(JsonSerializer.SerializeToElement(stored)) : field.Default;

    private static List<Field> FieldsOf(AppRow app)
    {
        using var manifest = JsonDocument.Parse(app.Manifest);
        var own = manifest.RootElement.At("configuration") is not { ValueKind: JsonValueKind.Object } configuration
            ? []
            : configuration.EnumerateObject()
                .OrderBy(field => long.TryParse(field.Value.TextAt("order"), out var order) ? order : long.MaxValue)
                .Select(field => new Field(
                    field.Name,
                    field.Value.TextAt("data_type") ?? "string",
                    field.Value.TextAt("required") == "true",
                    field.Value.TextAt("default") ?? "",
                    field.Value.TextAt("description") is { Length: > 0 } says ? says : field.Name,
                    [.. field.Value.ListAt("value_list").Select(CefText.Text)]));
        return [.. own, new Field(AnswerWithin, "numeric", false, "", "Seconds an answer may take, where not as the app says", [])];
    }
}
