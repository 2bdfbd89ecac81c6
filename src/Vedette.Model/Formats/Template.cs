using System.Globalization;
using System.Text;

namespace Vedette.Model.Formats;

/// <summary>A template taken apart: text, fields, and blocks of both that are repeated.</summary>
internal sealed class Template
{
    private const string Marker = "%%";

    private Template(List<Part> parts) => Parts = parts;

    public List<Part> Parts { get; }

    /// <param name="Field">The parameter to put here; -1 for text.</param>
    internal readonly record struct Piece(string Text, int Field);

    internal sealed record Part(bool Repeated, List<Piece> Pieces);

    public static Template Parse(string template)
    {
        var sections = template.Split(Marker);
        var parts = new List<Part>();
        var automatic = 0;
        for (var at = 0; at < sections.Length; at++)
        {
            var section = sections[at];
            if (at % 2 == 0)
            {
                parts.Add(new(false, Pieces(section, ref automatic)));
            }
            else if (at == sections.Length - 1)
            {
                // A marker without its pair is text.
                parts.Add(new(false, Pieces(Marker + section, ref automatic)));
            }
            else
            {
                parts.Add(new(true, Pieces(WithoutOuterBreaks(section), ref automatic)));
            }
        }
        return new(parts);
    }

    private static string WithoutOuterBreaks(string block)
    {
        var from = block.StartsWith("\r\n", StringComparison.Ordinal) ? 2 : block.StartsWith('\n') ? 1 : 0;
        var to = block.Length;
        if (to > from && block[to - 1] == '\n')
            to -= to - 1 > from && block[to - 2] == '\r' ? 2 : 1;
        return block[from..to];
    }

    private static List<Piece> Pieces(string text, ref int automatic)
    {
        var pieces = new List<Piece>();
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is not ('{' or '}'))
            {
                plain.Append(letter);
            }
            else if (at + 1 < text.Length && text[at + 1] == letter)
            {
                plain.Append(letter);
                at++;
            }
            else if (letter == '{' && Field(text, at + 1, ref automatic) is var (field, end) && field >= 0)
            {
                if (plain.Length > 0)
                    pieces.Add(new(plain.ToString(), -1));
                plain.Clear();
                pieces.Add(new(text[at..(end + 1)], field));
                at = end;
            }
            else
            {
                // Python would refuse a lone brace; a message with one is better than none.
                plain.Append(letter);
            }
        }
        if (plain.Length > 0)
            pieces.Add(new(plain.ToString(), -1));
        return pieces;
    }

    private static (int Field, int End) Field(string text, int from, ref int automatic)
    {
        var end = from;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (end >= text.Length || text[end] != '}' || end - from > 6)
            return (-1, -1);
        return (end == from ? automatic++ : int.Parse(text.AsSpan(from, end - from), CultureInfo.InvariantCulture), end);
    }
}
