using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine;
using Vedette.Engine.Storage;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Model;

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

    /// <summary>A run, and two that it starts, ask for more tickets than they may, all at the same time.</summary>
    [Fact]
    public async Task T21_RunAndThoseItStarts_WriteNoMoreThanTheirCapTogether()
    {
        await using var site = await Site.Open(caps: new Caps { WritesPerRun = 5 });
        using var admin = site.AsAdmin();
        const string ask = """
            import phantom.rules as phantom
            def ask():
                for i in range(4):
                    phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': str(i)}], assets=['servicenow'], callback=ended)
            def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                pass
            """;
        Assert.True((await admin.Import("below", $"{ask}\ndef on_start(container):\n    ask()\n")).TryGetProperty("success", out _));
        var run = await site.RunPlaybook(admin, "above", $"{ask}\ndef on_start(container):\n    ask()\n    for _ in range(2):\n        phantom.playbook('local/below', container=container, callback=ended)\n");

        Assert.True(run.Status == "success", run.Message);
        var results = await Results(site);
        Assert.Equal(12, results.Count);
        Assert.Equal(5, results.Count(result => result.State == ActionState.Done));
        Assert.Equal(5, (await site.Tickets()).GetArrayLength());
        Assert.Equal(5, (await site.Server.Store.Find<PlaybookRunRow>(run.Id, TestContext.Current.CancellationToken))!.WritesStarted);
        Assert.All(results.Where(result => result.State != ActionState.Done), result =>
        {
            Assert.Contains("5 times, and most_writes_per_run allows no more", result.Message, StringComparison.Ordinal);
            Assert.Equal(result.Message, result.Decision);
        });
    }

    /// <summary>They wait on disk when the server starts, and are taken up side by side; what was started before the next start counts on.</summary>
    [Fact]
    public async Task T21_ChangesSideBySideAndOverRestarts_NoMoreThanTheCapInAnHour()
    {
        await using var site = await Site.Open(caps: new Caps { ChangesPerHour = 3 });
        using var admin = site.AsAdmin();
        Assert.True((await admin.Said(HttpMethod.Post, "/rest/policy", new { level = "full" })).TryGetProperty("success", out _));
        await Restart(site, changes: 10);

        var results = await Results(site);
        Assert.Equal(3, (await site.Tickets()).GetArrayLength());
        Assert.Equal(3, results.Count(result => result.State == ActionState.Done));
        Assert.All(results.Where(result => result.State != ActionState.Done), result => Assert.Contains("3 actions that change other systems have been started within the last hour, and most_changes_per_hour allows no more", result.Message, StringComparison.Ordinal));

        await Restart(site, changes: 4);
        Assert.Equal(3, (await site.Tickets()).GetArrayLength());
        Assert.Equal(14, (await Results(site)).Count(result => result.EndedAt is not null));
    }

    /// <summary>SIGKILL while the first of them are on their way: what was begun before counts on, and what was cut off takes no second place.</summary>
    [Fact(Timeout = 120_000)]
    public async Task T21_KilledWhileItWrites_TheCapHoldsOverBothLives()
    {
        var ct = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
        const string token = "0123456789abcdef0123456789abcdef0123456789abcdef";
        using var control = new HttpClient { BaseAddress = new Uri(lab.Url) };
        // The record is made, its answer is cut off: at the kill some are begun, some are made, none has an answer.
        using var cut = new StringContent("""{"system":"servicenow","fail":"cut","rate":0.5}""");
        (await control.PostAsync("/_lab/behaviour", cut, ct)).EnsureSuccessStatusCode();
        using (var first = await ServerProcess.Start(folder, new Uri(lab.Url), token, more: ["--most-writes-per-run", "5"]))
        {
            using var admin = Admin(first.Url);
            await admin.Import("greedy", """
                import phantom.rules as phantom
                def on_start(container):
                    for i in range(12):
                        phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': str(i)}], assets=['servicenow'], callback=ended)
                def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                    pass
                """);
            for (var run = 0; run < 3; run++)
            {
                await admin.Said(HttpMethod.Post, "/rest/playbook_run", new { container_id = await admin.NewEvent(), playbook_id = "local/greedy" });
            }

            await lab.TicketsReached(4, ct);
            first.Kill();
        }

        using var well = new StringContent("""{"system":"servicenow","fail":null}""");
        (await control.PostAsync("/_lab/behaviour", well, ct)).EnsureSuccessStatusCode();
        using var second = await ServerProcess.Start(folder, new Uri(lab.Url), token, more: ["--most-writes-per-run", "5"]);
        using var after = Admin(second.Url);
        while ((await after.Said(HttpMethod.Get, "/rest/playbook_run?_filter_status__in=[\"pending\",\"running\"]")).GetProperty("count").GetInt64() > 0)
        {
            await Task.Yield();
        }

        var tickets = (await control.GetFromJsonAsync<JsonElement>("/_lab/tickets", ct)).EnumerateArray().ToList();
        Assert.Equal(15, tickets.Count);
        Assert.Equal(15, tickets.Select(ticket => ticket.GetProperty("correlation_id").GetString()).Distinct().Count());
        second.Kill();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task T21_RunThatLooksUpWithoutEnd_IsRefusedAtItsCapAndGoesOn()
    {
        await using var site = await Site.Open(caps: new Caps { ActionsPerRun = 20 });
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "curious", """
            import phantom.rules as phantom
            def on_start(container):
                for _ in range(9):
                    phantom.act('whois ip', parameters=[{'ip': '10.0.0.1'}] * 3, assets=['whois'], callback=ended)
            def ended(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                phantom.save_run_data('1', str(action['action_run_id']))
                phantom.save_playbook_output_data({'heard': 1})
            """);

        Assert.True(run.Status == "success", run.Message);
        Assert.Equal(18, (await Results(site)).Count);
        var asked = await site.Server.Store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id)), TestContext.Current.CancellationToken);
        Assert.Equal(9, asked.Count);
        Assert.Equal(3, asked.Count(one => one.Status == "failed" && one.Message.Contains("more than 20 actions asked for by one run, and most_actions_per_run allows no more", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task T21_RunThatGoesInARound_FailsAtItsCapOfTurns()
    {
        await using var site = await Site.Open(caps: new Caps { TurnsPerRun = 10 });
        using var admin = site.AsAdmin();
        var run = await site.RunPlaybook(admin, "round", """
            import phantom.rules as phantom
            def on_start(container):
                phantom.act('whois ip', parameters=[{'ip': '10.0.0.1'}], assets=['whois'], callback=again)
            def again(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
                on_start(container)
            """);

        Assert.Equal("failed", run.Status);
        Assert.Contains("10 turns, and most_turns_per_run allows no more", run.Message, StringComparison.Ordinal);
        Assert.Equal(10, (await Results(site)).Count);
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

    /// <summary>Puts changes onto the disk as the policy allows them, and starts the server anew; answers when all have ended.</summary>
    private static async Task Restart(Site site, int changes)
    {
        var ct = TestContext.Current.CancellationToken;
        var store = site.Server.Store;
        var asset = Assert.Single(await store.Select<AssetRow>(Query.For(Where.Is(nameof(AssetRow.Name), "servicenow")), ct));
        var now = DateTimeOffset.UtcNow;
        var unit = new Unit();
        for (var i = 0; i < changes; i++)
        {
            var run = new ActionRunRow { Id = store.NextId<ActionRunRow>(), CreatedAt = now, UpdatedAt = now, Action = "create ticket", Name = $"change {i}", Status = "pending" };
            var appRun = new AppRunRow { Id = store.NextId<AppRunRow>(), CreatedAt = now, UpdatedAt = now, ActionRunId = run.Id, Action = run.Action, AppId = asset.AppId, AssetId = asset.Id, Status = "pending" };
            unit.Insert(run);
            unit.Insert(appRun);
            unit.Insert(new ActionResultRow
            {
                Id = store.NextId<ActionResultRow>(),
                CreatedAt = now,
                UpdatedAt = now,
                ActionRunId = run.Id,
                AppRunId = appRun.Id,
                AssetId = asset.Id,
                Position = 0,
                State = ActionState.Allowed,
                Reach = i % 2 == 0 ? Reach.Changes : Reach.Destroys,
                Settling = Settling.Keyed,
                EffectKey = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)),
                Parameter = """{"short_description": "x", "description": "x"}""",
            });
        }

        Assert.True((await store.Commit(unit, ct)).IsDone);
        site.Client.Dispose();
        site.Admin.Dispose();
        await site.Server.DisposeAsync();
        await site.StartServer();
        while (await site.Server.Store.Count<ActionRunRow>(Where.Is(nameof(ActionRunRow.EndedAt), null), ct) > 0)
        {
            await Task.Yield();
        }
    }

    private static ValueTask<IReadOnlyList<ActionResultRow>> Results(Site site) => site.Server.Store.Select<ActionResultRow>(Query.For(Where.All), TestContext.Current.CancellationToken);

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
