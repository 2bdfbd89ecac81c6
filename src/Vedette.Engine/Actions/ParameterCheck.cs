using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Sdk;

namespace Vedette.Engine.Actions;

/// <summary>Checks a parameter set against the manifest and makes of it what the connector gets.</summary>
internal static class ParameterCheck
{
    /// <returns>The parameters with defaults, without <c>context</c> and without empty values; or a sentence on what is wrong.</returns>
    public static (JsonElement Parameters, string? Fault) Check(ManifestAction action, JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object)
        {
            return (default, $"The parameters of \"{action.Name}\" are not an object but {given.ValueKind}.");
        }

        var kept = new JsonObject();
        foreach (var parameter in action.Parameters)
        {
            var value = given.TryGetProperty(parameter.Name, out var v) && !IsEmpty(v) ? v : parameter.Default is { } d && !IsEmpty(d) ? d : (JsonElement?)null;
            if (value is null)
            {
                if (parameter.Required)
                {
                    return (default, $"Parameter '{parameter.Name}' of \"{action.Name}\" is missing. {LeftOut(action, given)}".TrimEnd());
                }

                continue;
            }

            if (Fault(parameter, value.Value) is { } fault)
            {
                return (default, fault);
            }

            kept[parameter.Name] = JsonNode.Parse(value.Value.GetRawText());
        }

        return (JsonSerializer.SerializeToElement(kept), null);
    }

    /// <summary>
    /// A sentence about parameters that the action does not know, or null. They are left out and no failure: a playbook may be written for
    /// another version of the app.
    /// </summary>
    public static string? LeftOut(ManifestAction action, JsonElement given)
    {
        // The platform of the field adds a context to each parameter set.
        var unknown = given.EnumerateObject().Select(one => one.Name).Where(name => name != "context" && action.Parameters.All(parameter => parameter.Name != name)).ToList();
        return unknown.Count == 0
            ? null
            : $"\"{action.Name}\" has no parameter {string.Join(", ", unknown.Take(5).Select(name => $"'{Shown(name).Trim('"')}'"))}, which was left out; it takes: {string.Join(", ", action.Parameters.Select(parameter => parameter.Name))}.";
    }

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.String && value.ValueEquals(""));

    private static string? Fault(ManifestParameter parameter, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        switch (parameter.Type)
        {
            case "numeric" when !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _):
                return $"Parameter '{parameter.Name}' takes a number, not {Shown(text)}.";
            case "boolean" when !bool.TryParse(text, out _):
                return $"Parameter '{parameter.Name}' takes true or false, not {Shown(text)}.";
            case "string" when value.ValueKind is JsonValueKind.Object or JsonValueKind.Array:
                return $"Parameter '{parameter.Name}' takes text, not {value.ValueKind.ToString().ToLowerInvariant()}.";
            default:
                break;
        }

        if (!parameter.Contains.Contains("ip") && !parameter.Contains.Contains("ipv6"))
        {
            return null;
        }

        // Another type of the field beside the address (a host name, say) leaves the text free.
        if (parameter.Contains.Any(type => type is not ("ip" or "ipv6")))
        {
            return null;
        }

        var parts = parameter.AllowList ? text.Split(',', StringSplitOptions.TrimEntries) : [text];
        return parts.All(part => IPAddress.TryParse(part, out var address)
                && (address.AddressFamily == AddressFamily.InterNetwork ? part.Count(c => c == '.') == 3 : parameter.Contains.Contains("ipv6")))
            ? null
            : $"Parameter '{parameter.Name}' failed validation";
    }

    private static string Shown(string text) => text.Length <= 80 ? $"\"{text}\"" : $"\"{text[..80]}…\"";
}
