using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Tests.Threats;

namespace Vedette.Server.Tests.Policies;

/// <summary>Caps of the policy: counted in the commit that starts an action.</summary>
public sealed class CapTests
{
    private const string Greedy = """
        import phantom.rules as phantom
        def on_start(container):
            for i in range(4):
                phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': str(i)}], assets=['servicenow'], callback=ended)
        def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
            pass
        """;

    [Fact]
    public async Task T21_CapOfThePolicy_HoldsForRunsSideBySide_AndOverARestart()
    {
        await using var site = await Site.Open();
        await site.SetPolicy($$"""{"level":"full","reach":[{{PolicySite.TicketsChange}}],"caps":[{"name":"five","most":5,"within_minutes":60}]}""");
        using var admin = site.AsAdmin();
        await admin.Import("greedy", Greedy);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => await site.Run(admin, await admin.NewEvent(), "local/greedy")));

        Assert.Equal(5, (await site.Tickets()).GetArrayLength());
        var refused = (await Results(site)).Where(result => result.State == ActionState.Failed).ToList();
        Assert.Equal(7, refused.Count);
        Assert.All(refused, result => Assert.Equal("Refused by policy: cap \"five\" is reached, 5 actions within 60 minutes; it was not sent. Ask again later, or have the policy changed.", result.Message));

        await site.Server.DisposeAsync();
        await site.StartServer();
        Assert.Equal("failed", (await site.ActionEnded(await site.AskTicket(await site.QuietEvent()))).GetProperty("status").GetString());
        var cap = (await site.Get("/rest/policy/explain?action=create%20ticket&asset=servicenow")).GetProperty("caps")[0];
        Assert.Equal((5, 5), (cap.GetProperty("used").GetInt32(), cap.GetProperty("most").GetInt32()));
    }

    [Fact]
    public async Task CapPerRun_CountsWhatItsRunStarts_AndNoOther()
    {
        await using var site = await Site.Open();
        await site.SetPolicy("""{"caps":[{"name":"three a run","when":{"reach":["records"],"label":"events"},"most":3,"per":"run"}]}""");
        using var admin = site.AsAdmin();
        await admin.Import("greedy", Greedy);
        var above = await site.RunPlaybook(admin, "above", Greedy + "\ndef on_start(container):\n    phantom.playbook('local/greedy', container=container, callback=ended)\n    phantom.playbook('local/greedy', container=container, callback=ended)\n");

        Assert.Equal("success", above.Status);
        Assert.Equal(3, (await site.Tickets()).GetArrayLength());
        await site.Run(admin, await admin.NewEvent(), "local/greedy");
        Assert.Equal(6, (await site.Tickets()).GetArrayLength());
    }

    /// <summary>At the server's own REST a run has no way around what is said of its playbook.</summary>
    [Fact]
    public async Task T08_ActionsAskedForAtOwnRest_AreHeldToTheRulesAndCapsOfTheirRun()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        const string ask = """
            import phantom.rules as phantom
            def on_start(container):
                for i in range(4):
                    phantom.requests.post(phantom.build_phantom_rest_url('action_run'), json={'action': 'create ticket', 'container_id': container['id'], 'targets': [{'assets': ['servicenow'], 'parameters': [{'short_description': 'x', 'description': str(i)}]}]}, verify=False)
            """;
        await site.SetPolicy("""{"caps":[{"name":"two a run","when":{"reach":["records"]},"most":2,"per":"run"}]}""");
        Assert.Equal("success", (await site.RunPlaybook(admin, "around", ask)).Status);
        await AllEnded(site);
        Assert.Equal(2, (await site.Tickets()).GetArrayLength());

        await site.SetPolicy("""{"rules":[{"name":"not from local","when":{"repository":"local"},"never":true}]}""");
        Assert.Equal("success", (await site.RunPlaybook(admin, "around", ask)).Status);
        await AllEnded(site);
        Assert.Equal(4, (await Results(site)).Count(result => result.Message.Contains("rule \"not from local\" says never", StringComparison.Ordinal)));
        Assert.Equal(2, (await site.Tickets()).GetArrayLength());
    }

    [Fact]
    public async Task CapOfTargets_CountsEachHostOnce_AndListsByTheirParts()
    {
        await using var site = await Site.Open();
        await site.SetPolicy("""
            {"level":"full","reach":[{"action":"get system attributes","reach":"changes"}],"caps":[
              {"name":"two hosts","when":{"action":"get system attributes"},"most":2,"of":"targets","within_minutes":60},
              {"name":"thrice on one","when":{"action":"get system attributes"},"most":3,"per":"target","within_minutes":60}]}
            """);
        var container = await site.QuietEvent();
        var decided = new List<string>();
        foreach (var host in new[] { "wks-1", "WKS-1", "wks-2", "wks-3", "wks-1", "wks-1", "wks-2" })
        {
            var id = await site.AskAction("get system attributes", container, "windows_server", new JsonObject { ["hostname"] = host });
            await site.ActionEnded(id);
            decided.Add((await site.ResultOf(id)).Decision.Split('"') is [_, var cap, ..] ? cap : "sent");
        }

        Assert.Equal(["sent", "sent", "sent", "two hosts", "sent", "thrice on one", "sent"], decided);
    }

    private static async Task AllEnded(Site site)
    {
        while (await site.Server.Store.Count<ActionRunRow>(Where.Is(nameof(ActionRunRow.EndedAt), null), TestContext.Current.CancellationToken) > 0)
        {
            await Task.Yield();
        }
    }

    private static ValueTask<IReadOnlyList<ActionResultRow>> Results(Site site) => site.Server.Store.Select<ActionResultRow>(new Query(), TestContext.Current.CancellationToken);
}
