using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Lab;
using Vedette.Lab.Alerts;

namespace Vedette.Server.Tests.Threats;

public sealed class T21_AutomationRunsWildTests
{
    [Theory]
    [InlineData("create ticket", "{'short_description': 'x', 'description': 'x'}")]
    [InlineData("update ticket", "{'id': 'INC0010001', 'fields': '{}'}")]
    [InlineData("post data", "{'data': 'x'}")]
    public async Task T21_WritingActionThatNamesNoAsset_IsRefusedAndNothingLeaves(string action, string parameters)
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "unnamed", $$"""
            import phantom.rules as phantom
            def on_start(container):
                phantom.act('{{action}}', parameters=[{{parameters}}], callback=ended, name='one')
            def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                phantom.save_playbook_output_data({'success': success})
            """);

        Assert.False((bool)run.Output()["success"]!);
        var asked = Assert.Single(await site.Server.Store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id)), TestContext.Current.CancellationToken));
        Assert.Contains("names no asset", asked.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Calls(site.Lab.Url));
    }

    /// <summary>Limits drawn by a fixed seed; every run asks for more than it may, over several turns, all at the same time.</summary>
    [Fact]
    public async Task T21_ParallelRunsThatAskWithoutEnd_NoneExceedsItsCap()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        // Once in, so that the parallel requests are not taken for guesses of the password.
        await admin.NewEvent();
        var dice = new Random(21);
        var limits = Enumerable.Range(0, 8).Select(i => i == 0 ? (int?)null : i == 1 ? -5 : dice.Next(0, 40)).ToList();
        var runs = await Task.WhenAll(limits.Select((limit, number) => site.RunPlaybook(admin, $"greedy_{number}", $$"""
            import phantom.rules as phantom
            def ask():
                refused = 0
                for _ in range(60):
                    try:
                        # An address inside is refused by the connector itself, so nothing is sent.
                        phantom.act('whois ip', parameters=[{'ip': '10.0.0.1'}], assets=['whois'], callback=ended)
                    except RuntimeError:
                        refused += 1
                return refused
            def on_start(container):
                {{(limit is { } set ? $"phantom.set_action_limit({set})" : "pass")}}
                phantom.save_run_data(str(ask()), 'refused')
            def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                ask()
            """)));

        foreach (var (run, limit) in runs.Zip(limits))
        {
            Assert.True(run.Status == "success", run.Message);
            Assert.Equal(Math.Max(0, limit ?? 50), await site.Server.Store.Count<ActionRunRow>(Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id), TestContext.Current.CancellationToken));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task T21_StopKillStart_StillStopped_AndNothingLeavesUntilAPersonLiftsIt()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        const string token = "0123456789abcdef0123456789abcdef0123456789abcdef";
        using (var first = await ServerProcess.Start(folder, new Uri(lab.Url), token))
        {
            using var admin = Admin(first.Url);
            Assert.True((await admin.Said(HttpMethod.Post, "/rest/stop_switch", new { stopped = true, reason = "a drill" })).TryGetProperty("success", out _));
            var before = await Calls(lab.Url);
            using var alerts = new HttpClient { BaseAddress = first.Url };
            for (var story = 0; story < 4; story++)
            {
                await new SplunkPusher(alerts, token, new SplunkAlerts("a", TimeProvider.System)).Push(story, ct);
            }

            await AllWait(admin);
            Assert.Equal(before, await Calls(lab.Url));
            first.Kill();
        }

        using var second = await ServerProcess.Start(folder, new Uri(lab.Url), token);
        using var again = Admin(second.Url);
        Assert.True((await again.Said(HttpMethod.Get, "/rest/stop_switch")).GetProperty("stopped").GetBoolean());
        await AllWait(again);
        Assert.Equal(0, await Calls(lab.Url));

        Assert.True((await again.Said(HttpMethod.Post, "/rest/stop_switch", new { stopped = false, reason = "over" })).TryGetProperty("success", out _));
        while ((await again.Said(HttpMethod.Get, "/rest/playbook_run?_filter_status__in=[\"pending\",\"running\"]")).GetProperty("count").GetInt64() > 0)
        {
            await Task.Yield();
        }

        Assert.True(await Calls(lab.Url) > 0);
        second.Kill();
        Directory.Delete(folder, recursive: true);
    }

    private static HttpClient Admin(Uri url)
    {
        var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:a-made-up-password-1"u8));
        return client;
    }

    /// <summary>Ends when every run that was started has asked for its actions and none of them has an answer.</summary>
    private static async Task AllWait(HttpClient admin)
    {
        while (true)
        {
            var asked = (await admin.Said(HttpMethod.Get, "/rest/action_run?page_size=0")).GetProperty("data").EnumerateArray().ToList();
            var runs = (await admin.Said(HttpMethod.Get, "/rest/playbook_run?page_size=0")).GetProperty("data").EnumerateArray().Select(run => $"{run.GetProperty("id")}").ToHashSet();
            Assert.All(asked, action => Assert.Equal("pending", action.GetProperty("status").GetString()));
            if (runs.Count > 0 && runs.SetEquals(asked.Select(action => $"{action.GetProperty("playbook_run")}")))
            {
                return;
            }

            await Task.Yield();
        }
    }

    private static async Task<long> Calls(string lab)
    {
        using var client = new HttpClient { BaseAddress = new Uri(lab) };
        return JsonNode.Parse((await client.Said(HttpMethod.Get, "/_lab/calls")).ToString())!.AsObject().Sum(system => (long)system.Value!);
    }
}
