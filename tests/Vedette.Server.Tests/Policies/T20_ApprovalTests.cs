using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Tests.Threats;

namespace Vedette.Server.Tests.Policies;

/// <summary>Whom the policy has asked, and that nothing leaves before they have said so.</summary>
public sealed class T20_ApprovalTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private const string Two = $$"""{"level":"full","reach":[{{PolicySite.TicketsDestroy}}],"rules":[{"name":"two eyes more","when":{"reach":"destroys"},"ask":{"approvers":["Incident Commander"],"persons":2,"within_minutes":90} } ]}""";

    [Fact]
    public async Task T20_TwoPersons_AreTwo_AndOnlyThoseWhoAreAsked()
    {
        await using var site = await Site.Open();
        using var one = await site.NewPerson("one", "Incident Commander");
        using var two = await site.NewPerson("two", "Incident Commander");
        await site.SetPolicy(Two);
        var id = await site.AskTicket(await site.QuietEvent());
        var approval = await site.ApprovalOf(id);

        Assert.Equal(TimeSpan.FromMinutes(90), approval.GetProperty("due_time").GetDateTimeOffset() - approval.GetProperty("start_time").GetDateTimeOffset());
        Assert.Equal("destroys", approval.GetProperty("targets")[0].GetProperty("reach").GetString());
        Assert.Equal(403, (await site.Admin.Approve(approval)).Status);
        var first = await one.Approve(approval);
        Assert.Equal(200, first.Status);
        Assert.Contains("it waits for 1 more for rule \\u0022two eyes more\\u0022", first.Said.Replace("\\\"", "\\u0022", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(409, (await one.Approve(approval)).Status);
        Assert.Equal(0, (await site.Tickets()).GetArrayLength());
        Assert.Equal(ActionState.Waiting, (await site.ResultOf(id)).State);

        Assert.Equal(200, (await two.Approve(approval)).Status);

        Assert.Equal("success", (await site.ActionEnded(id)).GetProperty("status").GetString());
        Assert.Equal(1, (await site.Tickets()).GetArrayLength());
        var acts = (await site.Server.Store.Select<AuditRow>(Query.For(Where.Is(nameof(AuditRow.Object), "approval")), Ct)).Select(row => row.Act);
        Assert.Equal(["asked", "approved_in_part", "approved"], acts);
    }

    [Fact]
    public async Task T20_SecondApprovalAfterAKill_StillCountsTheFirst()
    {
        await using var site = await Site.Open();
        using (var one = await site.NewPerson("one", "Incident Commander"))
        using (var two = await site.NewPerson("two", "Incident Commander"))
        {
            await site.SetPolicy(Two);
        }

        var id = await site.AskTicket(await site.QuietEvent());
        using (var one = site.As("one", site.Password))
        {
            await one.Approve(await site.ApprovalOf(id));
        }

        site.Setup = options => options with { Lab = null };
        await site.Server.DisposeAsync();
        await site.StartServer();
        using var second = site.As("two", site.Password);

        Assert.Equal(200, (await second.Approve(await site.ApprovalOf(id))).Status);
        Assert.Equal("success", (await site.ActionEnded(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task T20_OneDenies_NothingLeaves_WhateverWasApproved()
    {
        await using var site = await Site.Open();
        using var one = await site.NewPerson("one", "Incident Commander");
        using var two = await site.NewPerson("two", "Incident Commander");
        await site.SetPolicy(Two);
        var id = await site.AskTicket(await site.QuietEvent());
        var approval = await site.ApprovalOf(id);

        await one.Approve(approval);
        await two.Approve(approval, "deny");

        Assert.Equal("failed", (await site.ActionEnded(id)).GetProperty("status").GetString());
        Assert.Equal(0, (await site.Tickets()).GetArrayLength());
    }

    [Fact]
    public async Task T20_WhoAskedByHand_DoesNotApprove_NorHasSomebodyElseDoItInTheirPlace()
    {
        await using var site = await Site.Open();
        using var boss = await site.NewPerson("boss", "Incident Commander");
        using var deputy = await site.NewPerson("deputy", "Analyst");
        using var other = await site.NewPerson("other", "Incident Commander");
        await site.SetPolicy($$"""{"level":"assist","approvers":["Incident Commander"],"reach":[{{PolicySite.TicketsChange}}]}""");
        Assert.True((await boss.Said(HttpMethod.Post, "/rest/delegation", new { to = "deputy", until = DateTimeOffset.UtcNow.AddDays(2), reason = "away" })).TryGetProperty("success", out _));
        var container = await site.QuietEvent();
        var asked = await boss.Said(HttpMethod.Post, "/rest/action_run", new { action = "create ticket", container_id = container, targets = new[] { new { assets = new[] { "servicenow" }, parameters = new[] { new { short_description = "x", description = "x" } } } } });
        var id = asked.GetProperty("action_run_id").GetInt64();
        var approval = await site.ApprovalOf(id);

        Assert.Contains("waits for an approval", asked.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal((403, 403, 200), ((await boss.Approve(approval)).Status, (await deputy.Approve(approval)).Status, (await other.Approve(approval)).Status));
        Assert.Equal("success", (await site.ActionEnded(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Delegate_AnswersUntilTheEnd_AndNotAfterIt()
    {
        await using var site = await Site.Open();
        using var boss = await site.NewPerson("boss", "Incident Commander");
        using var deputy = await site.NewPerson("deputy", "Analyst");
        await site.SetPolicy($$"""{"level":"assist","approvers":["Incident Commander"],"reach":[{{PolicySite.TicketsChange}}]}""");
        var container = await site.QuietEvent();
        var (first, second) = (await site.AskTicket(container), await site.AskTicket(container, text: "y"));
        var given = await boss.Said(HttpMethod.Post, "/rest/delegation", new { to = "deputy", until = DateTimeOffset.UtcNow.AddDays(2) });

        Assert.Equal(200, (await deputy.Approve(await site.ApprovalOf(first))).Status);
        Assert.Equal("success", (await site.ActionEnded(first)).GetProperty("status").GetString());
        Assert.True((await boss.Said(HttpMethod.Delete, $"/rest/delegation/{given.GetProperty("id")}")).TryGetProperty("success", out _));
        Assert.Equal(403, (await deputy.Approve(await site.ApprovalOf(second))).Status);
        Assert.Equal(403, (await site.Post("/rest/delegation", """{"to":"deputy","until":"2030-01-01T00:00:00Z"}""")).Status);
    }

    [Fact]
    public async Task NobodyAnswersInTime_MoreAreAsked_AlsoOverARestart()
    {
        await using var site = await Site.Open();
        using var boss = await site.NewPerson("boss", "Incident Commander");
        await site.SetPolicy($$"""{"reach":[{{PolicySite.TicketsChange}}],"rules":[{"name":"owners","when":{"reach":"changes"},"ask":{"approvers":["Asset Owner"],"within_minutes":90,"escalate":{"after_minutes":30,"to":["Incident Commander"]} } }]}""");
        var id = await site.AskTicket(await site.QuietEvent());
        var approval = await site.ApprovalOf(id);
        Assert.Equal(403, (await boss.Approve(approval)).Status);
        var late = new Unit();
        late.Update<PromptRow>(approval.GetProperty("id").GetInt64(), null, (nameof(PromptRow.EscalateAt), DateTimeOffset.UtcNow));
        await site.Server.Store.Commit(late, Ct);
        site.Setup = options => options with { Lab = null };
        await site.Server.DisposeAsync();
        await site.StartServer();
        while ((await site.Server.Store.Find<PromptRow>(approval.GetProperty("id").GetInt64(), Ct))!.EscalateAt is not null)
        {
            await Task.Yield();
        }

        using var asked = site.As("boss", site.Password);
        Assert.Equal(200, (await asked.Approve(approval)).Status);
        Assert.Equal("success", (await site.ActionEnded(id)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task T20_PolicyChangedAfterAsking_VoidsTheApproval()
    {
        await using var site = await Site.Open();
        await site.SetPolicy($$"""{"level":"assist","reach":[{{PolicySite.TicketsChange}}]}""");
        var id = await site.AskTicket(await site.QuietEvent());

        await site.SetPolicy($$"""{"level":"assist","approvers":["Incident Commander"],"reach":[{{PolicySite.TicketsChange}}]}""");
        var (status, said) = await site.Admin.Approve(await site.ApprovalOf(id));

        Assert.Equal(409, status);
        Assert.Contains("the policy was changed after this action was asked for, so the approval is void", said, StringComparison.Ordinal);
        Assert.Equal("cancelled", (await site.ActionEnded(id)).GetProperty("status").GetString());
        Assert.Equal(0, (await site.Tickets()).GetArrayLength());
    }

    [Fact]
    public async Task RunThatAsks_GoesOnWithTheAnswer_AndPlaybooksReviewerIsAskedBeside()
    {
        await using var site = await Site.Open();
        using var boss = await site.NewPerson("boss", "Incident Commander");
        await site.SetPolicy($$"""{"level":"assist","approvers":["Incident Commander"],"reach":[{{PolicySite.TicketsChange}}]}""");
        await site.Import("asks", """
            import phantom.rules as phantom
            def on_start(container):
                phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': 'x'}], assets=['servicenow'], callback=ended, name='one', reviewer='admin')
            def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                phantom.comment(container=container, comment=str(success))
            """);
        var container = await site.QuietEvent();
        await site.Post("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/asks"}""");
        JsonElement open;
        do
        {
            open = (await site.Get("/rest/approval")).GetProperty("data");
        }
        while (open.GetArrayLength() == 0);

        Assert.Equal(["the playbook", "it changes another system, level assist of the installation"], open[0].GetProperty("requirements").EnumerateArray().Select(one => one.GetProperty("rule").GetString()));
        Assert.Equal((200, 0), ((await site.Admin.Approve(open[0])).Status, (await site.Tickets()).GetArrayLength()));
        Assert.Equal(200, (await boss.Approve(open[0])).Status);

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal("True", (await site.Get($"/rest/container/{container}/comments")).GetProperty("data")[0].GetProperty("comment").GetString());
        Assert.Equal(1, (await site.Tickets()).GetArrayLength());
    }
}
