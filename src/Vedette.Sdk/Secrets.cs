using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Sdk;

/// <summary>
/// The secrets of one call, and the one place that takes them out of what the other system said: some echo headers, addresses and forms in
/// their errors. Each is looked for as it is, in base64 at any place of a longer text, and escaped for URLs, JSON and HTML. The platform
/// hides in every answer, log and progress of every connector; a connector only adds what came about during the call.
/// </summary>
public sealed class Secrets
{
    private const string Mask = "[hidden]";

    /// <summary>Shorter ones would be found in ordinary words; hiding those would tell more than it hides.</summary>
    private const int Shortest = 4;

    /// <summary>What a connector puts where it cut a text: the secret before it may be half.</summary>
    private const string Cut = "...";

    private static readonly byte[] MaskBytes = Encoding.UTF8.GetBytes(Mask);

    private readonly List<string> _needles = [];
    private int _shortest = int.MaxValue;
    private readonly List<byte[]> _bytes = [];

    /// <summary>None yet.</summary>
    public Secrets()
    {
    }

    public Secrets(Manifest manifest, AssetSettings asset) => Add(manifest, asset);

    /// <summary>Hides what the manifest calls a secret of the asset.</summary>
    public void Add(Manifest manifest, AssetSettings asset)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(asset);
        foreach (var field in manifest.Configuration.Where(f => f.Secret))
        {
            Add(asset.Text(field.Name));
            if (asset.Text("username") is { } user && asset.Text(field.Name) is { } secret)
            {
                Add($"{user}:{secret}");
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

        foreach (var form in Forms(secret).Where(form => form.Length >= Shortest && !_needles.Contains(form)).ToList())
        {
            _needles.Add(form);
            _shortest = Math.Min(_shortest, form.Length);
            if (!MayBeJson(form))
            {
                _bytes.Add(Encoding.UTF8.GetBytes(form));
            }
        }

        // The longest first: what is left of a form must not be half another one.
        _needles.Sort(static (a, b) => b.Length.CompareTo(a.Length));
        _bytes.Sort(static (a, b) => b.Length.CompareTo(a.Length));
    }

    public string HideIn(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // Most texts of an answer are names and words that no secret fits into.
        if (text.Length < _shortest && !text.EndsWith(Cut, StringComparison.Ordinal))
        {
            return text;
        }

        foreach (var needle in _needles)
        {
            text = text.Replace(needle, Mask, StringComparison.Ordinal);
        }

        return text.EndsWith(Cut, StringComparison.Ordinal) ? HideCut(text) : text;
    }

    /// <summary>The bytes of an answer, before anybody cuts them: the same array when there is nothing to hide.</summary>
    public byte[] HideIn(byte[] body)
    {
        ArgumentNullException.ThrowIfNull(body);
        foreach (var needle in _bytes)
        {
            body = Replaced(body, needle);
        }

        return body;
    }

    public ActionAnswer HideIn(ActionAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        HideIn((JsonNode)answer.Data);
        HideIn(answer.Summary);
        HideIn(answer.WayBack?.Parameters);
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

    private static IEnumerable<string> Forms(string secret)
    {
        var url = Uri.EscapeDataString(secret);
        return
        [
            secret, url, url.Replace("%20", "+", StringComparison.Ordinal), WebUtility.UrlEncode(secret), LowerHex(url), LowerHex(WebUtility.UrlEncode(secret)),
            JsonEncodedText.Encode(secret).ToString(), JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString(),
            WebUtility.HtmlEncode(secret), .. Base64(Encoding.UTF8.GetBytes(secret)),
        ];
    }

    private static string LowerHex(string escaped) => string.Create(escaped.Length, escaped, static (span, text) =>
    {
        text.CopyTo(span);
        for (var i = 0; i < span.Length; i++)
        {
            if ((i > 0 && text[i - 1] == '%') || (i > 1 && text[i - 2] == '%'))
            {
                span[i] = char.ToLowerInvariant(span[i]);
            }
        }
    });

    /// <summary>Whole, and the part that is the same wherever in a longer text it stands: three bytes are four signs, so there are three places.</summary>
    private static IEnumerable<string> Base64(byte[] secret)
    {
        yield return Convert.ToBase64String(secret);
        for (var before = 0; before < 3; before++)
        {
            var whole = Convert.ToBase64String([.. new byte[before], .. secret]).TrimEnd('=');
            var (first, after) = (before == 0 ? 0 : before + 1, (before + secret.Length) % 3);
            var part = whole[first..(whole.Length - (after == 0 ? 0 : 1))];
            if (part.Length >= 2 * Shortest)
            {
                yield return part;
                yield return part.Replace('+', '-').Replace('/', '_');
            }
        }
    }

    /// <summary>A number or a word of JSON stands there without quotes as well, and hiding it would break the whole answer.</summary>
    private static bool MayBeJson(string form) => form.Length < 6 || form.All(c => char.IsAsciiDigit(c) || c is '.' or '-' or '+' or 'e' or 'E');

    private string HideCut(string text)
    {
        var kept = text.AsSpan(0, text.Length - Cut.Length);
        foreach (var needle in _needles)
        {
            for (var length = Math.Min(needle.Length - 1, kept.Length); length >= Shortest; length--)
            {
                if (kept.EndsWith(needle.AsSpan(0, length), StringComparison.Ordinal))
                {
                    return string.Concat(kept[..^length], Mask, Cut);
                }
            }
        }

        return text;
    }

    private static byte[] Replaced(byte[] body, byte[] needle)
    {
        var at = body.AsSpan().IndexOf(needle);
        if (at < 0)
        {
            return body;
        }

        using var shown = new MemoryStream(body.Length);
        var rest = body.AsSpan();
        while (at >= 0)
        {
            shown.Write(rest[..at]);
            shown.Write(MaskBytes);
            rest = rest[(at + needle.Length)..];
            at = rest.IndexOf(needle);
        }

        shown.Write(rest);
        return shown.ToArray();
    }
}
