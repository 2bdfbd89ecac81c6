using Microsoft.Playwright;

namespace Vedette.Console.Tests;

/// <summary>Playbooks on the console: the list, the drawing with what the last run did, the switch.</summary>
public sealed class PlaybookOnScreenTests(Chromium chromium)
{
    private const string Name = "investigate_suspicious_outbound_connection";

    [Fact]
    public async Task LastRun_IsLaidOverTheGraph_AndABlockLeadsToItsCode()
    {
        await using var desk = await Desk.Open(chromium);
        var run = await desk.Site.RunEnded(await desk.Site.SendAlert());
        var page = await desk.SignedIn("/playbooks");

        await page.Locator("tr", new() { HasText = Name }).Locator("td.name a").ClickAsync();

        await page.Locator("[data-block=create_ticket] .node.ok").WaitForAsync();
        await page.Locator("[data-block=get_device_profile] .node.ok .du").WaitForAsync();
        Assert.Equal("Run " + run.Id, (await page.Locator(".bar1 a").InnerTextAsync()).Trim());
        // Its alert was new, so nothing was added to an older ticket.
        Assert.Null(await page.Locator("[data-block=update_ticket] button").GetAttributeAsync("data-state"));
        await page.Locator("[data-block=create_ticket] button").ClickAsync();
        await page.Locator(".codeview .hl", new() { HasText = "def create_ticket" }).WaitForAsync();
        await page.Locator("[role=tab]", new() { HasText = "Runs" }).ClickAsync();
        await page.Locator($"#run-{run.Id}").WaitForAsync();
        Assert.Empty(desk.Offences);
    }

    [Fact]
    public async Task RunComesIn_OpenPageShowsIt()
    {
        await using var desk = await Desk.Open(chromium);
        var page = await desk.SignedIn($"/playbooks/{await Id(desk)}");
        await page.Locator("text=it has not run yet").WaitForAsync();

        await desk.Site.SendAlert();

        await page.Locator("[data-block=create_ticket] .node.ok").WaitForAsync();
    }

    [Fact]
    public async Task Switch_TurnsItOffAndOn_AndWhatIsRefusedIsSaid()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await Id(desk);
        await desk.Person("obs", "Observer");
        var observer = await desk.SignedIn($"/playbooks/{id}", "obs");
        await observer.Locator("[role=switch][aria-checked=true]").ClickAsync();
        await observer.Locator(".toast", new() { HasText = "does not have permission" }).WaitForAsync();
        Assert.True(await Active(desk, id));

        var admin = await desk.SignedIn($"/playbooks/{id}");
        await admin.Locator("[role=switch][aria-checked=true]").ClickAsync();

        await admin.Locator("[role=switch][aria-checked=false]").WaitForAsync();
        await observer.Locator("[role=switch][aria-checked=false]").WaitForAsync();
        Assert.False(await Active(desk, id));
    }

    [Fact]
    public async Task PlaybookThatCannotRun_IsMarked_AndItsSwitchSaysWhy()
    {
        await using var desk = await Desk.Open(chromium);
        await desk.Import("broken", "def on_start(container)\n    pass\n");
        var page = await desk.SignedIn("/playbooks?q=broken");
        await page.Locator("tr", new() { HasText = "cannot run" }).WaitForAsync();

        await page.Locator("[role=switch]").ClickAsync();

        await page.Locator(".toast", new() { HasText = "cannot be activated" }).WaitForAsync();
    }

    [Fact]
    public async Task WithoutADrawing_TheCodeIsDrawn()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Import("by_hand", "import phantom.rules as phantom\n\ndef on_start(container):\n    look(container)\n\ndef look(container=None):\n    phantom.debug('<script>window.pwned = 1</script>')\n\ndef on_finish(container, summary):\n    return\n");
        var page = await desk.SignedIn($"/playbooks/{id}");

        await page.Locator("[data-block=look]").WaitForAsync();

        await page.Locator("text=Drawn from the code").WaitForAsync();
        Assert.False(await page.EvaluateAsync<bool>("'pwned' in window"));
        Assert.Empty(desk.Offences);
    }

    private static async Task<long> Id(Desk desk) => (await desk.Site.Get($"/rest/playbook?_filter_name=\"{Name}\"")).GetProperty("data")[0].GetProperty("id").GetInt64();

    private static async Task<bool> Active(Desk desk, long id) => (await desk.Site.Get($"/rest/playbook/{id}")).GetProperty("active").GetBoolean();
}
