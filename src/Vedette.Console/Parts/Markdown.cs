using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Vedette.Console.Parts;

/// <summary>
/// Notes as they are meant to be read: headings, lists, emphasis, code, links. Built as elements, never as markup, so HTML in a note is
/// text like any other; links lead to http, https and mailto alone and say where they lead; pictures are links.
/// </summary>
public sealed partial class Markdown : ComponentBase
{
    private const int MostLines = 2_000;

    [Parameter, EditorRequired]
    public string? Text { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var lines = (Text ?? "").ReplaceLineEndings("\n").Split('\n', MostLines + 1);
        var at = 0;
        while (at < Math.Min(lines.Length, MostLines))
        {
            var line = lines[at];
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.FindIndex(lines, at + 1, other => other.StartsWith("```", StringComparison.Ordinal));
                end = end < 0 ? lines.Length : end;
                Element(builder, "pre", () => Plain(builder, string.Join('\n', lines[(at + 1)..Math.Min(end, lines.Length)])));
                at = end + 1;
            }
            else if (HeadingLine().Match(line) is { Success: true } heading)
            {
                Element(builder, "h4", () => Inline(builder, heading.Groups[1].Value));
                at++;
            }
            else if (ItemLine().IsMatch(line))
            {
                builder.OpenElement(0, "ul");
                for (; at < lines.Length && ItemLine().Match(lines[at]) is { Success: true } item; at++)
                {
                    Element(builder, "li", () => Inline(builder, item.Groups[1].Value));
                }

                builder.CloseElement();
            }
            else if (line.Trim().Length == 0)
            {
                at++;
            }
            else
            {
                builder.OpenElement(0, "p");
                for (var first = true; at < lines.Length && lines[at].Trim().Length > 0 && !ItemLine().IsMatch(lines[at]) && !HeadingLine().IsMatch(lines[at]) && !lines[at].StartsWith("```", StringComparison.Ordinal); at++, first = false)
                {
                    if (!first)
                    {
                        Element(builder, "br", () => { });
                    }

                    Inline(builder, lines[at]);
                }

                builder.CloseElement();
            }
        }
    }

    private static void Inline(RenderTreeBuilder builder, string text)
    {
        var from = 0;
        foreach (Match match in Marks().Matches(text))
        {
            Plain(builder, text[from..match.Index]);
            from = match.Index + match.Length;
            if (match.Groups["code"].Success)
            {
                Element(builder, "code", () => Plain(builder, match.Groups["code"].Value));
            }
            else if (match.Groups["strong"].Success)
            {
                Element(builder, "strong", () => Plain(builder, match.Groups["strong"].Value));
            }
            else if (match.Groups["em"].Success)
            {
                Element(builder, "em", () => Plain(builder, match.Groups["em"].Value));
            }
            else
            {
                Link(builder, match);
            }
        }

        Plain(builder, text[from..]);
    }

    private static void Link(RenderTreeBuilder builder, Match match)
    {
        var address = match.Groups["to"].Success ? match.Groups["to"].Value : match.Groups["bare"].Value;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https" or "mailto"))
        {
            Plain(builder, match.Value);
            return;
        }

        Element(builder, "a", () =>
        {
            builder.AddAttribute(1, "href", uri.AbsoluteUri);
            builder.AddAttribute(2, "target", "_blank");
            builder.AddAttribute(3, "rel", "noopener noreferrer nofollow");
            Plain(builder, match.Groups["said"].Success ? match.Groups["said"].Value : address);
        });
        if (match.Groups["said"].Success)
        {
            // What is said and where it leads may differ: both are shown.
            Element(builder, "span", () =>
            {
                builder.AddAttribute(1, "class", "t3 f11");
                Plain(builder, $" ({(uri.Scheme == "mailto" ? uri.AbsoluteUri : uri.Host)})");
            });
        }
    }

    private static void Element(RenderTreeBuilder builder, string name, Action inside)
    {
        builder.OpenElement(0, name);
        inside();
        builder.CloseElement();
    }

    private static void Plain(RenderTreeBuilder builder, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        builder.OpenComponent<Outside>(4);
        builder.AddComponentParameter(5, nameof(Outside.Text), text);
        builder.AddComponentParameter(6, nameof(Outside.Most), 20_000);
        builder.CloseComponent();
    }

    [GeneratedRegex(@"^#{1,6}\s+(.+)$")]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"^\s{0,8}(?:[-*+]|\d{1,3}[.)])\s+(.*)$")]
    private static partial Regex ItemLine();

    [GeneratedRegex(@"`(?<code>[^`]+)`|\*\*(?<strong>[^*]+)\*\*|(?<![\w*])\*(?<em>[^*\s][^*]*)\*(?!\w)|!?\[(?<said>[^\[\]]*)\]\((?<to>[^()\s]+)\)|(?<bare>https?://[^\s<>""')\]]+)", RegexOptions.None, 1000)]
    private static partial Regex Marks();
}
