using System.Text.Json.Nodes;
using Vedette.Server.Tests;
using Vedette.Server.Tests.Repositories;

namespace Vedette.Console.Tests;

/// <summary>Repositories on the console: pulled, what waits looked at block by block and taken, and gone back from.</summary>
public sealed class RepositoryOnScreenTests(Chromium chromium)
{
    [Fact]
    public async Task PulledLookedAtTakenAndRolledBack()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit("First look");
        await using var desk = new Desk(await Site.Open(setup: options => options with { RepositoryRoots = [side.Root] }), chromium);
        var shared = (await desk.Post("/rest/scm", new JsonObject { ["name"] = "shared", ["uri"] = $"file://{side.Bare}", ["branch"] = "main" })).GetProperty("id").GetInt64();
        var page = await desk.SignedIn("/repositories");
        await page.Locator($"#repository-{shared} a").First.ClickAsync();

        await page.Locator("button", new() { HasText = "Pull" }).ClickAsync();

        await page.Locator("tr", new() { HasText = "First look" }).WaitForAsync();
        var playbook = (await desk.Site.Get("/rest/playbook?_filter_name=\"triage\"")).GetProperty("data")[0].GetProperty("id").GetInt64();
        await desk.Post($"/rest/playbook/{playbook}", new JsonObject { ["active"] = true });
        side.Put("triage", OtherSide.Harmless.Replace("phantom.debug('looks')", "phantom.act('create ticket', parameters=[{'short_description': '<b>x</b>'}], assets=['servicenow'])", StringComparison.Ordinal));
        side.Commit("Tickets");
        await page.Locator("button", new() { HasText = "Pull" }).ClickAsync();
        var waits = page.Locator("#waiting-triage");
        await waits.Locator(".chip", new() { HasText = "look changed" }).WaitForAsync();
        await waits.Locator(".newask", new() { HasText = "create ticket" }).WaitForAsync();
        Assert.Contains("records", await waits.Locator("b").First.InnerTextAsync(), StringComparison.Ordinal);
        await waits.Locator("button", new() { HasText = "Show lines" }).ClickAsync();
        await waits.Locator(".difftext", new() { HasText = "<b>x</b>" }).WaitForAsync();

        await waits.Locator("button", new() { HasText = "Take it" }).ClickAsync();

        await page.Locator("text=Nothing waits").WaitForAsync();
        await page.GotoAsync($"/playbooks/{playbook}");
        await page.Locator(".codeview", new() { HasText = "create ticket" }).WaitForAsync();
        await page.Locator("button", new() { HasText = "Roll back" }).ClickAsync();
        await page.Locator(".codeview", new() { HasText = "looks" }).WaitForAsync();
        Assert.Empty(desk.Offences);
    }

    [Fact]
    public async Task Observer_MayLookAndNotPull()
    {
        using var side = OtherSide.Make();
        side.Put("triage", OtherSide.Harmless);
        side.Commit();
        await using var desk = new Desk(await Site.Open(setup: options => options with { RepositoryRoots = [side.Root] }), chromium);
        var shared = (await desk.Post("/rest/scm", new JsonObject { ["name"] = "shared", ["uri"] = $"file://{side.Bare}", ["branch"] = "main" })).GetProperty("id").GetInt64();
        await desk.Person("obs", "Observer");
        var page = await desk.SignedIn($"/repositories/{shared}", "obs");

        await page.Locator("button", new() { HasText = "Pull" }).ClickAsync();

        await page.Locator(".toast", new() { HasText = "does not have permission" }).WaitForAsync();
        Assert.Equal("new", (await desk.Site.Get($"/rest/scm/{shared}")).GetProperty("status").GetString());
    }
}
