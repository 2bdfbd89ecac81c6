using System.Globalization;
using System.Text;

namespace Vedette.Server.Rest.Queries;

/// <summary>Reads the value of a filter: a literal as Python or JSON writes it, and a bare word as text.</summary>
internal static class Literals
{
    private const int Longest = 100_000;

    /// <summary>Text, whole number, number, truth value, null, or a list of these.</summary>
    public static object? Read(string text)
    {
        if (text.Length > Longest)
        {
            throw new BadQueryException($"A filter has {text.Length} characters; {Longest} are allowed.");
        }

        var trimmed = text.Trim();
        var at = 0;
        var value = Value(trimmed, ref at, 0, out var known);
        Skip(trimmed, ref at);
        return known && at == trimmed.Length ? value : Bare(trimmed);
    }

    /// <summary>As a list: <c>1,2,3</c> without brackets is one too.</summary>
    public static IReadOnlyList<object?> ReadList(string text) => Read(text) switch
    {
        IReadOnlyList<object?> list => list,
        string bare when bare.Contains(',', StringComparison.Ordinal) && !text.TrimStart().StartsWith('"') && !text.TrimStart().StartsWith('\'') => [.. bare.Split(',').Select(part => Read(part))],
        var one => [one],
    };

    private static object? Value(string text, ref int at, int depth, out bool known)
    {
        Skip(text, ref at);
        known = true;
        if (at >= text.Length)
        {
            known = false;
            return null;
        }

        switch (text[at])
        {
            case '"' or '\'':
                return Quoted(text, ref at, out known);
            case '[' or '(':
                if (depth > 4)
                {
                    throw new BadQueryException("A filter is nested too deeply.");
                }

                return List(text, ref at, depth, out known);
            default:
                var start = at;
                while (at < text.Length && text[at] is not (',' or ']' or ')'))
                {
                    at++;
                }

                return depth == 0 && at < text.Length ? Unknown(out known) : Bare(text[start..at].Trim());
        }
    }

    private static object? Unknown(out bool known)
    {
        known = false;
        return null;
    }

    private static List<object?>? List(string text, ref int at, int depth, out bool known)
    {
        var close = text[at] == '[' ? ']' : ')';
        at++;
        var items = new List<object?>();
        known = false;
        while (true)
        {
            Skip(text, ref at);
            if (at >= text.Length)
            {
                return null;
            }

            if (text[at] == close)
            {
                at++;
                known = true;
                return items;
            }

            items.Add(Value(text, ref at, depth + 1, out var fine));
            Skip(text, ref at);
            if (!fine || at >= text.Length || (text[at] != ',' && text[at] != close))
            {
                return null;
            }

            if (text[at] == ',')
            {
                at++;
            }
        }
    }

    private static string? Quoted(string text, ref int at, out bool known)
    {
        var quote = text[at++];
        var value = new StringBuilder();
        known = false;
        while (at < text.Length)
        {
            var letter = text[at++];
            if (letter == quote)
            {
                known = true;
                return value.ToString();
            }

            if (letter == '\\' && at < text.Length)
            {
                Escape(text, ref at, value);
                continue;
            }

            value.Append(letter);
        }

        return null;
    }

    private static void Escape(string text, ref int at, StringBuilder value)
    {
        var letter = text[at++];
        switch (letter)
        {
            case 'n':
                value.Append('\n');
                break;
            case 't':
                value.Append('\t');
                break;
            case 'r':
                value.Append('\r');
                break;
            case '"' or '\'' or '\\':
                value.Append(letter);
                break;
            case 'u' when at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code):
                value.Append((char)code);
                at += 4;
                break;
            default:
                // As Python does: a backslash that escapes nothing stays, which is what patterns rely on.
                value.Append('\\').Append(letter);
                break;
        }
    }

    private static object? Bare(string word) => word switch
    {
        "True" or "true" => true,
        "False" or "false" => false,
        "None" or "null" => null,
        _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ when double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => word,
    };

    private static void Skip(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }
}

/// <summary>A query that cannot be understood; the sentence goes to the sender as 400.</summary>
public sealed class BadQueryException : Exception
{
    public BadQueryException()
    {
    }

    public BadQueryException(string message)
        : base(message)
    {
    }

    public BadQueryException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
