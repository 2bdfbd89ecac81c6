using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Sdk;

namespace Vedette.Engine.Apps;

/// <summary>Settings of an asset as somebody posts them, read by the manifest. Faults name fields and never values.</summary>
/// <param name="Plain">What is not secret, in the field's own type.</param>
/// <param name="Entered">Secrets as they were typed.</param>
/// <param name="Masks">Secrets that came back as masks.</param>
internal sealed record SettingsForm(
    JsonObject Plain,
    IReadOnlyDictionary<string, string> Entered,
    IReadOnlyDictionary<string, string> Masks,
    IReadOnlyList<string> Faults)
{
    /// <summary>Settings of the platform beside the app's own.</summary>
    public const string Ingest = "ingest";

    public static SettingsForm Read(Manifest manifest, JsonElement posted)
    {
        JsonObject plain = [];
        Dictionary<string, string> entered = new(StringComparer.Ordinal);
        Dictionary<string, string> masks = new(StringComparer.Ordinal);
        List<string> faults = [];
        if (posted.ValueKind != JsonValueKind.Object)
        {
            return new SettingsForm(plain, entered, masks, ["\"configuration\" is no JSON object"]);
        }

        foreach (var field in manifest.Configuration)
        {
            var value = posted.TryGetProperty(field.Name, out var found) && !IsNothing(found) ? found : (JsonElement?)null;
            if (value is null)
            {
                if (field.Required && (field.Default is not { } otherwise || IsNothing(otherwise)))
                {
                    faults.Add($"\"{field.Name}\" is required");
                }
            }
            else if (Typed(field, value.Value) is not { } typed)
            {
                faults.Add($"\"{field.Name}\" is not of type {field.Type}");
            }
            else if (!field.Secret)
            {
                if (typed.TryGetValue<string>(out var address) && Uri.TryCreate(address, UriKind.Absolute, out var url) && url.UserInfo.Length > 0)
                {
                    // It would be stored, shown and sent as an address.
                    faults.Add($"\"{field.Name}\" has a user name or password in its address: enter them in their own fields");
                }

                plain[field.Name] = typed;
            }
            else
            {
                var text = typed.GetValue<string>();
                (text.StartsWith(SecretSeal.MaskStart, StringComparison.Ordinal) ? masks : entered)[field.Name] = text;
            }
        }

        if (posted.TryGetProperty(Ingest, out var ingest) && ingest.ValueKind == JsonValueKind.Object)
        {
            plain[Ingest] = JsonObject.Create(ingest);
        }

        PlatformSettings.Read(posted, plain, faults);
        return new SettingsForm(plain, entered, masks, faults);
    }

    public static TimeSpan? AnswerWithinOf(AssetRow asset) => PlatformSettings.Number(JsonNode.Parse(asset.Configuration)!.AsObject(), PlatformSettings.AnswerWithin) is { } seconds
        ? TimeSpan.FromSeconds(seconds)
        : null;

    /// <summary>The value in force: the asset's, or the manifest's default; null when there is neither.</summary>
    public static JsonNode? InForce(ManifestField field, JsonObject configuration) =>
        configuration.TryGetPropertyValue(field.Name, out var own) && own is not null ? own.DeepClone()
        : field.Default is { } otherwise && !IsNothing(otherwise) ? Typed(field, otherwise)
        : null;

    /// <summary>
    /// A digest of the settings that say where secrets go, as in force: a new default in a newer version of the app moves it as well.
    /// </summary>
    public static string AddressDigest(Manifest manifest, JsonObject configuration)
    {
        JsonArray settings = [];
        foreach (var (name, value) in Address(manifest, configuration))
        {
            settings.Add((JsonNode?)JsonValue.Create(name));
            settings.Add(value?.DeepClone());
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(settings.ToJsonString())));
    }

    /// <summary>The settings that say where secrets go and whether the other side is checked, as in force: for the record, so that a check switched off stands there.</summary>
    public static JsonObject Address(Manifest manifest, JsonObject configuration) => new(manifest.Configuration
        .Where(field => !field.Secret && (manifest.AddressSettings.Contains(field.Name) || manifest.TargetSettings.Contains(field.Name)))
        .OrderBy(field => field.Name, StringComparer.Ordinal)
        .Select(field => KeyValuePair.Create(field.Name, InForce(field, configuration))));

    private static bool IsNothing(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0);

    // Forms and old clients send numbers and yes-or-no as text; they are stored as what they are.
    private static JsonValue? Typed(ManifestField field, JsonElement value) => (field.Type, value.ValueKind) switch
    {
        ("numeric", JsonValueKind.Number) => JsonValue.Create(value),
        ("numeric", JsonValueKind.String) => decimal.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : null,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => JsonValue.Create(value.GetBoolean()),
        ("boolean", JsonValueKind.String) => bool.TryParse(value.GetString(), out var flag) ? JsonValue.Create(flag) : null,
        ("numeric" or "boolean", _) => null,
        (_, JsonValueKind.String) => JsonValue.Create(value.GetString()!),
        _ => null,
    };
}
