using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Apps;

/// <summary>What a row keeps of an asset's settings, and how it is shown and opened.</summary>
internal static class AssetSecrets
{
    public static IReadOnlyDictionary<string, string> Of(AssetRow row) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(row.Secrets) ?? [];

    public static JsonObject Plain(AssetRow row) => JsonNode.Parse(row.Configuration)!.AsObject();

    public static JsonObject Masked(AssetRow row, Manifest? manifest)
    {
        var shown = Plain(row);

        // A setting that became a secret in a newer version of the app may still stand there plain.
        foreach (var field in manifest?.Configuration.Where(f => f.Secret) ?? [])
        {
            shown.Remove(field.Name);
        }

        foreach (var (field, sealedText) in Of(row))
        {
            shown[field] = SecretSeal.Mask(sealedText);
        }

        return shown;
    }

    public static Outcome<AssetSettings> Open(AssetRow row, Manifest manifest, SecretSeal seal)
    {
        var values = Plain(row);
        var digest = SettingsForm.AddressDigest(manifest, values);
        foreach (var (field, sealedText) in Of(row))
        {
            if (seal.Open(sealedText, new SealedFor(row.Id, field, digest).Bytes()) is not { } secret)
            {
                return new Refusal(
                    RefusalKind.Invalid,
                    "secret_does_not_open",
                    $"Asset \"{row.Name}\": the secret \"{field}\" was not entered for these settings, or its key is not here: enter it again.");
            }

            values[field] = secret;
        }

        foreach (var field in manifest.Configuration)
        {
            if (SettingsForm.InForce(field, values) is { } value)
            {
                values[field.Name] = value;
            }
            else if (field.Required)
            {
                return new Refusal(RefusalKind.Invalid, "setting_missing", $"Asset \"{row.Name}\": \"{field.Name}\" has to be entered.");
            }
        }

        return new AssetSettings(new AssetId(row.Id), row.Name, JsonSerializer.SerializeToElement(values));
    }

    /// <summary>The hosts that the settings name: a URL's host, or the text itself without a port.</summary>
    public static WayOutScope Scope(AssetRow row, Manifest manifest)
    {
        var values = Plain(row);
        var targets = manifest.Configuration
            .Where(f => !f.Secret && manifest.TargetSettings.Contains(f.Name))
            .Select(f => SettingsForm.InForce(f, values))
            .OfType<JsonValue>()
            .Select(value => Target(value.ToString().Trim()))
            .Where(target => target.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        return new WayOutScope(row.Name, targets, manifest.PublicToo);
    }

    /// <summary>The host, and the port where the setting says one.</summary>
    private static string Target(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var url) ? WithPort(url) : "";
        }

        // A bare IPv6 address has colons of its own.
        return System.Net.IPAddress.TryParse(text, out var address) && text.Count(c => c == ':') != 1 ? address.ToString()
            : Uri.TryCreate($"any://{text}", UriKind.Absolute, out var bare) ? WithPort(bare)
            : "";
    }

    private static string WithPort(Uri url)
    {
        var host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        return url.Port > 0 ? $"{host}:{url.Port}" : host;
    }
}
