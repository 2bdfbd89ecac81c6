namespace Vedette.Console.Playbooks;

/// <summary>Python text cut into what is coloured: it marks, and understands no more than that takes.</summary>
internal static class CodeText
{
    private static readonly HashSet<string> Keywords = new(
        "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False print".Split(' '), StringComparer.Ordinal);

    /// <param name="Kind"><c>k</c> keyword, <c>s</c> text, <c>n</c> number, <c>f</c> a name that is called or defined, <c>c</c> comment, a blank for the rest.</param>
    public readonly record struct Piece(string Text, char Kind);

    public static IReadOnlyList<IReadOnlyList<Piece>> Lines(string source)
    {
        var lines = new List<IReadOnlyList<Piece>>();
        string? open = null;
        foreach (var line in source.Split('\n'))
        {
            lines.Add(Line(line.TrimEnd('\r'), ref open));
        }

        return lines;
    }

    private static List<Piece> Line(string line, ref string? open)
    {
        var pieces = new List<Piece>();
        var at = 0;
        while (at < line.Length)
        {
            var start = at;
            var kind = ' ';
            if (open is not null)
            {
                at = EndOfText(line, at, ref open);
                kind = 's';
            }
            else if (line[at] == '#')
            {
                at = line.Length;
                kind = 'c';
            }
            else if (line[at] is '"' or '\'')
            {
                var quote = line[at];
                open = string.CompareOrdinal(line, at, new string(quote, 3), 0, 3) == 0 ? new string(quote, 3) : quote.ToString();
                at = EndOfText(line, at + open.Length, ref open);
                kind = 's';
            }
            else if (char.IsAsciiDigit(line[at]))
            {
                at = While(line, at, next => char.IsAsciiLetterOrDigit(next) || next is '.' or '_');
                kind = 'n';
            }
            else if (char.IsLetter(line[at]) || line[at] == '_')
            {
                at = While(line, at, next => char.IsLetterOrDigit(next) || next == '_');
                kind = Keywords.Contains(line[start..at]) ? 'k' : at < line.Length && line[at] == '(' ? 'f' : ' ';
            }
            else
            {
                at = While(line, at, next => !char.IsLetterOrDigit(next) && next is not ('_' or '"' or '\'' or '#'));
            }

            pieces.Add(new Piece(line[start..at], kind));
        }

        // A text in single quotes ends with its line, unless the line says that it goes on.
        if (open is { Length: 1 } && !line.EndsWith('\\'))
        {
            open = null;
        }

        return pieces;
    }

    private static int EndOfText(string line, int at, ref string? open)
    {
        while (at < line.Length)
        {
            if (line[at] == '\\')
            {
                at += 2;
            }
            else if (string.CompareOrdinal(line, at, open, 0, open!.Length) == 0)
            {
                at += open.Length;
                open = null;
                return at;
            }
            else
            {
                at++;
            }
        }

        return line.Length;
    }

    private static int While(string line, int at, Func<char, bool> goes)
    {
        do
        {
            at++;
        }
        while (at < line.Length && goes(line[at]));
        return at;
    }
}
