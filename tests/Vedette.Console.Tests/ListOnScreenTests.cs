using System.Text.Json.Nodes;

namespace Vedette.Console.Tests;

/// <summary>Custom lists are kept on their page, and every change of them is on record.</summary>
public sealed class ListOnScreenTests(Chromium chromium)
{
    [Fact]
    public async Task ListIsMade_RowsAddedChangedRemoved_AndTheRecordSaysSo()
    {
        await using var desk = await Desk.Open(chromium);
        var page = await desk.SignedIn("/lists");
        await page.ClickAsync("#new-list");
        await page.FillAsync("#list-name", "allowed senders");
        await page.ClickAsync("#make-list");
        await Desk.At(page, "/lists/\\d+$");
        foreach (var cell in new[] { "first@example.com", "second@example.com" })
        {
            await page.ClickAsync("#add-row");
            await page.FillAsync("#row-new input", cell);
            await page.ClickAsync("#row-new .save");
            await page.Locator(".cells td", new() { HasText = cell }).WaitForAsync();
        }

        await page.HoverAsync("#row-1");
        await page.ClickAsync("#row-1 .edit");
        await page.FillAsync("#row-1 input", "third@example.com");
        await page.ClickAsync("#row-1 .save");
        await page.Locator("#row-1", new() { HasText = "third@example.com" }).WaitForAsync();
        await page.HoverAsync("#row-0");
        await page.ClickAsync("#row-0 .edit");
        await page.ClickAsync("#row-0 .delete");
        await page.Locator("#row-0", new() { HasText = "third@example.com" }).WaitForAsync();

        Assert.Equal("""[["third@example.com"]]""", (await desk.Site.Get("/rest/decided_list/allowed senders")).GetProperty("content").GetRawText());
        await page.GotoAsync("/audit?object=decided_list");
        await Desk.Live(page);
        await page.Locator(".aud tr", new() { HasText = "created" }).Locator("text=allowed senders").WaitForAsync();
        Assert.Equal(5, await page.Locator(".aud tbody tr", new() { HasText = "allowed senders" }).CountAsync());
        await desk.Post("/rest/decided_list/allowed senders", new JsonObject { ["append_rows"] = new JsonArray("one more") });
        await page.ClickAsync(".newbar");
        await page.Locator(".aud tr", new() { HasText = "Rest" }).Locator("text=allowed senders").WaitForAsync();
        Assert.Empty(desk.Offences);
    }

    [Fact]
    public async Task RowThatAPlaybookChangedMeanwhile_IsNotWrittenOver()
    {
        await using var desk = await Desk.Open(chromium);
        var id = (await desk.Post("/rest/decided_list", new JsonObject { ["name"] = "hosts", ["content"] = new JsonArray(new JsonArray("alpha"), new JsonArray("beta")) })).GetProperty("id").GetInt64();
        var page = await desk.SignedIn($"/lists/{id}");
        await page.HoverAsync("#row-1");
        await page.ClickAsync("#row-1 .edit");
        await page.FillAsync("#row-1 input", "mine");

        await desk.Post($"/rest/decided_list/{id}", new JsonObject { ["delete_rows"] = new JsonArray(0) });
        await page.Locator("#row-0", new() { HasText = "beta" }).WaitForAsync();
        Assert.Equal("mine", await page.InputValueAsync("#row-1 input"));
        await page.ClickAsync("#row-1 .save");

        await page.Locator(".toast", new() { HasText = "changed by somebody else" }).WaitForAsync();
        Assert.Equal("""[["beta"]]""", (await desk.Site.Get($"/rest/decided_list/{id}")).GetProperty("content").GetRawText());
    }
}
