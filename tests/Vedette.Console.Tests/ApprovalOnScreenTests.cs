namespace Vedette.Console.Tests;

/// <summary>What runs ask people, answered on the console.</summary>
public sealed class ApprovalOnScreenTests(Chromium chromium)
{
    private const string Asking = """
        import phantom.rules as phantom

        def on_start(container):
            phantom.prompt2(container=container, user="admin", name="ask", message="May it be done? <script>window.pwned = 1</script>", respond_in_mins=10,
                response_types=[{"prompt": "Well?", "options": {"type": "list", "choices": ["Yes", "No"]}}], callback=after)

        def after(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
            phantom.pin(container=container, message="answer", data=str(phantom.collect2(container=container, datapath=["ask:action_result.summary.responses.0"], action_results=results)))

        def on_finish(container, summary):
            return
        """;

    [Fact]
    public async Task PromptOnAPhone_IsAnswered_AndTheRunGoesOn()
    {
        await using var desk = await Desk.Open(chromium);
        var id = await Asked(desk);
        var page = await desk.SignedIn("/approvals", width: 390, height: 844);

        await page.Locator(".apc").ClickAsync();
        await page.Locator("[role=radio]", new() { HasText = "Yes" }).ClickAsync();
        await page.ClickAsync("#approve");

        Assert.Equal("success", (await desk.Site.RunEnded(id)).Status);
        Assert.Contains("Yes", (await desk.Site.Get($"/rest/container_pin?_filter_container={id}")).GetProperty("data")[0].GetProperty("data").GetString(), StringComparison.Ordinal);
        Assert.False(await page.EvaluateAsync<bool>("'pwned' in window"));
        Assert.Empty(desk.Offences);
    }

    [Fact]
    public async Task TwoAnswerAtOnce_TheSecondSeesWhoWasFaster()
    {
        await using var desk = await Desk.Open(chromium);
        await Asked(desk);
        var one = await desk.SignedIn("/approvals");
        var other = await desk.SignedIn("/approvals");
        foreach (var page in new[] { one, other })
        {
            await page.Locator(".apc").ClickAsync();
            await page.Locator("#approve").WaitForAsync();
        }

        await one.FillAsync("#reason", "not now");
        await one.ClickAsync("#deny");

        await other.Locator(".apd .note", new() { HasText = "denied by admin" }).WaitForAsync();
        Assert.Equal(0, await other.Locator("#approve").CountAsync());
    }

    private static async Task<long> Asked(Desk desk)
    {
        var id = await desk.Event();
        await desk.Import("asking", Asking);
        await desk.Run("asking", id);
        return id;
    }
}
