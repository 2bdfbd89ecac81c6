namespace Vedette.Server.Tests.Api;

/// <summary>Calls that change an event or read what hangs on it.</summary>
public sealed class EventCallTests
{
    [Fact]
    public async Task FieldsOfTheEvent_AreChangedAndSeenAtOnce()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            assert phantom.set_sensitivity(container, "RED") == (True, "")
            assert phantom.get_container(container["id"])["sensitivity"] == "red"
            assert phantom.set_severity(container, "High") == (True, "")
            phantom.deescalate(container)
            assert phantom.get_container(container["id"])["severity"] == "low"
            assert phantom.add_tags(container, ["a", "b"])[0] and phantom.add_tags(container, "a")[0]
            assert phantom.get_tags(container) == (True, "", ["a", "b"])
            assert phantom.remove_tags(container=container, tags=["a", "never there"])[0]
            assert phantom.get_tags(container["id"])[2] == ["b"]
            assert phantom.set_duetime(container, minutes=30)[0]
            due = phantom.get_container(container["id"])["due_time"]
            assert phantom.set_duetime(container=container, operation="-", minutes=30)[0]
            assert phantom.get_container(container["id"])["due_time"] < due
            ok, message = phantom.set_label(container, "no such label")
            assert not ok and "no such label" in message
            assert phantom.promote(container) == (True, "")
            assert phantom.get_container(container["id"])["container_type"] == "case"
            assert phantom.promote(container, template="Response") == (True, "")
            assert phantom.close(container) == (True, "")
            ok, message = phantom.close(4711)
            assert not ok and "not found" in message
            """);

        Assert.Equal("closed", (await site.EventOf(run)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task NewEventWithArtifacts_IsThereForOthers()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            ok, message, made = phantom.create_container(name="made here", label="events")
            assert ok and isinstance(made, int), message
            ok, message, artifact = phantom.save_artifact(made, {}, {"sourceAddress": "198.51.100.7"}, "event", "one", "low", None, "network")
            assert ok, message
            assert phantom.get_container(made)["name"] == "made here"
            ok, message, nothing = phantom.create_container(name="x", label="no such label")
            assert not ok and nothing is None
            ok, message, own = phantom.add_artifact(container=container, cef_data={"fileHash": "00"}, name="own")
            assert phantom.collect2(container=container, datapath=["artifact:*.id"], scope="all") == [[own]]
            assert phantom.delete_artifact(own)[0]
            assert phantom.collect2(container=container, datapath=["artifact:*.id"], scope="all") == []
            phantom.comment(container, str(made))
            """);

        var made = Assert.Single(await site.CommentsOn(run));
        Assert.Equal("198.51.100.7", (await site.Get($"/rest/container/{made}/artifacts")).GetProperty("data")[0].GetProperty("cef").GetProperty("sourceAddress").GetString());
    }

    [Fact]
    public async Task EventMergedIntoACase_IsCopiedOnce()
    {
        await using var site = await Site.Open();

        var run = await site.Passes("""
            ok, message, case = phantom.create_container(name="the case", label="events")
            phantom.add_artifact(container=container, cef_data={"sourceAddress": "198.51.100.7"}, name="seen", identifier="one")
            phantom.add_note(container=container, note_type="general", title="T", content="C")
            phantom.comment(container, "said")
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who")
            ok, message = phantom.merge(case=case, container_id=container["id"])
            assert not ok and "no case" in message
            assert phantom.promote(case)[0]
            assert phantom.merge(case=case, container_id=container["id"], note_title="why", note_description="alike") == (True, "")
            ok, message = phantom.merge(case=case, container_id=container["id"])
            assert not ok and "already" in message
            assert [n["data"]["title"] for n in phantom.get_notes(container=case)] == ["why", "T"]
            assert phantom.get_container(container["id"])["in_case"] is True
            phantom.comment(container, str(case))
            """);

        var made = (await site.CommentsOn(run))[1];
        var ran = (await site.Get($"/rest/container/{made}/playbook_runs")).GetProperty("data");
        Assert.Equal(run.GetProperty("id").GetInt64(), Assert.Single(ran.EnumerateArray()).GetProperty("id").GetInt64());
        Assert.Equal("whois domain", Assert.Single((await site.Get($"/rest/container/{made}/actions")).GetProperty("data").EnumerateArray()).GetProperty("action").GetString());
        var copy = Assert.Single((await site.Get($"/rest/container/{made}/artifacts")).GetProperty("data").EnumerateArray());
        Assert.Equal("198.51.100.7", copy.GetProperty("cef").GetProperty("sourceAddress").GetString());
        Assert.Equal(run.GetProperty("container").GetInt64(), copy.GetProperty("parent_container").GetInt64());
        Assert.Equal("said", Assert.Single((await site.Get($"/rest/container/{made}/comments")).GetProperty("data").EnumerateArray()).GetProperty("comment").GetString());
    }

    [Fact]
    public async Task NotesAndPins_AreReadAndTakenAway()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            ok, message, note = phantom.add_note(container=container, note_type="general", title="T", content="C", note_format="markdown")
            assert ok, message
            notes = list(phantom.get_notes(container=container))
            assert [n["success"] for n in notes] == [True] and notes[0]["data"]["title"] == "T" and notes[0]["data"]["id"] == note
            assert notes[0]["data"]["note_format"] == "markdown" and notes[0]["data"]["container"] == container["id"]
            assert list(phantom.get_notes(container=container, task_id=5)) == []
            assert [n["success"] for n in phantom.get_notes(container=4711)] == [False]
            ok, message, pin = phantom.pin(container=container, message="m", data=["a"], pin_type="card", pin_style="red", name="n")
            assert phantom.pin(container=container, message="again", name="n")[2] == pin
            assert phantom.delete_pin(pin) == (True, "")
            ok, message = phantom.update_pin(pin, message="gone")
            assert not ok
            assert phantom.get_raw_data(container) == "{}"
            """);
    }

    [Fact]
    public async Task ValuesByWhatTheyAre_AreFoundInArtifactsAndResultsOnce()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            phantom.add_artifact(container=container, cef_data={"sourceAddress": "198.51.100.7", "odd": "00ff", "message": "x"}, field_mapping={"odd": ["hash"]}, name="1")
            phantom.add_artifact(container=container, cef_data={"destinationAddress": "198.51.100.7", "src": "203.0.113.9", "deviceDirection": "1"}, name="2", label="net")
            assert phantom.collect_from_contains(container=container, contains=["ip"]) == ["198.51.100.7", "203.0.113.9"]
            assert phantom.collect_from_contains(container=container, contains=["hash", "url"]) == ["00ff"]
            assert phantom.collect_from_contains(container=container, contains=["vault id"]) == []
            assert phantom.attacker_ips(container) == ["198.51.100.7"]
            assert phantom.victim_ips(container) == []
            assert [a["name"] for a in phantom.get_artifacts(container, "net")] == ["2"]
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=answered)
            """, """
            def answered(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                found = phantom.collect_from_contains(container=container, action_results=results, contains=["domain"])
                assert found.count("example.net") == 1, found
            """);
    }
}
