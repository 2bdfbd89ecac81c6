using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Lab.Alerts;

namespace Vedette.Server.Tests;

/// <summary>What a repeat of an alert does to the event and to its ticket.</summary>
public sealed class RepeatedAlertTests
{
    [Fact]
    public async Task AlertRepeats_FirstRepeatIsNotedAtOnceAndTheNextIsCounted()
    {
        await using var site = await Site.Open();
        var first = await site.SendAlert();
        await site.RunEnded(first);

        await site.SendAlert(batch: "b");
        await site.RunEnded(first, count: 2);
        await site.SendAlert(batch: "c");
        await site.RunEnded(first, count: 3);

        var ticket = Assert.Single((await site.Tickets()).EnumerateArray());
        var note = Assert.Single(ticket.GetProperty("work_notes").EnumerateArray()).GetString();
        Assert.Contains("1 more alert(s) of this event since the last note.", note, StringComparison.Ordinal);
        Assert.Equal(3, (await site.Get($"/rest/container/{first}")).GetProperty("artifact_count").GetInt64());
    }

    [Fact]
    public async Task RepeatIsMoreSevere_EventAndTicketAreRaised()
    {
        await using var site = await Site.Open();
        var story = Enumerable.Range(0, SplunkAlerts.Stories).First(i => (string?)new SplunkAlerts("a", TimeProvider.System).Container(i)["severity"] == "medium");
        var first = await Send(site, "a", story, "medium");
        await site.RunEnded(first);
        Assert.NotEqual("1", Assert.Single((await site.Tickets()).EnumerateArray()).GetProperty("fields").GetProperty("urgency").GetString());

        await Send(site, "b", story, "high");
        await site.RunEnded(first, count: 2);

        Assert.Equal("high", (await site.Get($"/rest/container/{first}")).GetProperty("severity").GetString());
        var ticket = Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal("1", ticket.GetProperty("fields").GetProperty("urgency").GetString());
        Assert.Contains("Urgency raised to high", Assert.Single(ticket.GetProperty("work_notes").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    private static async Task<long> Send(Site site, string batch, int story, string severity)
    {
        var alerts = new SplunkAlerts(batch, TimeProvider.System);
        var container = await Post(site, "/rest/container", alerts.Container(story), severity);
        await Post(site, "/rest/artifact", alerts.Artifact(story, container), severity);
        return container;
    }

    private static async Task<long> Post(Site site, string path, JsonObject body, string severity)
    {
        body["severity"] = severity;
        var (status, answer) = await site.Post(path, body.ToJsonString());
        Assert.True(status == 200, answer.ToString());
        return answer.GetProperty("id").GetInt64();
    }
}
