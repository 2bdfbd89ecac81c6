using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Vedette.Engine.Storage;

namespace Vedette.Console.Tests;

/// <summary>Runs on the console: the list, the waterfall, what is waited for, what a person says and does.</summary>
public sealed partial class RunOnScreenTests(Chromium chromium)
{
    private const string Waiting = """
        import phantom.rules as phantom

        def on_start(container):
            phantom.debug("before the question")
            phantom.prompt2(container=container, user="admin", name="ask", message="Well?", respond_in_mins=10, callback=after)

        def after(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
            return

        def on_finish(container, summary):
            return
        """;

    private const string Idle = """
        def on_start(container):
            return

        def on_finish(container, summary):
            return
        """;

    [Fact]
    public async Task RunThatEnded_ShowsTurnsActionsInputsOutputs_AndRunsAgain()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Site.SendAlert();
        var run = await desk.Site.RunEnded(id);
        var page = await desk.SignedIn($"/runs?event={id}");
        await page.Locator($"#run-{run.Id} a").First.ClickAsync();

        await page.Locator(".wr", new() { HasText = "on_start" }).WaitForAsync();
        await page.Locator(".wr", new() { HasText = "create_ticket" }).First.ClickAsync();
        await page.Locator(".dbr .tree", new() { HasText = "short_description" }).First.WaitForAsync();
        await page.Locator(".dbr .pt", new() { HasText = "Output" }).Locator("text=success").WaitForAsync();
        await page.ClickAsync("#run-again");

        await Desk.At(page, $"/runs/(?!{run.Id}$)\\d+$");
        await page.Locator("[data-run-state=success]").WaitForAsync();
        Assert.NotEqual(run.Id, (await desk.Site.RunEnded(id, 2)).Id);
        Assert.Empty(desk.Offences);
    }

    [Fact]
    public async Task RunThatWaits_SaysForWhomAndSinceWhen_AndIsCancelled()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await desk.Event();
        await desk.Import("waiting", Waiting);
        var run = await desk.Run("waiting", id);
        var page = await desk.SignedIn($"/runs/{run}");

        await page.Locator(".waits", new() { HasText = "an answer to \"ask\"" }).WaitForAsync();
        await page.Locator(".loglines", new() { HasText = "before the question" }).WaitForAsync();
        await page.ClickAsync("#run-cancel");
        await page.ClickAsync("#cancel-now");

        await page.Locator("[data-run-state=cancelled]").WaitForAsync();
        Assert.Equal("cancelled", (await desk.Site.RunEnded(id)).Status);
        Assert.Equal(0, await page.Locator("#run-cancel").CountAsync());
    }

    [Fact]
    public async Task OutcomeInDoubt_IsAnsweredOnTheRun_AndTheRunEnds()
    {
        await using var desk = await Desk.Open(chromium);
        await LookNoLonger(desk);
        await desk.Site.Behave("""{"system":"servicenow","fail":"cut"}""");
        var id = await desk.Site.SendAlert();
        var page = await desk.SignedIn($"/runs?event={id}");
        await page.Locator("tr[id^=run-] a").First.ClickAsync();

        await page.Locator(".doubt").WaitForAsync();
        await page.Locator(".waits", new() { HasText = "a person to say what became of" }).WaitForAsync();
        await page.FillAsync("#doubt-message", "INC0010023");
        await page.ClickAsync("#doubt-happened");

        await page.Locator(".doubt").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        await desk.Site.RunEnded(id);
        var said = await desk.Site.Server.Store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ContainerId), id)), TestContext.Current.CancellationToken);
        Assert.Contains(said, action => action.Status == "success" && action.Message.Contains("INC0010023", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PagesByKeyset_HaveEachRunOnce_AndFiltersHold()
    {
        const int count = 130;
        await using var desk = await Desk.Open(chromium);
        await desk.Import("idle", Idle);
        var (id, other) = (await desk.Event(), await desk.Event());
        for (var run = 0; run < count; run++)
        {
            await desk.Run("idle", id);
        }

        await desk.Run("idle", other);
        using var client = await desk.Cookied("admin");
        var seen = new List<string>();
        for (var next = $"/runs?event={id}"; next is not null;)
        {
            var page = await client.GetStringAsync(next, TestContext.Current.CancellationToken);
            seen.AddRange(Row().Matches(page).Select(match => match.Groups[1].Value));
            next = Next().Match(page) is { Success: true } link ? WebUtility.HtmlDecode(link.Groups[1].Value) : null;
        }

        Assert.Equal(count, seen.Count);
        Assert.Equal(seen.Select(one => long.Parse(one, CultureInfo.InvariantCulture)).Distinct().OrderDescending(), seen.Select(one => long.Parse(one, CultureInfo.InvariantCulture)));
        await desk.Site.RunEnded(other);
        Assert.Empty(Row().Matches(await client.GetStringAsync($"/runs?event={other}&status=failed", TestContext.Current.CancellationToken)));
        Assert.Single(Row().Matches(await client.GetStringAsync($"/runs?event={other}&status=success", TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task RunComesIn_WaitsInTheBar()
    {
        await using var desk = await Desk.Open(chromium);
        await desk.Import("idle", Idle);
        var id = await desk.Event();
        var page = await desk.SignedIn("/runs");
        await page.Locator("text=No playbook has run yet").WaitForAsync();

        var run = await desk.Run("idle", id);

        await page.Locator(".newbar", new() { HasText = "1 new run" }).WaitForAsync();
        await page.Keyboard.PressAsync(".");
        await page.Locator($"#run-{run}").WaitForAsync();
    }

    /// <summary>After no time at all a ticket that is not there may still land, so nobody but a person can tell.</summary>
    private static async Task LookNoLonger(Desk desk)
    {
        var asset = (await desk.Site.Get("/rest/asset?_filter_name=\"servicenow\"")).GetProperty("data")[0];
        var configuration = JsonNode.Parse(asset.GetProperty("configuration").GetRawText())!.AsObject();
        configuration["landed_within_seconds"] = 0;
        await desk.Post($"/rest/asset/{asset.GetProperty("id")}", new JsonObject { ["configuration"] = configuration });
    }

    [GeneratedRegex("<tr id=\"run-(\\d+)\"")]
    private static partial Regex Row();

    [GeneratedRegex("<a class=\"btn sm\" href=\"([^\"]*after=[^\"]*)\"")]
    private static partial Regex Next();
}
