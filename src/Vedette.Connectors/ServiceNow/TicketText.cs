using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.ServiceNow;

/// <summary>Text on its way into a record.</summary>
internal static partial class TicketText
{
    /// <summary>ServiceNow renders what stands between these marks as HTML; written with round brackets they are just text.</summary>
    public static string Neutral(string text) => CodeMark().Replace(text, "($1code)");

    /// <summary>The escapes that playbooks write: \n, \r, \t, \\, \", \uXXXX. Anything else stays as it is.</summary>
    public static string Unescaped(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var next = text[i] == '\\' && i + 1 < text.Length ? text[i + 1] : '\0';
            if (next == 'u' && i + 6 <= text.Length
                && ushort.TryParse(text.AsSpan(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                plain.Append((char)code);
                i += 5;
                continue;
            }

            var meant = next switch { 'n' => "\n", 'r' => "\r", 't' => "\t", '\\' => "\\", '"' => "\"", _ => null };
            plain.Append(meant ?? text[i].ToString());
            i += meant is null ? 0 : 1;
        }

        return plain.ToString();
    }

    /// <summary>The <c>fields</c> parameter as an object with neutral texts; empty when it is not given.</summary>
    public static JsonObject Fields(ActionCall call)
    {
        if (call.Text("fields") is not { Length: > 0 } text)
        {
            return [];
        }

        JsonNode? parsed;
        try
        {
            parsed = JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new CallException(
                new Fault(FaultKind.BadInput),
                $"Error building fields dictionary: {e.Message} Please ensure that provided input is in valid JSON format",
                e);
        }

        var given = parsed as JsonObject ?? throw CallException.BadInput("Unable to parse the fields parameter into a dictionary");
        JsonObject fields = [];
        foreach (var (name, value) in given)
        {
            fields[name] = value is JsonValue v && v.TryGetValue<string>(out var words) ? Neutral(words) : value?.DeepClone();
        }

        return fields;
    }

    [GeneratedRegex(@"\[\s*(/?)\s*code\s*\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CodeMark();
}
