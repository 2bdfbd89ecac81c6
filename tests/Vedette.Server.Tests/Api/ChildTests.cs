using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Api;

/// <summary>Playbooks that start playbooks: inputs, outputs, scope, waiting, and what cannot be started.</summary>
public sealed class ChildTests
{
    private const string Child = """
        import phantom.rules as phantom

        def on_start(container):
            words = [row[0] for row in phantom.collect2(container=container, datapath=["playbook_input:word"])]
            seen = phantom.collect2(container=container, datapath=["artifact:*.id"])
            phantom.save_run_data(key="out", value="%s %d %s" % (words, len(seen), phantom.get_parent_handle()))
            phantom.set_parent_handle({"from": "child"})

        @phantom.playbook_block()
        def on_finish(container, summary):
            phantom.save_playbook_output_data(output={"said": phantom.get_run_data(key="out"), "list": [{"v": 1}, {"v": 2}]})
        """;

    private const string Data = """{"coa":{"python_version":"3","playbook_type":"data","input_spec":[{"name":"word"}]}}""";

    [Fact]
    public async Task ParentWaitsForAChildWithACallback_AndReadsWhatItPutOut()
    {
        await using var site = await Site.Open();
        await site.Import("child", Child, Data);

        var run = await site.Passes("""
            phantom.add_artifact(container=container, cef_data={"a": "1"}, name="1")
            run = phantom.playbook("local/child", container=container, name="c", handle={"n": 5}, inputs={"word": ["x", "y"]}, callback=heard, loop_state="state")
            assert isinstance(run, int)
            assert not phantom.completed(playbook_names=["c"])
            assert phantom.collect2(container=container, datapath=["c:playbook_output:said"]) == []
            """, """
            @phantom.playbook_block()
            def heard(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
                assert success and handle == {"from": "child"} and loop_state_json == "state"
                assert phantom.completed(playbook_names=["c"]) and phantom.actions_done(["c"])
                assert phantom.collect2(container=container, datapath=["c:playbook_output:said"]) == [["['x', 'y'] 1 {'n': 5}"]]
                assert phantom.collect2(container=container, datapath=["c:playbook_output:list.*.v"]) == [[1], [2]]
                assert results[0]["playbook"] == "local/child" and results[0]["status"] == "success"
                assert phantom.format(container=container, template="{0}", parameters=["c:playbook_output:list.*.v"]) == "1, 2"
                phantom.comment(container, "heard")

            def on_finish(container, summary):
                phantom.comment(container, "finished")
            """);

        Assert.Equal(["heard", "finished"], await site.CommentsOn(run));
        var child = (await site.Get($"/rest/playbook_run?_filter_parent_run={run.GetProperty("id")}")).GetProperty("data")[0];
        Assert.Equal("success", child.GetProperty("status").GetString());
    }

