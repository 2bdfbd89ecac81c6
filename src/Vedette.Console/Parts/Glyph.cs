using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Vedette.Console.Parts;

/// <summary>The small signs that stand for a severity, a status or the state of a run: a shape of its own for each, never colour alone.</summary>
public sealed class Glyph : ComponentBase
{
    private const string Bars1 = """<rect x=".5" y="7.5" width="2.8" height="4" rx=".8"/>""";
    private const string Ring = """<circle cx="7" cy="7" r="5.4" fill="none" stroke="currentColor" stroke-width="1.5"/>""";
    private const string Disc = """<circle cx="7" cy="7" r="6.1" fill="currentColor"/>""";

    private static readonly Dictionary<string, (int Size, string Markup)> Signs = new(StringComparer.Ordinal)
    {
        ["high"] = (12, $"""<g fill="currentColor">{Bars1}<rect x="4.6" y="4.2" width="2.8" height="7.3" rx=".8"/><rect x="8.7" y=".6" width="2.8" height="10.9" rx=".8"/></g>"""),
        ["medium"] = (12, $"""<g fill="currentColor">{Bars1}<rect x="4.6" y="4.2" width="2.8" height="7.3" rx=".8"/><rect x="8.7" y=".6" width="2.8" height="10.9" rx=".8" opacity=".28"/></g>"""),
        ["low"] = (12, $"""<g fill="currentColor">{Bars1}<rect x="4.6" y="4.2" width="2.8" height="7.3" rx=".8" opacity=".28"/><rect x="8.7" y=".6" width="2.8" height="10.9" rx=".8" opacity=".28"/></g>"""),
        ["new"] = (14, """<circle cx="7" cy="7" r="5.4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-dasharray="2.2 1.6"/><circle cx="7" cy="7" r="2.3" fill="currentColor"/>"""),
        ["open"] = (14, $"""{Ring}<path d="M7 3.9a3.1 3.1 0 0 1 0 6.2z" fill="currentColor"/>"""),
        ["resolved"] = (14, $"""{Ring}<path d="M5 7h4" fill="none" stroke="currentColor" stroke-width="1.6"/>"""),
        ["success"] = (14, $"""{Disc}<path d="M4.4 7.1l1.9 1.9 3.4-3.7" class="cut"/>"""),
        ["failed"] = (14, $"""{Disc}<path d="M5 5l4 4M9 5L5 9" class="cut"/>"""),
        ["waiting"] = (14, $"""{Disc}<g class="cutf"><circle cx="7" cy="5.3" r="1.75"/><path d="M3.9 10.6c.3-1.9 1.5-2.9 3.1-2.9s2.8 1 3.1 2.9z"/></g>"""),
        ["running"] = (14, """<circle cx="7" cy="7" r="5.3" fill="none" stroke="currentColor" stroke-width="1.7" opacity=".25"/><path d="M7 1.7A5.3 5.3 0 0 1 12.3 7" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linecap="round"/>"""),
        ["queued"] = (14, """<circle cx="7" cy="7" r="5.4" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="1.6 1.8"/><path d="M7 4.4V7l1.6 1.1" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round"/>"""),
        ["cancelled"] = (14, $"""{Ring}<path d="M4.9 9.1l4.2-4.2" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round"/>"""),
    };

    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>Read out where no word stands beside it.</summary>
    [Parameter]
    public string? Label { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var (size, markup) = Signs.TryGetValue(Name, out var sign) ? sign : Signs["low"];
        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "viewBox", size == 12 ? "0 0 12 12" : "0 0 14 14");
        if (Label is null)
        {
            builder.AddAttribute(3, "aria-hidden", "true");
        }
        else
        {
            builder.AddAttribute(4, "role", "img");
            builder.AddAttribute(5, "aria-label", Label);
        }

        builder.AddMarkupContent(6, markup);
        builder.CloseElement();
    }
}
