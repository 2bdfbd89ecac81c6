using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Tests.Threats;

namespace Vedette.Server.Tests.Policies;

/// <summary>The dial: what is done by itself, what asks, what is only recorded and what is refused.</summary>
public sealed class LevelTests
{
    [Theory]
    [InlineData("observe", "records", "record")]
    [InlineData("observe", "changes", "record")]
    [InlineData("assist", "records", "run")]
    [InlineData("assist", "changes", "ask")]
    [InlineData("guarded", "changes", "run")]
    [InlineData("guarded", "destroys", "ask")]
    [InlineData("full", "destroys", "run")]
    public async Task LevelDecides_WhatLeavesByItself(string level, string reach, string would)
    {
        await using var site = await Site.Open();
        await site.SetPolicy($$"""{"level":"{{level}}","reach":[{"action":"create ticket","reach":"{{reach}}"}]}""");
        var container = await site.QuietEvent();
        var explained = await site.Get($"/rest/policy/explain?action=create%20ticket&asset=servicenow&container_id={container}");

        var id = await site.AskTicket(container);

        Assert.Equal((would, reach), (explained.GetProperty("would").GetString(), explained.GetProperty("reach").GetString()));
        if (would == "ask")
        {
            Assert.Equal("pending", (await site.ApprovalOf(id)).GetProperty("status").GetString());
            Assert.Equal(ActionState.Waiting, (await site.ResultOf(id)).State);
            Assert.Equal(0, (await site.Tickets()).GetArrayLength());
            return;
        }

        var ended = await site.ActionEnded(id);
        Assert.Equal(would == "run" ? "success" : "failed", ended.GetProperty("status").GetString());
        Assert.Equal(would == "run" ? 1 : 0, (await site.Tickets()).GetArrayLength());
        var result = await site.ResultOf(id);
        Assert.Contains($"level {level} of the installation", result.Decision, StringComparison.Ordinal);
        Assert.Equal(would == "record", result.Simulated);
    }

