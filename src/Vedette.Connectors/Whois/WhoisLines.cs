using System.Text.RegularExpressions;

namespace Vedette.Connectors.Whois;

/// <summary>
/// The pairs of an answer in the three layouts there are: <c>key: value</c>; <c>[Key]  value</c> (.jp, its brackets kept in the key); and
/// <c>Key:</c> with the values indented below it (.uk).
/// </summary>
internal static partial class WhoisLines
{
    public static IEnumerable<(string Key, string Value)> Pairs(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Replace('\r', '\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] is '%' or '#' or '>')
            {
                continue;
            }

            if (Bracketed().Match(line) is { Success: true } bracketed)
            {
                if (bracketed.Groups["value"].Length > 0)
                {
                    yield return ($"[{bracketed.Groups["key"].Value.Trim()}]", bracketed.Groups["value"].Value);
                }

                continue;
            }

            if (!line.EndsWith(':'))
            {
                if (Pair(line) is { } pair)
                {
                    yield return pair;
                }

                continue;
            }

            for (var outer = Indent(lines[i]); i + 1 < lines.Length && lines[i + 1].Trim() is { Length: > 0 } inner && Indent(lines[i + 1]) > outer; i++)
            {
                // A pair of its own within the block, such as "Expiry date: ..." below "Relevant dates:".
                yield return inner.Contains(": ", StringComparison.Ordinal) && Pair(inner) is { } own ? own : (line[..^1].Trim(), inner);
            }
        }
    }

    private static (string Key, string Value)? Pair(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && line[(colon + 1)..].Trim() is { Length: > 0 } value ? (line[..colon].Trim(), value) : null;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^(?:[a-z]\.\s*)?\[(?<key>[^\]]+)\]\s*(?<value>.*)$")]
    private static partial Regex Bracketed();
}
