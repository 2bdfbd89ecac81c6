namespace Vedette.Server.Rest;

/// <summary>Cells for a spreadsheet.</summary>
internal static class Csv
{
    /// <summary>Quoted where needed; what a spreadsheet would take for a formula gets a quote before it.</summary>
    public static string Cell(string text, string between = ",", string end = "\n")
    {
        var safe = text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return safe.Contains(between, StringComparison.Ordinal) || safe.Contains(end, StringComparison.Ordinal) || safe.Contains('"', StringComparison.Ordinal) || safe.Contains('\n', StringComparison.Ordinal)
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }
}
