using Microsoft.Playwright;

namespace Vedette.Console.Tests;

/// <summary>The main job as a person sees it.</summary>
public sealed class AlertOnScreenTests(Chromium chromium)
{
    [Fact]
    public async Task TestAlertSent_RunIsWatchedToTheTicket()
    {
        await using var desk = await Desk.Open(chromium);
        var page = await desk.Window();
        await page.GotoAsync("/");
        await Desk.SignIn(page, "admin", desk.Site.Password);
        await Desk.At(page, @"/first-run$");
        await Desk.Live(page);

        await page.ClickAsync("#send-test");
        await page.Locator(".way [data-run-state=success]").WaitForAsync();
        await page.Locator(".way a", new() { HasText = "Open event" }).ClickAsync();

        var ticket = Assert.Single((await desk.Site.Tickets()).EnumerateArray()).GetProperty("fields").GetProperty("number").GetString()!;
        await page.Locator(".wgt", new() { HasText = "create ticket" }).Locator("b", new() { HasText = ticket }).WaitForAsync();
        await page.Locator(".wgt", new() { HasText = "whois domain" }).Locator("text=days old").WaitForAsync();
        await page.Locator(".wgt", new() { HasText = "query ip" }).Locator("text=CVE-2021-23017").WaitForAsync();
        await page.Locator(".wgt", new() { HasText = "get system attributes" }).Locator("text=WKS-0417").First.WaitForAsync();
        Assert.Empty(desk.Offences);
    }

    [Fact]
    public async Task AlertByRest_IsOnAnOpenQueue_AndComesInWhenAsked()
    {
        await using var desk = await Desk.Open(chromium);
        var first = await desk.Event("first");
        var page = await desk.SignedIn("/events");
        await page.Locator($"#event-{first}").WaitForAsync();

        var second = await desk.Event("second");

        await page.Locator(".newbar", new() { HasText = "1 new event" }).WaitForAsync();
        Assert.Equal(0, await page.Locator($"#event-{second}").CountAsync());
        await page.Keyboard.PressAsync(".");
        await page.Locator($"#event-{second}").WaitForAsync();
        Assert.Equal(0, await page.Locator(".newbar").CountAsync());
    }

    [Fact]
    public async Task TwoWindowsOnOneEvent_WhatOneChangesTheOtherShows()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event();
        var one = await desk.SignedIn($"/events/{id}");
        var other = await desk.SignedIn($"/events/{id}");

        await one.Locator(".prop[title=Severity]").ClickAsync();
        await one.Locator(".menu .mi", new() { HasText = "High" }).ClickAsync();
        await other.Locator(".prop[title=Severity]", new() { HasText = "High" }).WaitForAsync();
        await other.FillAsync("#note-field", "seen by both");
        await other.Locator("button", new() { HasText = "Write note" }).ClickAsync();

        await one.Locator(".rail-r .nt", new() { HasText = "seen by both" }).WaitForAsync();
    }

    [Fact]
    public async Task ValueClicked_ItsActionsAreOffered_AndTheResultArrives()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event(cef: new() { ["destinationAddress"] = "198.51.100.77" });
        var page = await desk.SignedIn($"/events/{id}");

        await page.Locator(".art .ent").First.ClickAsync();
        await page.Locator("#entity-menu .mi", new() { HasText = "query ip" }).ClickAsync();
        await page.Locator(".dialog .btn.pri").ClickAsync();

        await page.Locator(".wgt", new() { HasText = "query ip" }).Locator("text=CVE-2021-23017").WaitForAsync();
    }

    [Fact]
    public async Task ConnectionLostAndFound_TypedTextIsThere_AndTheStripSaidSo()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event();
        using var cable = new Cable(desk.Site.Server.Url);
        var page = await desk.Window();
        await page.GotoAsync($"{cable.Url}login?to=/events/{id}");
        await Desk.SignIn(page, "admin", desk.Site.Password);
        await Desk.Live(page);
        await page.FillAsync("#note-field", "half a thou");
        await page.EvaluateAsync("new MutationObserver((_, self) => { if (document.documentElement.dataset.link === 'lost') { self.disconnect(); document.documentElement.dataset.wasLost = 'yes'; } }).observe(document.documentElement, { attributes: true })");

        cable.Cut();

        await page.Locator("html[data-was-lost][data-link=live]").WaitForAsync();
        Assert.Equal("half a thou", await page.InputValueAsync("#note-field"));
        await page.Locator("button", new() { HasText = "Write note" }).ClickAsync();
        await page.Locator(".rail-r .nt", new() { HasText = "half a thou" }).WaitForAsync();
    }

    [Fact]
    public async Task PageLoadedAnew_TypedTextIsThere()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event();
        var page = await desk.SignedIn($"/events/{id}");
        await page.FillAsync("#note-field", "half a thou");

        await page.ReloadAsync();
        await Desk.Live(page);

        await Assertions.Expect(page.Locator("#note-field")).ToHaveValueAsync("half a thou", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Closed_EventIsResolvedWithItsReason()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event();
        var page = await desk.SignedIn($"/events/{id}");

        await page.Keyboard.PressAsync("c");
        await page.Locator(".dialog button", new() { HasText = "False positive" }).ClickAsync();
        await page.FillAsync("#close-reason", "a scanner of ours");
        await page.Locator(".dialog .btn.pri").ClickAsync();

        await page.Locator(".prop[title=Status]", new() { HasText = "Closed" }).WaitForAsync();
        var notes = await desk.Site.Get($"/rest/note?_filter_container={id}");
        Assert.Equal("Closed: False positive", notes.GetProperty("data")[0].GetProperty("title").GetString());
        Assert.Equal("a scanner of ours", notes.GetProperty("data")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task StopSwitchSet_EveryOpenPageSaysSo()
    {
        await using var desk = await Desk.Open(chromium);
        var one = await desk.SignedIn("/events");
        var other = await desk.SignedIn("/approvals");

        await one.Keyboard.PressAsync("Shift+Escape");
        await one.FillAsync("#stop-reason", "a drill");
        await one.Locator(".dialog .btn.dan").ClickAsync();

        await other.Locator(".strip.stopped", new() { HasText = "a drill" }).WaitForAsync();
        Assert.True((await desk.Site.Get("/rest/stop_switch")).GetProperty("stopped").GetBoolean());
    }
}
