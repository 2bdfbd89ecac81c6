using System.Text.Json.Nodes;

namespace Vedette.Server.Tests.Policies;

/// <summary>A label, a playbook or an asset stopped by itself.</summary>
public sealed class StoppedPartTests
{
    [Theory]
    [InlineData("asset", "servicenow", "whois")]
    [InlineData("asset", "whois", "servicenow")]
    public async Task T21_StoppedAsset_Holds_AndTheOtherGoesOn(string kind, string stopped, string goes)
    {
        await using var site = await Site.Open();
        await site.PostAsAdmin("/rest/stop_switch", $$"""{"stopped":true,"reason":"a drill","{{kind}}":"{{stopped}}"}""");
        var container = await site.QuietEvent();
        var asked = new Dictionary<string, long>
        {
            ["servicenow"] = await site.AskTicket(container),
            ["whois"] = await site.AskAction("whois ip", container, "whois", new JsonObject { ["ip"] = "10.0.0.1" }),
        };

        await site.ActionEnded(asked[goes]);
        await Waits(site, asked[stopped], $"Waits: asset \"{stopped}\" is stopped (a drill).");
        await site.Server.DisposeAsync();
        await site.StartServer();
        Assert.Equal(stopped, (await site.Get("/rest/stop_switch")).GetProperty("parts")[0].GetProperty("value").GetString());
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false}""");
        await Waits(site, asked[stopped], $"Waits: asset \"{stopped}\" is stopped (a drill).");

        await site.PostAsAdmin("/rest/stop_switch", $$"""{"stopped":false,"{{kind}}":"{{stopped}}"}""");

        await site.ActionEnded(asked[stopped]);
        Assert.Equal(0, (await site.Get("/rest/stop_switch")).GetProperty("parts").GetArrayLength());
    }

    [Fact]
    public async Task T21_StoppedLabelAndPlaybook_HoldWhatBelongsToThem()
    {
        await using var site = await Site.Open();
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"wrong list","playbook":"local/held"}""");
        await site.Import("held", """
            import phantom.rules as phantom
            def on_start(container):
                phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': 'x'}], assets=['servicenow'], name='one')
            """);
        var container = await site.QuietEvent();
        await site.Post("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/held"}""");
        long held;
        while (true)
        {
            var found = (await site.Get($"/rest/action_run?_filter_container={container}")).GetProperty("data");
            if (found.GetArrayLength() > 0)
            {
                held = found[0].GetProperty("id").GetInt64();
                break;
            }
        }

        await Waits(site, held, "Waits: playbook \"local/held\" is stopped (wrong list).");
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"a flood","label":"events"}""");
        var byHand = await site.AskTicket(container);
        await Waits(site, byHand, "Waits: label \"events\" is stopped (a flood).");
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false,"playbook":"local/held"}""");
        await Waits(site, held, "Waits: label \"events\" is stopped (a flood).");
        Assert.Equal(0, (await site.Tickets()).GetArrayLength());

        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false,"label":"events"}""");

        await site.ActionEnded(held);
        await site.ActionEnded(byHand);
        Assert.Equal(2, (await site.Tickets()).GetArrayLength());
        Assert.Equal(403, (await site.Post("/rest/stop_switch", """{"stopped":true,"asset":"whois"}""")).Status);
        Assert.Equal(404, (await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false,"asset":"whois"}""")).Status);
    }

    private static async Task Waits(Site site, long action, string why)
    {
        string? said;
        do
        {
            var row = await site.Get($"/rest/action_run/{action}");
            Assert.Equal("pending", row.GetProperty("status").GetString());
            said = row.GetProperty("message").GetString();
        }
        while (said != why);
    }
}
