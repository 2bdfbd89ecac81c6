using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Vedette.Console.Tests;

/// <summary>What alerts bring is shown, and never does anything: no script ran, nothing was fetched, no rule of the policy was broken.</summary>
public sealed class T01_HostileContentTests(Chromium chromium)
{
    private const string Script = "<script>window.pwned = 1</script><img src=x onerror=\"window.pwned = 1\">";
    private const string Turned = "invoice\u202egnp.exe\u200b\u0007";

    private static readonly JsonObject Shelf = new()
    {
        ["sourceHostName"] = Script,
        ["destinationDnsDomain"] = "раураl.example",
        ["requestURL"] = "javascript:window.pwned=1",
        ["fileName"] = Turned,
        ["<b>key</b>"] = "\"><svg onload=window.pwned=1>",
        ["message"] = "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1}",
        ["large"] = new string('A', 1_000_000),
        ["terminal"] = "\u001b[31mred\u001b]0;title\u0007",
    };

    [Fact]
    public async Task T01_HostileShelf_IsShownOnEveryPage_AndNothingRuns()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event($"{Script} {Turned}", (JsonObject)Shelf.DeepClone());
        await desk.Post("/rest/note", new JsonObject { ["container_id"] = id, ["title"] = Script, ["content"] = $"{Script}\n\n[click](javascript:window.pwned=1) ![p](https://evil.example/p.png) [bank](https://evil.example/x) <https://evil.example/y>\n\n# {Turned}", ["note_type"] = "general" });
        await desk.Post("/rest/note", new JsonObject { ["container_id"] = id, ["title"] = "html", ["content"] = $"<form action=https://evil.example>{Script}<style>*{{display:none}}</style></form>", ["note_type"] = "general", ["note_format"] = "html" });
        await desk.Post("/rest/container_pin", new JsonObject { ["container_id"] = id, ["message"] = Script, ["data"] = Turned });
        var page = await desk.SignedIn("/events", width: 1900);

        await page.Locator($"#event-{id}").WaitForAsync();
        await Shows(page, "<script>window.pwned = 1</script>", "U+202E", "U+200B");
        await page.Locator(".peek", new() { HasText = "sourceHostName" }).WaitForAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".art .ent").First.WaitForAsync();
        await Shows(page, "<script>window.pwned = 1</script>", "U+202E", "xn--");
        await page.Locator(".tabs.evt button", new() { HasText = "Artifacts" }).ClickAsync();
        await page.Locator(".artd").First.WaitForAsync();
        await Shows(page, "javascript:window.pwned=1", "U+001B", "1\u2009000\u2009000 characters in all", "<b>key</b>");
        await page.Locator(".tabs.evt button", new() { HasText = "Notes" }).ClickAsync();
        await page.Locator(".notes .nt").First.WaitForAsync();
        await Shows(page, "[click](javascript:window.pwned=1)", "(evil.example)", "HTML as text", "<form action=https://evil.example>");
        Assert.Equal(0, await page.Locator("a[href^=javascript], .notes form, .notes img, .notes script, .notes style").CountAsync());
        await page.Locator(".tabs.evt button", new() { HasText = "Audit" }).ClickAsync();
        await page.Locator("th", new() { HasText = "Did" }).WaitForAsync();
        await page.Keyboard.PressAsync("Control+k");
        await page.FillAsync("#palette-field", "<script>");
        await page.Locator(".palette .mi", new() { HasText = "window.pwned" }).First.WaitForAsync();

        Assert.False(await page.EvaluateAsync<bool>("'pwned' in window"));
        Assert.Empty(desk.Offences);
    }

    private static async Task Shows(IPage page, params string[] texts)
    {
        var shown = await page.Locator("main").InnerTextAsync();
        Assert.All(texts, text => Assert.Contains(text, shown, StringComparison.Ordinal));
    }
}
