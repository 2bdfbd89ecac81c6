using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vedette.Console.Events;

namespace Vedette.Console.Tests;

public sealed partial class QueueTests(Chromium chromium)
{
    [Theory]
    [InlineData("status:new,open label:events", "status:new,open label:events")]
    [InlineData("  impossible   travel ", "impossible travel")]
    [InlineData("-status:closed owner:\"Mira Okafor\"", "-status:closed owner:\"Mira Okafor\"")]
    [InlineData("value:\"a \\\"b\\\" c\"", "value:\"a \\\"b\\\" c\"")]
    [InlineData("unknown:field", "\"unknown:field\"")]
    [InlineData("status:", "")]
    [InlineData("STATUS:New", "status:New")]
    [InlineData("status:new,", "status:new")]
    [InlineData("\"never closed", "\"never closed\"")]
    public void FilterAsTyped_IsReadAndWrittenAgain(string typed, string written)
    {
        var filter = QueueFilter.Parse(typed);

        Assert.Equal(written, filter.ToString());
        Assert.Equal(written, QueueFilter.Parse(written).ToString());
    }

    /// <summary>Also where the sorted column is empty or the same for many: no row is left out and none comes twice.</summary>
    [Theory]
    [InlineData("-id")]
    [InlineData("id")]
    [InlineData("sla")]
    [InlineData("-sla")]
    [InlineData("name")]
    [InlineData("-artifacts")]
    public async Task PagesByKeyset_HaveEachEventOnce(string sort)
    {
        const int count = 230;
        await using var desk = await Desk.Open(chromium);
        var events = new JsonArray([.. Enumerable.Range(0, count).Select(number => (JsonNode)new JsonObject { ["name"] = $"event {number % 7}", ["label"] = "events", ["run_automation"] = false, ["source_data_identifier"] = $"n{number}", ["due_time"] = number % 3 == 0 ? null : DateTime.UnixEpoch.AddDays(20_000 + (number % 5)).ToString("o", CultureInfo.InvariantCulture) })]);
        foreach (var one in events)
        {
            await desk.Post("/rest/container", (JsonObject)one!.DeepClone());
        }

        using var client = await desk.Cookied("admin");
        var seen = new List<string>();
        for (var next = $"/events?q=&sort={sort}"; next is not null;)
        {
            var page = await client.GetStringAsync(next, TestContext.Current.CancellationToken);
            seen.AddRange(Row().Matches(page).Select(match => match.Groups[1].Value));
            next = Next().Match(page) is { Success: true } link ? WebUtility.HtmlDecode(link.Groups[1].Value) : null;
        }

        Assert.Equal(count, seen.Count);
        Assert.Equal(count, seen.Distinct().Count());
    }

    [Fact]
    public async Task FilterInTheAddress_IsWhatTheListShows()
    {
        await using var desk = await Desk.Open(chromium);
        var mine = await desk.Event("Impossible travel");
        var other = await desk.Event("Port scan");
        await desk.Post($"/rest/container/{mine}", new JsonObject { ["severity"] = "high", ["owner_id"] = "admin" });
        var page = await desk.SignedIn("/events?q=severity%3Ahigh%20owner%3Ame");

        await page.Locator($"#event-{mine}").WaitForAsync();
        Assert.Equal(0, await page.Locator($"#event-{other}").CountAsync());
        await page.Locator(".tok button[title='Remove severity']").ClickAsync();
        await page.Locator(".tok button[title='Remove owner']").ClickAsync();
        await page.Locator($"#event-{other}").WaitForAsync();
        await page.FillAsync("[data-filter]", "travel");
        await page.Keyboard.PressAsync("Enter");
        await Desk.At(page, @"/events\?q=travel$");
        await page.Locator($"#event-{other}").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
    }

    [GeneratedRegex("<tr id=\"event-(\\d+)\"")]
    private static partial Regex Row();

    [GeneratedRegex("<a class=\"btn sm\" href=\"([^\"]*after=[^\"]*)\"")]
    private static partial Regex Next();
}
