using System.Globalization;
using System.Text;

namespace Vedette.Terminal;

/// <summary>Text from outside for a terminal (T01): what would move the cursor, turn the direction or hide itself is spelt out.</summary>
static class SafeText
{
    private const int Limit = 400;

    internal static string Of(string? text)
    {
        var safe = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (safe.Length >= Limit)
            {
                return safe.Append('…').ToString();
            }

            if (IsHidden(rune))
            {
                safe.Append(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>");
            }
            else
            {
                safe.Append(rune.ToString());
            }
        }

        return safe.ToString();
    }

    /// <summary>Controls, direction and zero-width marks, line and paragraph ends, odd spaces, unpaired halves.</summary>
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.SpaceSeparator => rune.Value != ' ',
        // Invisible though they count as marks or letters: joiners, fillers, variation selectors.
        _ => rune.Value is 0x034F or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0xFFFD or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF),
    };
}
