namespace Vedette.Server.Tests.Api;

/// <summary>Blocks that work later, again, or in a function of their own.</summary>
public sealed class BlockTests
{
    [Fact]
    public async Task Loop_RunsUntilItsConditionHoldsOrItsCountIsReached()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            again(container=container)
            """, """
            def again(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
                if not loop_state_json:
                    loop_state_json = {"current_iteration": 1, "max_iterations": 3, "conditions": None, "max_ttl": 600, "delay_time": 0}
                state = phantom.LoopState(state=loop_state_json)
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=looked, loop_state=state.to_json())

            def looked(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, loop_state_json=None, **kwargs):
                state = phantom.LoopState(state=loop_state_json)
                phantom.comment(container, "turn %d" % state.current_iteration)
                if state.should_continue(container=container, results=results):
                    state.increment()
                    again(container=container, loop_state_json=state.to_json())
                else:
                    until = phantom.LoopState(state={"max_iterations": 9, "conditions": [["who:action_result.status", "==", "success"]]})
                    phantom.comment(container, "over %s" % until.should_continue(container=container, results=results))
            """);

        Assert.Equal(["turn 1", "turn 2", "turn 3", "over False"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task LoopThatPauses_AsksForItsNextActionLater()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            from datetime import datetime, timedelta
            state = phantom.LoopState(state={"current_iteration": 1, "max_iterations": 5, "delay_time": 1})
            state.increment()
            phantom.save_run_data(key="asked", value=str(datetime.now().timestamp()))
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=looked, loop_state=state.to_json())
            """, """
            def looked(action=None, success=None, container=None, results=None, handle=None, loop_state_json=None, **kwargs):
                from datetime import datetime
                assert datetime.now().timestamp() - float(phantom.get_run_data(key="asked")) >= 1
            """);

        Assert.Equal("success", run.GetProperty("status").GetString());
    }

    [Fact]
    public async Task ActionWithAStartTime_WaitsForIt_AndItsEmptyParametersAreLeftOut()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            from datetime import datetime, timedelta
            phantom.save_run_data(key="asked", value=str(datetime.now().timestamp()))
            phantom.act("whois domain", parameters=[{"domain": "example.net", "unused": None, "empty": "", "context": {"artifact_id": 7}}], assets=["whois"], name="who",
                        callback=looked, handle=["kept"], start_time=datetime.now() + timedelta(seconds=1))
            """, """
            def looked(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                from datetime import datetime
                assert datetime.now().timestamp() - float(phantom.get_run_data(key="asked")) >= 1
                assert success and handle == ["kept"], results
                assert "has no parameter" not in results[0]["action_results"][0]["message"], results
                assert phantom.collect2(container=container, datapath=["who:action_result.parameter.context.artifact_id"], action_results=results) == [[7]]
            """);
    }

    [Fact]
    public async Task CustomFunctions_ReturnItemsOrListsAndTheirErrorsAreResults()
    {
        await using var site = await Site.Open();
        await site.Import("each", """
            def each(word=None, **kwargs):
                import json
                import phantom.rules as phantom
                if word == "bad":
                    raise ValueError("a bad word")
                try:
                    phantom.act("whois domain")
                    raise RuntimeError("act was let through")
                except RuntimeError as error:
                    assert "cannot be called from within a custom function" in str(error), error
                return [{"item": word}, {"item": phantom.get_current_container_id_()}]
            """, """{"python_version":"3","custom_function_id":"5f0c3f0e","outputs_type":"list"}""");

        var run = await site.Passes("""
            phantom.custom_function(custom_function="local/each", parameters=[{"word": "a"}, {"word": "bad"}], name="f", callback=answered)
            phantom.custom_function(custom_function="local/drafts/each", parameters=[], name="none", callback=empty)
            phantom.custom_function(custom_function="local/not_there", parameters=[{}], name="missing", callback=missing)
            """, """
            def answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
                assert phantom.collect2(container=container, datapath=["f:custom_function_result.data.item", "f:custom_function_result.success"]) == [["a", True], [container["id"], True], [None, False]]
                assert phantom.collect2(container=container, datapath=["f:custom_function_result.data.*.item"])[0] == ["a"]
                assert custom_function == results and not success
                assert "a bad word" in phantom.get_custom_function_results(custom_function_name="f")[0]["message"]
                phantom.comment(container, "answered")

            def empty(action=None, success=None, container=None, results=None, handle=None, custom_function=None, **kwargs):
                assert phantom.collect2(container=container, datapath=["none:custom_function_result.data.item"]) == []
                phantom.comment(container, "empty")

            def missing(action=None, success=None, container=None, results=None, handle=None, custom_function=None, **kwargs):
                assert not success and "not_there" in results[0]["message"]
                phantom.comment(container, "missing")
            """);

        Assert.Equal(["answered", "empty", "missing"], (await site.CommentsOn(run)).Order());
    }

    [Fact]
    public async Task ArtifactThatAsksForAutomation_StartsTheActivePlaybooks()
    {
        await using var site = await Site.Open();
        var playbook = (await site.Import("active", "import phantom.rules as phantom\n\ndef on_start(container):\n    phantom.comment(container, 'started')\n", """{"python_version":"3","labels":["events"]}""")).GetProperty("id");
        await site.PostAsAdmin($"/rest/playbook/{playbook}", """{"active":true}""");

        var run = await site.Passes("""
            assert phantom.add_artifact(container=container, cef_data={"a": "b"}, name="1", run_automation=True)[0]
            """);

        var container = run.GetProperty("container").GetInt64();
        while ((await site.CommentsOn(run)).Count == 0)
        {
            await Task.Yield();
        }

        await site.RunEnded(container, 2);
        Assert.Equal(["started"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task ActionsBeyondTheLimit_AreRefusedUntilItIsRaised()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            phantom.set_action_limit(1)
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="a")
            try:
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="b")
                raise AssertionError("the limit was not kept")
            except RuntimeError as error:
                assert "limit is 1" in str(error), error
            phantom.set_action_limit(2)
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="b")
            """);
    }

    [Fact]
    public async Task AssetsAreChosenByTagAndType()
    {
        await using var site = await Site.Open();
        var whois = (await site.Get("/rest/asset?_filter_name=\"whois\"")).GetProperty("data")[0];
        Assert.Equal(200, (await site.PostAsAdmin($"/rest/asset/{whois.GetProperty("id")}", """{"tags":["outside"]}""")).Status);

        await site.Passes($"""
            domain = [dict(domain="example.net")]
            phantom.act("whois domain", parameters=domain, tags=["outside", "other"], name="tagged", callback=answered)
            phantom.act("whois domain", parameters=domain, asset_type="{whois.GetProperty("type").GetString()}", name="typed", callback=answered)
            phantom.act("whois domain", parameters=domain, assets=["whois"], tags=["inside"], name="none", callback=answered)
            """, """
            def answered(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success is (action["name"] != "none"), (action, results)
                assert action["name"] == "none" or [r["asset"] for r in results] == ["whois"], results
            """);
    }
}
