using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Lab;
using Vedette.Server.Tests.Threats;

namespace Vedette.Server.Tests.Policies;

/// <summary>Taking back what a run did, newest first.</summary>
public sealed class UndoTests
{
    private const string Writes = """
        import json
        import phantom.rules as phantom
        def on_start(container):
            phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': 'x'}], assets=['servicenow'], callback=made, name='make')
        def made(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
            number = results[0]['action_results'][0]['data'][0]['number']
            phantom.act('update ticket', parameters=[{'id': number, 'fields': json.dumps({'short_description': 'first'})}], assets=['servicenow'], callback=again, name='first', handle=number)
        def again(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
            phantom.act('update ticket', parameters=[{'id': handle, 'fields': json.dumps({'short_description': 'second', 'work_notes': 'a note'})}], assets=['servicenow'], callback=ended, name='second')
        def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
            pass
        """;

    [Fact]
    public async Task WhatARunDid_IsTakenBackNewestFirst_AndWhatCannotBeIsSaid()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "writes", Writes);
        Assert.True(run.Status == "success", run.Message);
        Assert.Equal("second", await Described(site));

        var plan = await Plan(site, run);

        Assert.Equal(["update ticket open", "update ticket open", "create ticket cannot"], plan.Select(step => $"{step.GetProperty("action").GetString()} {step.GetProperty("state").GetString()}"));
        Assert.Equal("Notes and comments that were added stay.", plan[0].GetProperty("says").GetString());
        Assert.Equal("first", Before(plan[0]));
        Assert.Equal("x", Before(plan[1]));
        Assert.Equal("the app names no way back.", plan[2].GetProperty("says").GetString());

        await site.ActionEnded(await Undo(site, run, plan[0]));
        Assert.Equal("first", await Described(site));
        await site.ActionEnded(await Undo(site, run, plan[1]));
        Assert.Equal("x", await Described(site));

        Assert.Equal(["undone", "undone", "cannot"], (await Plan(site, run)).Select(step => step.GetProperty("state").GetString()));
        var (twice, why) = await site.PostAsAdmin($"/rest/playbook_run/{run.Id}/undo", $$"""{"result":{{plan[0].GetProperty("result")}}}""");
        Assert.Equal(409, twice);
        Assert.Contains("it is undone already", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, await site.Server.Store.Count<AuditRow>(Where.Is(nameof(AuditRow.Act), "asked_undo"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task UndoIsAnAction_ToWhichThePolicyApplies_AndTwoAtOnceAreOne()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        using var boss = await site.NewPerson("boss", "Incident Commander");
        var run = await site.RunPlaybook(admin, "writes", Writes);
        await site.SetPolicy("""{"level":"assist","approvers":["Incident Commander"],"reach":[{"action":"update ticket","reach":"changes"}]}""");
        var newest = (await Plan(site, run))[0];
        var body = $$"""{"result":{{newest.GetProperty("result")}}}""";

        var both = await Task.WhenAll(site.PostAsAdmin($"/rest/playbook_run/{run.Id}/undo", body), site.PostAsAdmin($"/rest/playbook_run/{run.Id}/undo", body));

        Assert.Equal([200, 409], both.Select(one => one.Status).Order());
        var asked = both.Single(one => one.Status == 200).Body;
        Assert.Equal("It waits for an approval.", asked.GetProperty("message").GetString());
        Assert.Equal("under_way", (await Plan(site, run))[0].GetProperty("state").GetString());
        Assert.Equal("second", await Described(site));
        var action = asked.GetProperty("action_run_id").GetInt64();
        Assert.Equal(200, (await boss.Approve(await site.ApprovalOf(action))).Status);
        Assert.Equal("success", (await site.ActionEnded(action)).GetProperty("status").GetString());
        Assert.Equal("first", await Described(site));
    }

    private static async Task<List<JsonElement>> Plan(Site site, PlaybookRunRow run) => [.. (await site.Get($"/rest/playbook_run/{run.Id}/undo")).GetProperty("data").EnumerateArray()];

    private static async Task<long> Undo(Site site, PlaybookRunRow run, JsonElement step)
    {
        var (status, asked) = await site.PostAsAdmin($"/rest/playbook_run/{run.Id}/undo", $$"""{"result":{{step.GetProperty("result")}}}""");
        Assert.True(status == 200, asked.ToString());
        return asked.GetProperty("action_run_id").GetInt64();
    }

    private static string? Before(JsonElement step) => (string?)JsonNode.Parse(step.GetProperty("back").GetProperty("parameters").GetProperty("fields").GetString()!)!["short_description"];

    /// <summary>As the ticket system has it.</summary>
    private static async Task<string?> Described(Site site)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LabCredentials.ServiceNowUser}:{LabCredentials.ServiceNowPassword}")));
        var found = await client.GetFromJsonAsync<JsonElement>($"{site.Lab.ServiceNowUrl}/api/now/table/incident?sysparm_limit=1", TestContext.Current.CancellationToken);
        return found.GetProperty("result")[0].GetProperty("short_description").GetString();
    }
}
