using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Vedette.Console.Tests;

/// <summary>Systems are connected on the page of their app, and say what is wrong.</summary>
public sealed class AssetOnScreenTests(Chromium chromium)
{
    [Fact]
    public async Task AssetWithWrongPassword_IsMade_TestSaysWhatIsWrong_AndIsMended()
    {
        await using var desk = await Desk.Open(chromium);
        var (known, url) = await Asset(desk, "servicenow");
        var page = await desk.SignedIn("/apps");
        await page.Locator(".ac", new() { HasText = "ServiceNow" }).ClickAsync();
        await page.ClickAsync("#new-asset");
        await page.Locator("h1", new() { HasText = "New asset" }).WaitForAsync();

        await page.ClickAsync("#save");
        await page.Locator("#asset-fault", new() { HasText = "needs a name" }).WaitForAsync();
        await page.FillAsync("#asset-name", "second desk");
        await page.FillAsync("#f-url", url);
        await page.FillAsync("#f-username", "vedette");
        await page.FillAsync("#f-password", "not the password");
        await page.ClickAsync("#save");
        await Desk.At(page, "/apps/assets/\\d+$");
        var made = long.Parse(page.Url.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.NotEqual(known, made);
        await page.Locator(".ah .chip", new() { HasText = "Not tested" }).WaitForAsync();
        await page.ClickAsync("#test");

        await page.Locator("#test-outcome.bad", new() { HasText = "401" }).WaitForAsync();
        await page.Locator(".ah .chip", new() { HasText = "Test failed" }).WaitForAsync();
        Assert.DoesNotContain("not the password", await page.ContentAsync(), StringComparison.Ordinal);

        // An address that is wrong too: the secret is not sent there, it has to be entered again.
        await page.FillAsync("#f-url", "http://127.0.0.1:9/");
        await page.Locator("#unsaved", new() { HasText = "1 unsaved change" }).WaitForAsync();
        await page.ClickAsync("#save");
        await page.Locator(".toast", new() { HasText = "enter again password" }).WaitForAsync();
        Assert.Equal("password", await page.GetAttributeAsync("#f-password", "type"));
        Assert.Empty(desk.Offences);
    }

    [Fact]
    public async Task AssetIsChangedByTwo_NeitherLosesWhatWasTyped()
    {
        await using var desk = await Desk.Open(chromium);
        var (id, _) = await Asset(desk, "shodan");
        var page = await desk.SignedIn($"/apps/assets/{id}");
        await page.FillAsync("#asset-about", "typed here");

        using var read = await desk.Site.Admin.GetAsync($"/rest/asset/{id}", TestContext.Current.CancellationToken);
        var configuration = JsonNode.Parse(await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["configuration"]!.DeepClone().AsObject();
        configuration["requests_per_second"] = 7;
        await desk.Post($"/rest/asset/{id}", new JsonObject { ["configuration"] = configuration });

        await page.Locator(".note", new() { HasText = "changed by somebody else" }).WaitForAsync();
        Assert.Equal("typed here", await page.InputValueAsync("#asset-about"));
        await page.Locator(".note .lnk").ClickAsync();
        await Assertions.Expect(page.Locator("#f-requests_per_second")).ToHaveValueAsync("7");
        Assert.Equal("A stand-in of the lab", await page.InputValueAsync("#asset-about"));
    }

    [Fact]
    public async Task ActionsOfAnApp_SayWhatTheyDo_AndWhatIfAnAnswerIsLost()
    {
        await using var desk = await Desk.Open(chromium);
        var (id, _) = await Asset(desk, "servicenow");
        await desk.Person("obs", "Observer");
        var page = await desk.SignedIn($"/apps/assets/{id}", "obs");

        await page.Locator(".acts tr", new() { HasText = "create ticket" }).Locator("text=records").WaitForAsync();
        Assert.Equal(0, await page.Locator("#save, #new-asset, .lnk").CountAsync());
        Assert.True(await page.IsDisabledAsync("#f-url"));
    }

    private static async Task<(long Id, string Url)> Asset(Desk desk, string name)
    {
        var asset = (await desk.Site.Get($"/rest/asset?_filter_name=\"{name}\"")).GetProperty("data")[0];
        return (asset.GetProperty("id").GetInt64(), asset.GetProperty("configuration").TryGetProperty("url", out var url) ? url.GetString()! : "");
    }
}