    [Fact]
    public async Task OfSeveralThatApply_TheStrictestCounts()
    {
        await using var site = await Site.Open();
        await site.SetPolicy($$"""
            {"level":"full","reach":[{{PolicySite.TicketsChange}}],"rules":[
              {"name":"careful here","when":{"label":"events","asset":["service*"]},"level":"assist"},
              {"name":"freely","when":{"repository":"local"},"level":"full"},
              {"name":"other events","when":{"label":"phishing"},"level":"observe"}]}
            """);
        var container = await site.QuietEvent();

        var explained = await site.Get($"/rest/policy/explain?action=create%20ticket&asset=servicenow&container_id={container}");

        Assert.Equal("ask", explained.GetProperty("would").GetString());
        Assert.Contains("rule \"careful here\"", explained.GetProperty("because").GetString(), StringComparison.Ordinal);
        Assert.Equal(["applies", "there is no repository here", "label is events"], explained.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("applies").GetBoolean() ? "applies" : rule.GetProperty("why_not").GetString()));
    }

    [Fact]
    public async Task PlaybookRun_IsHeldToTheRuleOfItsRepository_AndGoesOnWithWhatItMay()
    {
        await using var site = await Site.Open();
        await site.SetPolicy("""{"rules":[{"name":"local may not write","when":{"repository":"local","reach":["records"]},"level":"observe"}]}""");
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "writes", """
            import phantom.rules as phantom
            def on_start(container):
                phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': 'x'}], assets=['servicenow'], callback=ended, name='write')
                phantom.act('whois ip', parameters=[{'ip': '10.0.0.1'}], assets=['whois'], callback=ended, name='read')
            def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                phantom.save_run_data(str(results[0]['action_results'][0]['message']), action['action_name'])
                phantom.save_playbook_output_data({'said': phantom.get_run_data(key='create ticket')})
            """);

        Assert.Equal("success", run.Status);
        var results = await site.Server.Store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ContainerId), run.ContainerId)), TestContext.Current.CancellationToken);
        Assert.Equal("Not sent, only recorded, as it writes a record: level observe of rule \"local may not write\".", results.Single(result => result.Reach == Reach.Records).Message);
        Assert.Equal("automatic: it reads", results.Single(result => result.Reach == Reach.Reads).Decision);
        Assert.Equal(0, (await site.Tickets()).GetArrayLength());
    }

    [Theory]
    [InlineData("DC01.corp.example")]
    [InlineData("dc01")]
    [InlineData("wks-1, dc01.corp.example")]
    public async Task NeverADomainController_HoldsForEachWayToNameIt(string named)
    {
        await using var site = await Site.Open();
        var container = await site.QuietEvent();
        using var admin = site.AsAdmin();
        await admin.Said(HttpMethod.Post, "/rest/artifact", new { container_id = container, cef = new { destinationHostName = "dc01" } });
        JsonElement found;
        do
        {
            found = await admin.Said(HttpMethod.Get, "/rest/indicator_by_value?indicator_value=dc01");
        }
        while (!found.TryGetProperty("id", out _));
        Assert.True((await admin.Said(HttpMethod.Post, $"/rest/indicator/{found.GetProperty("id")}", new { tags = new[] { "Domain Controller" } })).TryGetProperty("success", out _));
        await site.SetPolicy("""
            {"level":"full","reach":[{"action":"get system attributes","reach":"destroys"}],
             "rules":[{"name":"no domain controller","when":{"target_tags":"domain controller","reach":["changes","destroys"]},"never":true}]}
            """);

        var refused = await site.ActionEnded(await site.AskAction("get system attributes", container, "windows_server", new JsonObject { ["hostname"] = named }));
        var id = await site.AskAction("get system attributes", container, "windows_server", new JsonObject { ["hostname"] = "wks-0417" });
        await site.ActionEnded(id);
        var other = await site.ResultOf(id);

        // Neither a token nor a run takes the tag off, and so the rule with it.
        Assert.Equal(403, (await site.Post($"/rest/indicator/{found.GetProperty("id")}", """{"tags":[]}""")).Status);
        Assert.Equal(200, (await site.Post($"/rest/indicator/{found.GetProperty("id")}", """{"tags":["Domain Controller","seen"]}""")).Status);
        Assert.Equal("failed", refused.GetProperty("status").GetString());
        Assert.Contains("rule \"no domain controller\" says never", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("automatic: ", other.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWaits_IsHeldToThePolicyThatIsInForceWhenItWouldLeave()
    {
        await using var site = await Site.Open();
        await site.SetPolicy($$"""{"level":"full","reach":[{{PolicySite.TicketsChange}}]}""");
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":true,"reason":"a drill"}""");
        var container = await site.QuietEvent();
        var observed = await site.AskTicket(container);

        await site.SetPolicy($$"""{"level":"observe","reach":[{{PolicySite.TicketsChange}}]}""");
        await site.PostAsAdmin("/rest/stop_switch", """{"stopped":false}""");

        Assert.Contains("Not sent, only recorded", (await site.ActionEnded(observed)).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await site.Tickets()).GetArrayLength());
    }

    [Fact]
    public async Task PolicySurvivesARestart()
    {
        await using var site = await Site.Open();
        await site.SetPolicy("""{"level":"observe"}""");
        await site.Server.DisposeAsync();
        await site.StartServer();

        Assert.Equal("failed", (await site.ActionEnded(await site.AskTicket(await site.QuietEvent()))).GetProperty("status").GetString());
        Assert.Equal("observe", (await site.Get("/rest/policy")).GetProperty("policy").GetProperty("level").GetString());
    }

    [Fact]
    public async Task WhatIsNotKnownInAPolicy_IsAllNamed_AndTheOneBeforeStays()
    {
        await using var site = await Site.Open();
        await site.SetPolicy("""{"level":"assist"}""");

        var (status, body) = await site.PostAsAdmin("/rest/policy", """
            {"level":"free","lvl":"full","rules":[{"name":"a","when":{"colour":"red","hours":"9-17"},"level":"full"},{"name":"A","never":true},{"name":"empty"}],"caps":[{"name":"c","per":"all"}]}
            """);

        Assert.Equal(400, status);
        var said = body.GetProperty("message").GetString()!;
        Assert.All(
            ["level is \"free\"", "\"lvl\", which is not known", "rules \"a\", when has \"colour\"", "hours is \"9-17\"", "two rules \"a\"", "rules \"empty\" says nothing", "caps \"c\" needs \"within_minutes\"", "caps \"c\" has no \"most\""],
            part => Assert.Contains(part, said, StringComparison.Ordinal));
        Assert.Equal("assist", (await site.Get("/rest/policy")).GetProperty("policy").GetProperty("level").GetString());
    }

    [Fact]
    public async Task T08_TokenAndAnalyst_DoNotSetThePolicy_AndWhoDoesIsOnRecord()
    {
        await using var site = await Site.Open();
        using var analyst = await site.NewPerson("ana", "Analyst");
        using var content = new StringContent("""{"level":"full"}""");
        using var byAnalyst = await analyst.PostAsync("/rest/policy", content, TestContext.Current.CancellationToken);
        var (byToken, _) = await site.Post("/rest/policy", """{"level":"full"}""");

        Assert.Equal((403, 403), ((int)byAnalyst.StatusCode, byToken));
        await site.SetPolicy("""{"level":"guarded"}""");
        var row = Assert.Single(await site.Server.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Object), "policy")), TestContext.Current.CancellationToken));
        Assert.Equal("""{"before":{},"after":{"level":"guarded"}}""", row.Content);
    }
}
