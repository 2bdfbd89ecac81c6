using System.Globalization;
using System.Text;

namespace Vedette.Console.Parts;

/// <summary>
/// Text from outside, cut into what is plain and what would act on the screen without being seen: control characters, marks that turn
/// the direction of reading, characters of no width. Those are shown by their number.
/// </summary>
internal static class VisibleText
{
    /// <summary>Plain text as it is; a mark as <c>U+202E</c>.</summary>
    public readonly record struct Piece(string Text, bool IsMark);

    public static IReadOnlyList<Piece> Cut(string text)
    {
        var first = FirstMark(text, 0);
        if (first < 0)
        {
            return [new Piece(text, false)];
        }

        var pieces = new List<Piece>();
        var from = 0;
        for (var at = first; at >= 0; at = FirstMark(text, from))
        {
            if (at > from)
            {
                pieces.Add(new Piece(text[from..at], false));
            }

            var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length ? 2 : 1;
            var number = length == 2 && char.IsLowSurrogate(text[at + 1]) ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
            pieces.Add(new Piece(string.Create(CultureInfo.InvariantCulture, $"U+{number:X4}"), true));
            from = at + length;
        }

        if (from < text.Length)
        {
            pieces.Add(new Piece(text[from..], false));
        }

        return pieces;
    }

    /// <summary>For a name of a host that is not ASCII: the form that is asked for in the network, which tells look-alikes apart. Null where both are one.</summary>
    public static string? AsciiForm(string text)
    {
        if (text.Length is 0 or > 253 || text.All(char.IsAscii) || !text.Contains('.', StringComparison.Ordinal) || text.Any(char.IsWhiteSpace))
        {
            return null;
        }

        try
        {
            return new IdnMapping().GetAscii(text) is { } ascii && ascii != text ? ascii : null;
        }
        catch (ArgumentException)
        {
            // No name of a host.
            return null;
        }
    }

    private static int FirstMark(string text, int from)
    {
        for (var at = from; at < text.Length; at++)
        {
            var character = text[at];
            if (character is >= ' ' and < '\u007f' or '\n' or '\t')
            {
                continue;
            }

            if (character < ' ' || character == '\u007f' || Unseen(Rune.TryGetRuneAt(text, at, out var rune) ? rune : null))
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Half a surrogate counts as well.</summary>
    private static bool Unseen(Rune? rune) => rune is not { } whole
        || Rune.GetUnicodeCategory(whole) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
        || whole.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or (>= 0xE0000 and <= 0xE01EF);
}
