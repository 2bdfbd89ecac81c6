using System.Globalization;
using System.Text.Json;
using Vedette.Model;

namespace Vedette.Sdk;

/// <summary>Reads a manifest from app JSON. Unknown keys are kept and otherwise ignored; what is missing is said with its place.</summary>
public static class ManifestReader
{
    /// <exception cref="FormatException">The JSON is not an app; the message names the key.</exception>
    public static Manifest Read(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var app = document.RootElement.Clone();
        var ours = Object(app, "vedette");
        return new Manifest
        {
            Json = app,
            AppGuid = Guid.TryParse(Text(app, "appid"), out var guid) ? guid : throw new FormatException("The app JSON has no usable appid."),
            Name = Text(app, "name"),
            Version = Text(app, "app_version"),
            Vendor = Text(app, "product_vendor"),
            Product = Text(app, "product_name"),
            Configuration = Members(app, "configuration").Where(m => TypeOf(m.Value) != "ph").Select(Field).ToList(),
            Actions = app.TryGetProperty("actions", out var actions)
                ? actions.EnumerateArray().Select(Action).ToList()
                : throw new FormatException("The app JSON has no actions."),
            AddressSettings = Texts(ours, "address_settings").ToHashSet(StringComparer.Ordinal),
            TargetSettings = Texts(ours, "targets"),
            PublicToo = ours is { } o && o.TryGetProperty("public_too", out var p) && p.GetBoolean(),
            Concurrency = Number(ours, "concurrency") is { } c ? (int)c : 10,
        };
    }

    private static ManifestField Field(JsonProperty member) => new(
        member.Name,
        TypeOf(member.Value),
        Flag(member.Value, "required"),
        member.Value.TryGetProperty("default", out var value) ? value : null,
        TextOr(member.Value, "description", ""));

    private static ManifestAction Action(JsonElement action)
    {
        var name = Text(action, "action");
        var readOnly = Flag(action, "read_only");
        var ours = Object(action, "vedette");
        return new ManifestAction(
            name,
            Text(action, "identifier"),
            TextOr(action, "type", "generic"),
            readOnly,
            TextOr(action, "description", ""),
            Members(action, "parameters").Where(m => TypeOf(m.Value) != "ph").Select(Parameter).ToList(),
            Word(ours, "reach", readOnly ? Reach.Reads : Reach.Changes, name),
            Word(ours, "settling", readOnly ? Settling.Reads : Settling.Unknown, name),
            TimeSpan.FromSeconds(Number(ours, "answer_within_seconds") ?? 30),
            TimeSpan.FromSeconds(Number(ours, "landed_within_seconds") ?? 0));
    }

    private static ManifestParameter Parameter(JsonProperty member) => new(
        member.Name,
        TypeOf(member.Value),
        Flag(member.Value, "required"),
        member.Value.TryGetProperty("default", out var value) ? value : null,
        Texts(member.Value, "contains"),
        Texts(member.Value, "value_list"),
        Flag(member.Value, "allow_list"));

    private static T Word<T>(JsonElement? ours, string key, T otherwise, string action)
        where T : struct, Enum
    {
        if (ours is not { } o || !o.TryGetProperty(key, out var value))
        {
            return otherwise;
        }

        return Enum.TryParse<T>(value.GetString(), ignoreCase: true, out var word)
            ? word
            : throw new FormatException($"Action \"{action}\": vedette.{key} is \"{value}\", which is none of {string.Join(", ", Enum.GetNames<T>())}.");
    }

    private static string TypeOf(JsonElement field) => TextOr(field, "data_type", "string");

    private static string Text(JsonElement of, string key) => of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new FormatException($"The app JSON has no text under \"{key}\".");

    private static string TextOr(JsonElement of, string key, string otherwise) =>
        of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : otherwise;

    private static bool Flag(JsonElement of, string key) => of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.True;

    private static double? Number(JsonElement? of, string key) => of is { } o && o.TryGetProperty(key, out var value)
        ? value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
        : null;

    private static JsonElement? Object(JsonElement of, string key) =>
        of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static IEnumerable<JsonProperty> Members(JsonElement of, string key) =>
        Object(of, key) is { } o ? o.EnumerateObject() : [];

    private static List<string> Texts(JsonElement? of, string key) =>
        of is { } o && o.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Select(item => item.ToString()).ToList()
            : [];
}
