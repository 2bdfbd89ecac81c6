using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Lab;

namespace Vedette.Server.Tests;

/// <summary>The ticket system loses the answer of a call: what is done then, and what is said.</summary>
public sealed class UnansweredTicketTests
{
    [Fact]
    public async Task IdIsNotOursAndWorkIsLate_TicketIsLookedForBeforeItIsOpenedAgain()
    {
        await using var site = await Site.Open(new LabOptions { LateWorkAfter = TimeSpan.FromMilliseconds(200) });
        await site.Behave("""{"system":"servicenow","fail":"late-work-own-id","times":1}""");

        Assert.Equal("success", (await site.RunEnded(await site.SendAlert())).Status);

        var ticket = Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.NotEqual(ticket.GetProperty("correlation_id").GetString(), ticket.GetProperty("sys_id").GetString());
        Assert.Equal(1, await site.WritesSentTo("servicenow"));
    }

    [Fact]
    public async Task IdWasSeenToBeOursAndWorkIsLate_TicketIsSentAgainAtOnceAndIsOne()
    {
        await using var site = await Site.Open();
        await site.Change("servicenow", "landed_within_seconds", 3600);
        await site.RunEnded(await site.SendAlert());
        await site.Behave("""{"system":"servicenow","fail":"late-work","times":1}""");

        Assert.Equal("success", (await site.RunEnded(await site.SendAlert(index: 1))).Status);

        Assert.Equal(2, (await site.Tickets()).GetArrayLength());
        Assert.Equal(3, await site.WritesSentTo("servicenow"));
    }

    [Fact]
    public async Task InstanceChoseItsOwnIdBefore_LaterLostTicketIsNotTakenForProtected()
    {
        await using var site = await Site.Open(new LabOptions { LateWorkAfter = TimeSpan.FromMilliseconds(200) });
        await site.Behave("""{"system":"servicenow","fail":"own-id"}""");
        await site.RunEnded(await site.SendAlert());
        await site.Behave("""{"system":"servicenow","fail":"late-work-own-id","times":1}""");

        Assert.Equal("success", (await site.RunEnded(await site.SendAlert(index: 1))).Status);

        Assert.Equal(2, (await site.Tickets()).GetArrayLength());
        Assert.Equal(2, await site.WritesSentTo("servicenow"));
    }

    [Fact]
    public async Task NobodyCanKnow_OutcomeIsUnknownSaysWhereToLookAndIsNeverTriedAgain()
    {
        await using var site = await Site.Open();
        await site.Change("servicenow", "landed_within_seconds", 0);
        await site.Behave("""{"system":"servicenow","fail":"reset"}""");

        var id = await site.Ask("create ticket", "servicenow", new { short_description = "x" });
        var run = await site.ActionEnded(id);

        Assert.Equal("failed", run.Status);
        Assert.Contains("Outcome unknown: ", run.Message, StringComparison.Ordinal);
        Assert.Contains("Look in servicenow whether it happened before doing it again.", run.Message, StringComparison.Ordinal);
        var appRun = Assert.Single((await site.Get($"/rest/action_run/{id}/app_runs")).GetProperty("data").EnumerateArray());
        Assert.Equal("failed", appRun.GetProperty("status").GetString());
        Assert.Equal(run.Message, appRun.GetProperty("message").GetString());
        Assert.Equal(1, appRun.GetProperty("result_summary").GetProperty("total_objects_unknown").GetInt64());
        Assert.Equal(1, await site.WritesSentTo("servicenow"));

        await site.Behave("""{"system":"servicenow"}""");
        site.Client.Dispose();
        await site.Server.DisposeAsync();
        await site.StartServer();
        await site.RunEnded(await site.SendAlert());
        Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal(2, await site.WritesSentTo("servicenow"));
    }

    [Fact]
    public async Task CalledOffWhenItHasLeft_AnswerIsAwaitedAndKept()
    {
        await using var site = await Site.Open();
        await site.Behave("""{"system":"servicenow","latency_ms":1500}""");
        var id = await site.Ask("create ticket", "servicenow", new { short_description = "x" });
        while (await site.WritesSentTo("servicenow") == 0)
        {
            await Task.Yield();
        }

        var (status, body) = await site.Post($"/rest/action_run/{id}", """{"cancel":true}""");

        Assert.True(status == 200, body.ToString());
        Assert.Equal("success", (await site.ActionEnded(id)).Status);
        Assert.Single((await site.Tickets()).EnumerateArray());
    }

    [Fact]
    public async Task CalledOffBeforeItLeft_NothingIsSentAndItSaysSo()
    {
        await using var site = await Site.Open();
        var (stopped, why) = await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"a test"}""");
        Assert.True(stopped == 200, why.ToString());
        var id = await site.Ask("create ticket", "servicenow", new { short_description = "x" });

        await site.Post($"/rest/action_run/{id}", """{"cancel":true}""");

        var run = await site.ActionEnded(id);
        Assert.Equal(("cancelled", "Called off before it was done."), (run.Status, run.Message));
        Assert.Equal(0, await site.WritesSentTo("servicenow"));
    }
}

internal static class SiteActions
{
    public static async Task<long> Ask(this Site site, string action, string asset, object parameters)
    {
        var order = new { action, name = "asked", container_id = await site.QuietEvent(), targets = new[] { new { assets = new[] { asset }, parameters = new[] { parameters } } } };
        var (status, body) = await site.Post("/rest/action_run", JsonSerializer.Serialize(order));
        Assert.True(status == 200, body.ToString());
        return body.GetProperty("action_run_id").GetInt64();
    }

    public static async Task<ActionRunRow> ActionEnded(this Site site, long id)
    {
        while (true)
        {
            if (await site.Server.Store.Find<ActionRunRow>(id, TestContext.Current.CancellationToken) is { EndedAt: not null } ended)
            {
                return ended;
            }

            await Task.Yield();
        }
    }

    /// <summary>Changes one setting of an asset, as a form does that posts all of them.</summary>
    public static async Task Change(this Site site, string asset, string setting, JsonNode value)
    {
        var found = (await site.Get($"/rest/asset?_filter_name=\"{asset}\"")).GetProperty("data")[0];
        var configuration = JsonNode.Parse(found.GetProperty("configuration").GetRawText())!.AsObject();
        configuration[setting] = value;
        var (status, body) = await site.PostAsAdmin($"/rest/asset/{found.GetProperty("id")}", new JsonObject { ["configuration"] = configuration }.ToJsonString());
        Assert.True(status == 200, body.ToString());
    }
}
