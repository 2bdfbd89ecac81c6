using System.Globalization;
using System.Net;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Vedette.Terminal;

/// <summary>What a terminal would show, as an SVG: a dark window, a line of text for each line.</summary>
static class SvgPicture
{
    private const int Columns = 110;
    private const double CellWidth = 8.4;
    private const int LineHeight = 20;
    private const int Margin = 16;
    private const int Bar = 32;

    internal static string Of(IRenderable shown, string command)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor, Out = new AnsiConsoleOutput(TextWriter.Null) });
        console.Profile.Width = Columns;
        console.Profile.Capabilities.Unicode = true;
        var lines = Segment.SplitLines(shown.GetSegments(console), Columns);
        var (width, height) = ((Columns * CellWidth) + (2 * Margin), Bar + ((lines.Count + 2) * LineHeight) + Margin);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0} {height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" role="img" aria-label="A run of {command} in a terminal">
            <rect width="100%" height="100%" rx="8" fill="#16181d"/>
            <circle cx="20" cy="16" r="5" fill="#4a4f5a"/><circle cx="38" cy="16" r="5" fill="#4a4f5a"/><circle cx="56" cy="16" r="5" fill="#4a4f5a"/>

            """);
        Line(svg, 0, [("$ ", "#8a91a0", false), (command, "#e6e8ec", true)]);
        foreach (var (at, line) in lines.Index())
        {
            Line(svg, at + 2, line.Select(segment => (segment.Text, Colour(segment.Style), segment.Style.Decoration.HasFlag(Decoration.Bold))));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Line(StringBuilder svg, int at, IEnumerable<(string Text, string Colour, bool Bold)> parts)
    {
        // Each part has its place, so that a font with other widths does not move the columns.
        var column = 0;
        svg.Append(CultureInfo.InvariantCulture, $"<text y=\"{Bar + ((at + 1) * LineHeight)}\" xml:space=\"preserve\">");
        foreach (var (text, colour, bold) in parts)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<tspan x=\"{Margin + (column * CellWidth):0.#}\" fill=\"{colour}\"{(bold ? " font-weight=\"bold\"" : "")}>{WebUtility.HtmlEncode(text)}</tspan>");
            column += text.Length;
        }

        svg.Append("</text>\n");
    }

    private static string Colour(Style style) => style.Foreground == Color.Green ? "#6cc070"
        : style.Foreground == Color.Red ? "#e5645f"
        : style.Foreground == Color.Grey ? "#9aa1ae"
        : "#e6e8ec";
}
