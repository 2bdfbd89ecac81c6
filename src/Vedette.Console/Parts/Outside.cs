using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Vedette.Console.Parts;

/// <summary>Text from outside: shown as text, its invisible marks made visible, its length bounded. Nothing of it is ever markup.</summary>
public sealed class Outside : ComponentBase
{
    [Parameter, EditorRequired]
    public string? Text { get; set; }

    /// <summary>Characters; what is longer is cut, and the length said.</summary>
    [Parameter]
    public int Most { get; set; } = 2_000;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var text = Text ?? "";
        var cut = text.Length > Most;
        foreach (var piece in VisibleText.Cut(cut ? text[..Most] : text))
        {
            if (piece.IsMark)
            {
                builder.OpenElement(0, "span");
                builder.AddAttribute(1, "class", "cc");
                builder.AddAttribute(2, "title", "A character that cannot be seen");
                builder.AddContent(3, piece.Text);
                builder.CloseElement();
            }
            else
            {
                builder.AddContent(4, piece.Text);
            }
        }

        if (VisibleText.AsciiForm(text) is { } ascii)
        {
            builder.OpenElement(5, "span");
            builder.AddAttribute(6, "class", "chip warn");
            builder.AddAttribute(7, "title", "The name as the network knows it");
            builder.AddContent(8, ascii);
            builder.CloseElement();
        }

        if (cut)
        {
            builder.OpenElement(9, "span");
            builder.AddAttribute(10, "class", "t3 cut-note");
            builder.AddContent(11, $" … {Words.Count(text.Length)} characters in all");
            builder.CloseElement();
        }
    }
}
