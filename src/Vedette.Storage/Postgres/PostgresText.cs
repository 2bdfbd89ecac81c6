using System.Text;

namespace Vedette.Storage.Postgres;

/// <summary>
/// Text as PostgreSQL can keep it. It knows no NUL, which is written as U+FDD0 U+FDD1, two signs that Unicode keeps for a program's own use; the
/// first of them, should it ever come from outside, as U+FDD0 U+FDD2. Half a surrogate pair is no sign at all and becomes U+FFFD, as on SQLite.
/// Values and what they are compared with are both written so.
/// </summary>
internal static class PostgresText
{
    private const char Escape = '\uFDD0';
    private const char Nul = '\uFDD1';
    private const char Itself = '\uFDD2';

    public static string Write(string text)
    {
        if (!text.AsSpan().ContainsAny('\0', Escape) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return text;
        var written = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case 0: written.Append(Escape).Append(Nul); break;
                case Escape: written.Append(Escape).Append(Itself); break;
                default: written.Append(rune); break;
            }
        }

        return written.ToString();
    }

    public static string Read(string text)
    {
        if (!text.Contains(Escape, StringComparison.Ordinal))
            return text;
        return text.Replace($"{Escape}{Nul}", "\0", StringComparison.Ordinal).Replace($"{Escape}{Itself}", $"{Escape}", StringComparison.Ordinal);
    }
}
