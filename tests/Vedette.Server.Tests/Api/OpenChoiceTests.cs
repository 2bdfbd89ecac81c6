namespace Vedette.Server.Tests.Api;

/// <summary>What the field leaves open, as docs/playbook-api.md says it is here.</summary>
public sealed class OpenChoiceTests
{
    [Fact]
    public async Task CallbackHearsOfEachPart_AndIsASuccessWhereOnePartIsOne()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            phantom.act("whois domain", parameters=[{"domain": "example.net"}, {"domain": "not a domain"}], assets=["whois"], name="mixed", callback=mixed)
            phantom.act("whois domain", parameters=[{"domain": "not a domain"}], assets=["whois"], name="bad", callback=failed)
            phantom.act("whois domain", parameters=[{}, {"domain": "example.net"}], assets=["whois"], name="half", callback=half)
            phantom.act("whois domain", parameters=[], assets=["whois"], name="none", callback=failed)
            phantom.act("levitate", parameters=[{}], name="unknown", callback=failed)
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=[], name="nowhere", callback=failed)
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["nobody"], name="absent", callback=failed)
            """, """
            def mixed(action, success, container, results, handle):
                assert success is True and [r["status"] for r in results[0]["action_results"]] == ["success", "failed"], results
                assert action["name"] == "mixed" and action["action_name"] == action["action"] == "whois domain" and isinstance(action["action_run_id"], int), action
                assert phantom.collect2(container=container, datapath=["mixed:action_result.parameter.domain", "mixed:action_result.status"], action_results=results) == [["example.net", "success"], ["not a domain", "failed"]]
                phantom.comment(container, "mixed")

            def half(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success and [r["status"] for r in results[0]["action_results"]] == ["failed", "success"], results
                phantom.comment(container, "half")

            def failed(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success is False and handle is None, (action, results)
                phantom.comment(container, action["name"])
            """);

        Assert.Equal(["absent", "bad", "half", "mixed", "none", "nowhere", "unknown"], (await site.CommentsOn(run)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ContainerIsReadAgainForEachCallback_AndAnActionOfOnFinishIsCarriedOut()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            phantom.set_severity(container, "high")
            assert container["severity"] != "high"
            if phantom.decision(container=container, conditions=[["artifact:*.cef.none", "==", "x"]]):
                raise RuntimeError("a decision of which nothing holds went on")
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=looked)
            """, """
            def looked(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert container["severity"] == "high", container
                phantom.set_severity(container, "low")

            def on_finish(container, summary):
                assert container["severity"] == "low", container
                import json
                told = json.loads(summary)
                assert told["playbook"] and [(one["action"], one["name"]) for one in told["result"]] == [("whois domain", "who")], told
                part = told["result"][0]["app_runs"][0]
                assert (part["app"], part["status"], part["parameter"]["domain"]) == ("WHOIS", "success", "example.net") and part["app_run_id"], part
                assert phantom.get_summary()["result"] == told["result"]
                phantom.comment(container, "finished")
                phantom.act("whois domain", parameters=[{"domain": "example.org"}], assets=["whois"], name="after", callback=late)

            def late(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container, "late")
            """);

        Assert.Equal(["finished", "late"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task ExceptionOfABlock_FailsTheRun_KeepsWhatItWrote_AndCallsNothingFurther()
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("raises", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.comment(container, "before")
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=looked)
                raise ValueError("on purpose")

            def looked(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container, "callback")

            def on_finish(container, summary):
                phantom.comment(container, "on_finish")
            """);

        Assert.Equal("failed", run.GetProperty("status").GetString());
        Assert.Equal(["before"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task NoNames_AreCompleted_AndANameThatNeverStartedIsNot()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            assert phantom.completed() and phantom.completed(action_names=[], playbook_names=None) and phantom.completed(playbook_names=[])
            assert not phantom.completed(action_names=["never"]) and not phantom.actions_done(["never"])
            assert phantom.concatenate(None, ["a", ["b"]], "a", None) == ["a", ["b"], "a"]
            assert phantom.concatenate([{"k": 1}], [{"k": 1}, "x"], "x", dedup=True) == [{"k": 1}, "x"]
            assert phantom.get_run_data(key="never") == "" and phantom.get_format_data(name="never") is None and phantom.get_data("never") is None
            assert not phantom.get_container(4711) and phantom.get_action_results(action_name="never") == [] and phantom.get_object(key="never") == []
            phantom.save_run_data(key="list", value=[1, None])
            phantom.save_run_data(key="number", value=7)
            assert (phantom.get_run_data(key="list"), phantom.get_run_data(key="number")) == ("[1, null]", "7")
            phantom.discontinue()
            """);
    }

    [Fact]
    public async Task WhatIsNotThere_IsFalseWithASentence()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            for ok, message, *rest in (phantom.comment(4711, "x"), phantom.set_status(4711, "open"), phantom.add_note(container=4711, note_type="general", content="x"),
                                       phantom.update_pin(pin_id=4711, message="x"), phantom.delete_pin(pin_id=4711), phantom.get_list("never"), phantom.add_tags(4711, ["x"]),
                                       phantom.add_artifact(container=4711, cef_data={"a": "b"}), phantom.set_phase(container=container, phase="never"), phantom.promote(4711)):
                assert ok is False and message and rest in ([], [None]), (ok, message, rest)
            ok, message, note = phantom.add_note(container=container, note_type="General", title="empty", content=None)
            assert ok and isinstance(note, int), message
            assert [n["data"]["content"] for n in phantom.get_notes(container=container)] == [""]
            assert phantom.add_list("fresh", [])[0] and phantom.get_list("fresh")[2] == []
            assert phantom.add_list("fresh", ["a", 1])[0] and phantom.get_list("fresh")[2] == [["a", "1"]]
            for value in (object(), {1, 2}):
                try:
                    phantom.save_playbook_output_data({"x": value})
                    raise RuntimeError("an output that is no JSON was taken")
                except TypeError:
                    pass
                try:
                    phantom.playbook("local/tried", container=container, inputs={"x": value})
                    raise RuntimeError("an input that is no JSON was taken")
                except TypeError:
                    pass
                try:
                    phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], handle=value)
                    raise RuntimeError("a handle that is no JSON was taken")
                except TypeError:
                    pass
            try:
                phantom.comment(container, colour="red")
                raise RuntimeError("an argument that nobody knows was taken")
            except TypeError:
                pass
            """);
    }

    [Fact]
    public async Task AddressesAreToldApartByDirection_EachOnce()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            for direction, source, destination in (("0", "198.51.100.1", "10.0.0.1"), ("1", "10.0.0.2", "198.51.100.2"), (None, "198.51.100.3", "10.0.0.3"), (0, "198.51.100.1", "10.0.0.1")):
                phantom.add_artifact(container=container, name="x", cef_data={"deviceDirection": direction, "sourceAddress": source, "destinationAddress": destination})
            assert phantom.attacker_ips(container, "all") == ["198.51.100.1", "198.51.100.2", "198.51.100.3"], phantom.attacker_ips(container, "all")
            assert phantom.victim_ips(container, "all") == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
            assert phantom.collect(container, "artifact:*.cef.none", "all") == []
            assert [cef["sourceAddress"] for cef in phantom.collect(container, "artifact:*.cef.", "all")] == ["198.51.100.1", "10.0.0.2", "198.51.100.3", "198.51.100.1"]
            """);
    }

    [Fact]
    public async Task BlockThatRunsAgain_IsReadAsItsLastTime_AndAFilterThatRunsAgainIsReplaced()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=again)
            """, """
            def again(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.condition(container=container, conditions=[["who:action_result.status", "==", "success"]], name="f:condition_1")
                phantom.act("whois domain", parameters=[{"domain": "example.org"}], assets=["whois"], name="who", callback=looked)

            def looked(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert phantom.collect2(container=container, datapath=["who:action_result.parameter.domain"]) == [["example.org"]]
                path = ["filtered-data:f:condition_1:who:action_result.parameter.domain"]
                assert phantom.collect2(container=container, datapath=path) == [["example.net"]]
                assert phantom.condition(container=container, conditions=[["who:action_result.status", "==", "never"]], name="f:condition_1") == ([], [])
                assert phantom.collect2(container=container, datapath=path) == [] and phantom.get_filtered_data("f:condition_1") == ([], [])
                assert len(phantom.get_action_results(container)) == 2
                phantom.comment(container, "looked")
            """);

        Assert.Equal(["looked"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task LoopIsOver_WithItsLastRoundOrItsTime()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            def goes_on(**state):
                return phantom.LoopState(state=state).should_continue(container=container)
            import time
            assert goes_on(current_iteration=1, max_iterations=2) and not goes_on(current_iteration=2, max_iterations=2)
            assert goes_on(max_ttl=60, started=time.time()) and not goes_on(max_ttl=60, started=time.time() - 60)
            assert not goes_on(conditions=[["a", "==", "a"]]) and goes_on(conditions=[["a", "==", "b"]])
            state = phantom.LoopState(phantom.LoopState({"current_iteration": 1}).to_json())
            state.increment()
            assert phantom.LoopState(state.to_json()).get_current_iteration() == 2
            """);
    }

    [Fact]
    public async Task ActGivesItsNumber_OutputsGatherUp_AndThePlainLibraryReachesTheOwnPlatform()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            import requests
            number = phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who")
            assert isinstance(number, int)
            assert requests.get("https://127.0.0.1/rest/container/%d" % container["id"], verify=False).json()["id"] == container["id"]
            """, """
            def on_finish(container, summary):
                phantom.save_playbook_output_data({"verdict": ["a"]})
                phantom.save_playbook_output_data({"verdict": ["b"]})
            """);

        Assert.Equal(["{\"verdict\":[\"a\"]}", "{\"verdict\":[\"b\"]}"], run.GetProperty("outputs").EnumerateArray().Select(output => output.GetString()));
    }
}
