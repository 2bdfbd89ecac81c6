using Spectre.Console;
using Spectre.Console.Rendering;

namespace Vedette.Terminal;

/// <summary>The picture of a run as a tree. Text goes in as <see cref="Text"/>, never as markup, so none is read as such.</summary>
static class RunTree
{
    private static readonly Style Faint = new(Color.Grey);
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    internal static IRenderable Of(RunPicture picture)
    {
        var tree = new Tree(Line((picture.Alert.Length > 0 ? picture.Alert : "waiting for the alert", Strong)));
        if (picture.Playbook.Length > 0)
        {
            var run = tree.AddNode(Line(("playbook ", Faint), (picture.Playbook, Style.Plain), (picture.Status.Length > 0 ? "  " + picture.Status : "", Faint)));
            foreach (var block in picture.Blocks)
            {
                run.AddNode(Block(block));
            }
        }

        foreach (var finding in picture.Findings)
        {
            tree.AddNode(Line(("• ", Faint), (finding, Style.Plain)));
        }

        if (picture.TicketNumber.Length > 0)
        {
            tree.AddNode(Line(("ticket ", Faint), (picture.TicketNumber, Strong), ("  " + picture.TicketLink, Faint)));
        }

        if (picture.EventLink.Length > 0)
        {
            tree.AddNode(Line(("event ", Faint), (picture.EventLink, Faint)));
        }

        return tree;
    }

    private static Paragraph Block(DrawnBlock block)
    {
        var (sign, style) = block.State switch
        {
            BlockState.Done => ("✓ ", Good),
            BlockState.Failed => ("✗ ", Bad),
            _ => ("… ", Faint),
        };
        var time = block.State == BlockState.Running ? "" : "  " + PlainLines.Milliseconds(block.Milliseconds);
        var said = block.Sentence.Length > 0 ? block.Sentence : block.What;
        return Line((sign, style), (block.Name, Style.Plain), (time, Faint), ("  " + said, block.State == BlockState.Failed ? Bad : Faint));
    }

    private static Paragraph Line(params (string Text, Style Style)[] parts)
    {
        var line = new Paragraph();
        foreach (var (text, style) in parts)
        {
            line.Append(SafeText.Of(text), style);
        }

        return line;
    }
}
