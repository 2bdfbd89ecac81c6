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
    public async Task SystemAnswersAgain_WhatBecameOfItIsFoundWithoutAPerson()
    {
        await using var site = await Site.Open();
        await site.Change("servicenow", "landed_within_seconds", 0);
        await site.Behave("""{"system":"servicenow","fail":"cut"}""");
        var id = await site.Ask("create ticket", "servicenow", new { short_description = "x" });

        var asked = await site.InDoubt(id);

        Assert.Contains("Look in servicenow whether it happened before doing it again.", asked.Message, StringComparison.Ordinal);
        Assert.Contains($"vedette outcomes say {id}", asked.Message, StringComparison.Ordinal);
        await site.Behave("""{"system":"servicenow"}""");
        Assert.Equal("success", (await site.ActionEnded(id)).Status);
        Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal(1, await site.WritesSentTo("servicenow"));
    }

    /// <summary>Nothing tells from outside whether Splunk took an event. The question outlives the server, and nobody but a person ends it.</summary>
    [Theory]
    [InlineData("happened", "success", 1, "It happened, says admin: seen there")]
    [InlineData("leave_it", "failed", 1, "Outcome unknown, and left so by admin: seen there")]
    [InlineData("do_it", "success", 2, "")]
    public async Task NobodyCanKnow_APersonSays(string word, string status, int sent, string message)
    {
        await using var site = await Site.Open();
        // Without a sign-in, so that the first request is the one that changes something.
        await site.Change("splunk", "api_token", LabCredentials.SplunkToken);
        await site.Behave("""{"system":"splunk","fail":"cut","times":1}""");
        var id = await site.Ask("post data", "splunk", new { data = "x" });
        await site.InDoubt(id);
        site.Client.Dispose();
        site.Admin.Dispose();
        await site.Server.DisposeAsync();
        await site.StartServer();
        Assert.Equal("running", (await site.InDoubt(id)).Status);
        var body = $$"""{"outcome":"{{word}}","message":"seen there"}""";

        var (byToken, _) = await site.Post($"/rest/action_run/{id}", body);
        var (wrong, why) = await site.PostAsAdmin($"/rest/action_run/{id}", """{"outcome":"perhaps"}""");
        var (said, _) = await site.PostAsAdmin($"/rest/action_run/{id}", body);
        var (again, late) = await site.PostAsAdmin($"/rest/action_run/{id}", body);

        Assert.Equal((403, 400, 200, 409), (byToken, wrong, said, again));
        Assert.Contains("happened, do_it or leave_it", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("no outcome in doubt", late.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, (await site.ActionEnded(id)).Status);
        var result = Assert.Single(await site.Server.Store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), id)), TestContext.Current.CancellationToken));
        Assert.Contains(message, result.Message, StringComparison.Ordinal);
        Assert.Equal(sent, await site.WritesSentTo("splunk", "receivers/simple"));
        var record = await site.Server.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Act), "outcome_said") & Where.Is(nameof(AuditRow.ObjectId), id)), TestContext.Current.CancellationToken);
        Assert.Contains("seen there", Assert.Single(record).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunWithAnOutcomeInDoubt_SaysWhatItWaitsForAndGoesOnAtOnce()
    {
        await using var site = await Site.Open();
        // Without a sign-in, so that the first request is the one that changes something.
        await site.Change("splunk", "api_token", LabCredentials.SplunkToken);
        await site.Behave("""{"system":"splunk","fail":"cut","times":1}""");
        await site.Import("posts", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.act("post data", parameters=[{"data": "x"}], assets=["splunk"], callback=posted, name="post")

            def posted(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
                phantom.comment(container=container, comment=str(success))
            """);
        var container = await site.QuietEvent();
        var (_, started) = await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/posts"}""");
        var action = await site.InDoubt();

        var waits = Assert.Single((await site.Get($"/rest/playbook_run/{started.GetProperty("playbook_run_id").GetString()}/waiting_for")).GetProperty("data").EnumerateArray());
        Assert.Equal("outcome", waits.GetProperty("kind").GetString());
        Assert.Contains($"what became of \"post data\" on splunk: vedette outcomes say {action.Id}", waits.GetProperty("what").GetString(), StringComparison.Ordinal);
        await site.PostAsAdmin($"/rest/action_run/{action.Id}", """{"outcome":"happened"}""");

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal("True", Assert.Single((await site.Get($"/rest/container/{container}/comments")).GetProperty("data").EnumerateArray()).GetProperty("comment").GetString());
        Assert.Empty((await site.Get($"/rest/playbook_run/{started.GetProperty("playbook_run_id").GetString()}/waiting_for")).GetProperty("data").EnumerateArray());
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

    /// <summary>The action run that waits for a person to say what became of it.</summary>
    public static async Task<ActionRunRow> InDoubt(this Site site, long? id = null)
    {
        while (true)
        {
            var open = await site.Server.Store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.Status), "running")), TestContext.Current.CancellationToken);
            if (open.FirstOrDefault(run => (id is null || run.Id == id) && run.Message.StartsWith("Outcome unknown: ", StringComparison.Ordinal)) is { } found)
            {
                return found;
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
