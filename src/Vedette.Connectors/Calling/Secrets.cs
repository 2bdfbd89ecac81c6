using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Sdk;

namespace Vedette.Connectors.Calling;

/// <summary>
/// Takes the asset's secrets out of what the other system said: some systems echo headers and addresses in their error pages. Each
/// secret is looked for as it is, in base64, and escaped for URLs and JSON.
/// </summary>
internal sealed class Secrets
{
    private const string Mask = "[hidden]";

    /// <summary>Shorter ones would be found in ordinary words; hiding those would tell more than it hides.</summary>
    private const int Shortest = 4;

    private readonly List<string> _needles = [];

    public Secrets(Manifest manifest, AssetSettings asset)
    {
        foreach (var field in manifest.Configuration.Where(f => f.Secret))
        {
            Add(asset.Text(field.Name));
            if (asset.Text("username") is { } user && asset.Text(field.Name) is { } secret)
            {
                Add(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));
            }
        }
    }

    /// <summary>Also hides a secret that came about during the call, such as a session key.</summary>
    public void Add(string? secret)
    {
        if (secret is null || secret.Length < Shortest)
        {
            return;
        }

        string[] forms =
        [
            secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), Uri.EscapeDataString(secret),
            Uri.EscapeDataString(secret).Replace("%20", "+", StringComparison.Ordinal), JsonEncodedText.Encode(secret).ToString(),
        ];
        _needles.AddRange(forms.Where(form => !_needles.Contains(form)));
        _needles.Sort(static (a, b) => b.Length.CompareTo(a.Length));
    }

    public string HideIn(string text)
    {
        foreach (var needle in _needles)
        {
            text = text.Replace(needle, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    public ActionAnswer HideIn(ActionAnswer answer)
    {
        HideIn((JsonNode)answer.Data);
        HideIn(answer.Summary);
        return answer with { Message = HideIn(answer.Message) };
    }

    private void HideIn(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Hidden(items[i]) is { } shown)
                    {
                        items[i] = shown;
                    }
                    else
                    {
                        HideIn(items[i]);
                    }
                }

                break;
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    if (HideIn(name) is var key && key != name)
                    {
                        members.Remove(name);
                        members[key] = Hidden(value) ?? value?.DeepClone();
                        HideIn(members[key]);
                    }
                    else if (Hidden(value) is { } shown)
                    {
                        members[name] = shown;
                    }
                    else
                    {
                        HideIn(value);
                    }
                }

                break;
            default:
                break;
        }
    }

    /// <summary>The text with its secrets hidden, or null where there is none to hide.</summary>
    private string? Hidden(JsonNode? value)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
        {
            return null;
        }

        var text = value.GetValue<string>();
        var shown = HideIn(text);
        return ReferenceEquals(shown, text) || shown == text ? null : shown;
    }
}
