namespace Vedette.Server.Tests.Api;

/// <summary>Calls that name another event than the run's, and results of other runs.</summary>
public sealed class OtherEventTests
{
    [Fact]
    public async Task DatapathsOfAnotherEvent_AreReadFromThatEvent()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            phantom.add_artifact(container=container, name="mine", cef_data={"fileName": "mine.txt", "sourceAddress": "198.51.100.1"})
            _, _, other = phantom.create_container(name="the other", label="events")
            _, _, artifact = phantom.add_artifact(container=other, name="theirs", cef_data={"fileName": "theirs.txt", "sourceAddress": "198.51.100.2"}, run_automation=False)
            _, _, second = phantom.add_artifact(container=other, name="second", cef_data={"fileName": "second.txt"}, run_automation=False)
            path = "artifact:*.cef.fileName"
            there = phantom.get_container(other)
            assert phantom.collect2(container=there, datapath=[path]) == [["theirs.txt"], ["second.txt"]]
            assert phantom.collect2(container=other, datapath=[path, "artifact:*.id"], scope=[second]) == [["second.txt", second]]
            assert phantom.collect2(container=there, datapath=[path], filter_artifacts=[artifact]) == [["theirs.txt"]]
            assert phantom.collect2(container=container, datapath=[path]) == [["mine.txt"]] == phantom.collect2(datapath=[path])
            assert phantom.collect(there, path) == ["theirs.txt", "second.txt"]
            assert phantom.attacker_ips(there) == ["198.51.100.2"] and phantom.attacker_ips(container) == ["198.51.100.1"]
            both = phantom.collect(there, "artifacts:*")
            assert [each["id"] for each in both] == [artifact, second] and phantom.get_artifacts(there, both[0]["label"]) == both
            assert phantom.format(container=there, template="{0} of {1}", parameters=[path, "container:name"]) == "theirs.txt, second.txt of the other"
            assert phantom.decision(container=there, conditions=[[path, "==", "second.txt"]])
            assert not phantom.decision(container=there, conditions=[[path, "==", "mine.txt"]])
            assert phantom.condition(container=there, conditions=[[path, "==", "second.txt"]])[0] == [second]
            assert phantom.collect_from_contains(container=there, contains=["ip"]) == ["198.51.100.2"]
            """);
    }

    [Fact]
    public async Task ResultsOfActions_AreReadByRunAndWithOrWithoutWhatTheyFound()
    {
        await using var site = await Site.Open();
        await site.Import("acting", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.act("whois domain", parameters=[{"domain": "example.net"}, {"domain": "example.org"}], assets=["whois"], name="who")
                phantom.act("levitate", parameters=[{}], name="up")

            def on_finish(container, summary):
                assert [each["name"] for each in phantom.get_playbook_results(flatten=False)] == ["who", "up"]
                flat = phantom.get_playbook_results()
                assert [each["parameter"]["domain"] for each in flat if each["name"] == "who"] == ["example.net", "example.org"]
                assert not any("data" in each for each in flat) and all("message" in each and "summary" in each for each in flat)
                assert all("data" in each for each in phantom.get_playbook_results(result_data=True))
                app_run = flat[0]["app_run_id"]
                assert phantom.get_action_results(app_run_id=app_run, flatten=False) == phantom.get_action_results(action_name="who", flatten=False)
                assert phantom.get_action_results(app_run_id=app_run + 1000000) == []
                assert phantom.get_extra_data(app_run_id=app_run) == []
                phantom.save_playbook_output_data(output={"run": phantom.get_playbook_run_id_()})
            """, """{"coa":{"python_version":"3","playbook_type":"data"}}""");

        var run = await site.Passes("""
            phantom.playbook("local/acting", container=container, name="child", callback=ended)
            """, """
            def ended(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success
                child = phantom.collect2(container=container, datapath=["child:playbook_output:run"])[0][0]
                found = phantom.get_playbook_results(playbook_run_id=child, flatten=False)
                assert [each["name"] for each in found] == ["who", "up"] and "data" not in found[0]["action_results"][0]
                assert phantom.get_playbook_results() == []
                assert len(phantom.get_summary(playbook_run_id=child)["result"]) == 2 and phantom.get_summary()["result"] == []
                phantom.comment(container, "read")
            """);

        Assert.Equal(["read"], await site.CommentsOn(run));
    }

    [Fact]
    public async Task EventThatIsNotThere_HasNothingInIt_AndTheLogSaysSo()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            phantom.add_artifact(container=container, name="mine", cef_data={"fileName": "mine.txt"})
            assert phantom.collect2(container=987654321, datapath=["artifact:*.cef.fileName"]) == []
            assert not phantom.decision(container=987654321, conditions=[["artifact:*.cef.fileName", "==", "mine.txt"]])
            assert phantom.get_action_results(playbook_run_id=987654321) == [] and phantom.get_summary(playbook_run_id=987654321) == {}
            """);

        var log = await site.Get($"/rest/playbook_run/{run.GetProperty("id")}/log?page_size=0");
        Assert.Contains("container item not found", log.ToString(), StringComparison.Ordinal);
        Assert.Contains("There is no playbook run 987654321", log.ToString(), StringComparison.Ordinal);
    }
}