    [Fact]
    public async Task ChildThatCannotBeStarted_IsHeardAsAFailure()
    {
        await using var site = await Site.Open();
        await site.Import("failing", "import phantom.rules as phantom\n\ndef on_start(container):\n    raise ValueError('on purpose')\n");

        var run = await site.Passes("""
            assert phantom.playbook("local/nothing", container=container) is None
            assert phantom.playbook("local/nothing", container=container, name="a", callback=heard) is None
            assert phantom.playbook("failing", container=container, name="b", callback=heard) > 0
            """, """
            def heard(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container, "%s %s %s" % (results[0]["name"], success, results[0]["message"]))
            """);

        var heard = await site.CommentsOn(run);
        Assert.Equal("a False Playbook \"local/nothing\" not found", heard[0]);
        Assert.StartsWith("b False ValueError: on purpose", heard[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ParentDoesNotWaitForAChildWithoutACallback()
    {
        await using var site = await Site.Open();
        await site.Import("slow", """
            import phantom.rules as phantom
            from datetime import datetime, timedelta

            def on_start(container):
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="late", start_time=datetime.now() + timedelta(days=1))
            """);
        await site.Import("parent", "import phantom.rules as phantom\n\ndef on_start(container):\n    phantom.playbook('local/slow', container=container)\n");
        var container = await site.QuietEvent();
        await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/parent"}""");

        var runs = await Until(site, container, runs => runs.Count == 2 && runs[0].EndedAt is not null && runs[1].Status == "running");

        Assert.Equal("success", runs[0].Status);
    }

    [Fact]
    public async Task CancelledParent_TakesTheChildItWaitsForAlong()
    {
        await using var site = await Site.Open();
        await site.Import("slow", """
            import phantom.rules as phantom
            from datetime import datetime, timedelta

            def on_start(container):
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="late", start_time=datetime.now() + timedelta(days=1))
            """);
        await site.Import("parent", "import phantom.rules as phantom\n\ndef on_start(container):\n    phantom.playbook('local/slow', container=container, name='s', callback=heard)\n\ndef heard(action, success, container, results, handle):\n    pass\n");
        var container = await site.QuietEvent();
        await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/parent"}""");
        var runs = await Until(site, container, runs => runs.Count == 2 && runs[1].Turns > 0);

        await site.PostAsAdmin($"/rest/playbook_run/{runs[0].Id}", """{"cancel":true}""");

        runs = await Until(site, container, runs => runs.All(run => run.EndedAt is not null));
        Assert.Equal(["cancelled", "cancelled"], runs.Select(run => run.Status));
    }

    [Fact]
    public async Task PlaybookThatWaitsForItself_EndsAtTheDeepest()
    {
        await using var site = await Site.Open();

        var run = await site.PassesAs("deeper", """
            import phantom.rules as phantom

            def on_start(container):
                if phantom.playbook("local/deeper", container=container, name="d", callback=heard) is None:
                    phantom.comment(container, "deepest")

            def heard(action, success, container, results, handle):
                phantom.debug("back")
            """);

        Assert.Equal(["deepest"], await site.CommentsOn(run));
        Assert.Equal(16, (await site.Get($"/rest/playbook_run?_filter_container={run.GetProperty("container")}&page_size=0")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task ChildrenOfOneName_CountAsCompletedWithTheLast()
    {
        await using var site = await Site.Open();
        await site.Import("child", Child, Data);

        var run = await site.Passes("""
            for word in ("a", "b", "c"):
                phantom.playbook("local/child", container=container, name="many", inputs={"word": [word]}, callback=heard)
            """, """
            def heard(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                if phantom.completed(playbook_names=["many"]):
                    rows = phantom.collect2(container=container, datapath=["many:playbook_output:said"])
                    phantom.comment(container, "all %d" % len(rows))
            """);

        Assert.Equal(["all 3"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task DiscontinuedRun_GoesOnAndThoseBehindItAreNotStarted()
    {
        await using var site = await Site.Open();
        foreach (var (name, line) in new[] { ("one", "phantom.discontinue()"), ("two", "pass") })
        {
            var playbook = (await site.Import(name, $"import phantom.rules as phantom\n\ndef on_start(container):\n    {line}\n    phantom.comment(container, '{name}')\n", """{"python_version":"3","labels":["events"]}""")).GetProperty("id");
            await site.PostAsAdmin($"/rest/playbook/{playbook}", """{"active":true}""");
        }

        var (_, posted) = await site.Post("/rest/container", """{"name":"e","label":"events","artifacts":[{"cef":{"a":"b"}}],"run_automation":true}""");

        var container = posted.GetProperty("id").GetInt64();
        var runs = await Until(site, container, runs => runs.Count == 3 && runs.All(run => run.EndedAt is not null));
        Assert.Equal([("one", "success"), ("two", "cancelled")], runs.Skip(1).Select(run => (run.PlaybookName, run.Status)));
        Assert.Contains("one discontinued", runs[2].Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<PlaybookRunRow>> Until(Site site, long container, Func<IReadOnlyList<PlaybookRunRow>, bool> reached)
    {
        while (true)
        {
            var runs = await site.Server.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ContainerId), container)), TestContext.Current.CancellationToken);
            if (reached(runs))
            {
                return runs;
            }

            await Task.Yield();
        }
    }
}
