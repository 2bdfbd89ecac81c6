using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Sdk;

/// <summary>
/// The sentence that a successful result without a message gets: <c>Total events: 2, Sid: 16.1</c>, with values as Python prints them,
/// since playbooks and people have read them so for years.
/// </summary>
public static class AutomaticMessage
{
    public static string From(JsonObject summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return string.Join(", ", summary.Select(pair => $"{Capital(pair.Key)}: {Printed(pair.Value, quoted: false)}"));
    }

    private static string Capital(string key)
    {
        var words = key.Replace('_', ' ');
        return words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..].ToLowerInvariant();
    }

    private static string Printed(JsonNode? value, bool quoted) => value switch
    {
        null => "None",
        JsonArray items => $"[{string.Join(", ", items.Select(item => Printed(item, quoted: true)))}]",
        JsonObject members => $"{{{string.Join(", ", members.Select(m => $"{Quoted(m.Key)}: {Printed(m.Value, quoted: true)}"))}}}",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            JsonValueKind.Null => "None",
            JsonValueKind.String => quoted ? Quoted(value.GetValue<string>()) : value.GetValue<string>(),
            _ => value.ToJsonString(),
        },
    };

    private static string Quoted(string text)
    {
        var mark = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var printed = new StringBuilder().Append(mark);
        foreach (var c in text)
        {
            printed.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == mark => $"\\{c}",
                _ when char.IsControl(c) => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => c.ToString(),
            });
        }

        return printed.Append(mark).ToString();
    }
}
