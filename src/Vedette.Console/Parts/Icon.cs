using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Vedette.Console.Parts;

/// <summary>A symbol of our own drawing: lines on a grid of 24.</summary>
public sealed class Icon : ComponentBase
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["alert"] = "M12 4 21 20H3zM12 10v4M12 17h.01",
        ["approvals"] = "M4 20v-4l3-5V5a1.5 1.5 0 0 1 3 0v5-6a1.5 1.5 0 0 1 3 0v6-5a1.5 1.5 0 0 1 3 0v6-3a1.5 1.5 0 0 1 3 0v8l-2 4",
        ["arrow-right"] = "M4 12h16M14 6l6 6-6 6",
        ["arrow-up"] = "M12 20V4M6 10l6-6 6 6",
        ["braces"] = "M9 4H7v6l-3 2 3 2v6h2M15 4h2v6l3 2-3 2v6h-2",
        ["case"] = "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
        ["check"] = "M5 12l5 5L19 7",
        ["chevron-down"] = "M6 9l6 6 6-6",
        ["chevron-right"] = "M9 6l6 6-6 6",
        ["chevron-up"] = "M6 15l6-6 6 6",
        ["clock"] = "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v4l3 2",
        ["close"] = "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM9 9l6 6M15 9l-6 6",
        ["copy"] = "M9 9h11v11H9zM5 15V4h11",
        ["directory"] = "M9 4h6v5H9zM3 15h6v5H3zM15 15h6v5h-6zM12 9v3M6 15v-3h12v3",
        ["events"] = "M4 13h5l1.5 3h3L15 13h5M4 13l3-8h10l3 8v6H4z",
        ["external"] = "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
        ["file"] = "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
        ["filter"] = "M4 6h16M7 12h10M10 18h4",
        ["gauge"] = "M4 17a8 8 0 1 1 16 0M12 17l4-6",
        ["globe"] = "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM4 12h16M12 4c3 3 3 13 0 16M12 4c-3 3-3 13 0 16",
        ["indicators"] = "M4 12a8 8 0 1 1 16 0M7 17c1-2 1-3 1-5a4 4 0 0 1 8 0c0 3-1 5-2 7M12 12c0 4-1 6-2 8",
        ["keyboard"] = "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
        ["laptop"] = "M5 5h14v10H5zM3 19h18",
        ["layers"] = "M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4",
        ["lock"] = "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
        ["moon"] = "M19 14A8 8 0 0 1 10 5a7.5 7.5 0 1 0 9 9z",
        ["more"] = "M6 12h.01M12 12h.01M18 12h.01",
        ["note"] = "M5 4h14v11l-5 5H5zM14 20v-5h5M8 9h8M8 12h5",
        ["panel"] = "M4 5h16v14H4zM10 5v14",
        ["pin"] = "M9 3h6l-1 6 4 4H6l4-4zM12 13v8",
        ["play"] = "M7 5l12 7-12 7z",
        ["playbook"] = "M4 4h6v6H4zM14 14h6v6h-6zM7 10v7h7",
        ["plus"] = "M12 5v14M5 12h14",
        ["preview"] = "M4 5h16v14H4zM15 5v14",
        ["radar"] = "M12 4a8 8 0 1 1-8 8M12 8a4 4 0 1 1-4 4M12 12 18 6",
        ["refresh"] = "M19 9A8 8 0 0 0 5 8M5 4v4h4M5 15a8 8 0 0 0 14 1M19 20v-4h-4",
        ["rows"] = "M4 5h16v14H4zM4 10h16M4 14.5h16",
        ["runs"] = "M4 4h16v16H4zM8 9h5M10 12h6M8 15h4",
        ["search"] = "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 20 20",
        ["send"] = "M4 12 20 4l-5 16-4-6zM11 14l9-10",
        ["severity"] = "M5 20v-4M10 20v-7M15 20V9M20 20V4",
        ["shield"] = "M12 3l7 3v6c0 4-3 7-7 9-4-2-7-5-7-9V6zM9 12l2 2 4-4",
        ["siem"] = "M5 20v-8M10 20V8M15 20v-5M20 20V4",
        ["sign-out"] = "M14 5H5v14h9M10 12h10M16 8l4 4-4 4",
        ["sort"] = "M8 5v14M5 16l3 3 3-3M16 19V5M13 8l3-3 3 3",
        ["status"] = "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 10a2 2 0 1 1 0 4 2 2 0 0 1 0-4z",
        ["stop"] = "M9 4h6l5 5v6l-5 5H9l-5-5V9zM10 9v6M14 9v6",
        ["sun"] = "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2",
        ["tag"] = "M4 4h8l8 8-8 8-8-8zM8 8h.01",
        ["ticket"] = "M4 7h16v4a1.5 1.5 0 0 0 0 3v4H4v-4a1.5 1.5 0 0 0 0-3zM14 7v11",
        ["tool"] = "M4 4h7v7H4zM13 13h7v7h-7zM16.5 4v7M13 7.5h7M4 16.5h7",
        ["user"] = "M12 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM5 20c1-4 4-5 7-5s6 1 7 5",
        ["user-plus"] = "M10 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM3 20c1-4 4-5 7-5s6 1 7 5M19 8v6M16 11h6",
        ["x"] = "M6 6l12 12M18 6 6 18",
        ["zap"] = "M13 3 5 14h6l-1 7 8-11h-6z",
    };

    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>Further classes: <c>s</c>, <c>l</c>, <c>xl</c> for sizes.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", Class.Length == 0 ? "i" : "i " + Class);
        builder.AddAttribute(2, "viewBox", "0 0 24 24");
        builder.AddAttribute(3, "aria-hidden", "true");
        builder.OpenElement(4, "path");
        builder.AddAttribute(5, "d", Paths[Name]);
        builder.CloseElement();
        builder.CloseElement();
    }
}
