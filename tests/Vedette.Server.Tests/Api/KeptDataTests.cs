namespace Vedette.Server.Tests.Api;

/// <summary>What playbooks keep: custom lists, objects, values.</summary>
public sealed class KeptDataTests
{
    [Fact]
    public async Task CustomList_IsMadeReadSearchedAndThinnedOut()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            assert phantom.set_list("l", [["a", "1"], ["b", None], ["a", "3"]]) == (True, "")
            assert phantom.get_list("l") == (True, "", [["a", "1"], ["b", None], ["a", "3"]])
            assert phantom.check_list("l", "A") == (True, "", 2)
            assert phantom.check_list("l", "A", case_sensitive=True)[2] == 0
            assert phantom.get_list("l", values="b")[2]["matches"][0]["index"] == 1
            ok, message = phantom.delete_from_list(list_name="l", value="a")
            assert not ok and "2 rows" in message
            assert phantom.delete_from_list(list_name="l", value="1", column=1)[0]
            assert phantom.get_list("l")[2][0] == ["a", None]
            assert phantom.delete_from_list(list_name="l", value="a", remove_all=True, remove_row=True)[0]
            assert phantom.get_list("l")[2] == [["b", None]]
            ok, message = phantom.delete_from_list(list_name="none", value="a")
            assert not ok and "not found" in message
            assert phantom.check_list("none", "a") == (False, message, None)
            assert phantom.remove_list("l", empty_list=True)[0] and phantom.get_list("l")[2] == []
            assert phantom.remove_list("l")[0] and not phantom.get_list("l")[0]
            """);
    }

    [Fact]
    public async Task OlderNamesOfLists_GiveBackWhatWasStored()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            assert phantom.datastore_get("flat") == []
            phantom.datastore_set("flat", ["one", "two"])
            assert phantom.datastore_get("flat") == ["one", "two"]
            phantom.datastore_add("flat", ["three"])
            assert phantom.datastore_get("flat")[2] == ["three"]
            assert phantom.decision(conditions=[["two", "in", "custom_list:flat"]])
            found = phantom.datastore_present("flat", ["two"])
            assert found["present"] and found["matches"][0]["index"] == 1
            assert phantom.datastore_present("flat", ["four"])["present"] is False
            assert phantom.datastore_check("flat", "wo", substring=True)[2] == 1
            phantom.datastore_delete("flat")
            assert phantom.datastore_get("flat") == []
            """);
    }

    [Fact]
    public async Task Objects_AreFoundByWhatTheyBelongTo_AndGoWithTheEvent()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            me = container["id"]
            phantom.save_object(key="k", value={"n": 1}, container_id=me)
            phantom.save_object(key="k", value={"n": 2}, playbook_name="tried", repo_name="local", auto_delete=False)
            assert phantom.get_object(key="k", container_id=me)[0]["value"] == {"n": 1}
            assert phantom.get_object(key="k", playbook_name="tried")[0]["value"] == {"n": 2}
            assert len(phantom.get_object(key="k")) == 2 and phantom.get_object(key="none") == []
            phantom.save_object(key="k", value=[3], container_id=me)
            assert [o["value"] for o in phantom.get_object(key="k", container_id=me, clear_data=True)] == [[3]]
            assert phantom.get_object(key="k", container_id=me) == []
            phantom.save_object(key="till closed", value=1, container_id=me)
            phantom.save_object(key="longer", value=2, container_id=me, auto_delete=False)
            phantom.close(container)
            assert phantom.get_object(key="till closed", container_id=me) == []
            assert phantom.get_object(key="longer", container_id=me)[0]["value"] == 2
            phantom.clear_object(key="longer", container_id=me)
            assert phantom.get_object(container_id=me) == []
            try:
                phantom.save_object(key="k", value=1)
                raise RuntimeError("an object without a place was taken")
            except ValueError as error:
                assert "container_id" in str(error)
            """);
    }

    [Fact]
    public async Task ValuesAndFiltersOfARun_AreReadBackByName()
    {
        await using var site = await Site.Open();

        await site.Passes("""
            key = phantom.save_data({"a": [1]})
            assert phantom.get_data(key, clear_data=False) == {"a": [1]}
            phantom.clear_data(key)
            assert phantom.get_data(key) is None
            phantom.save_block_result(key="code:out", value="[1]")
            assert phantom.get_block_result(key="code:out") == "[1]" and phantom.get_block_result(key="none") == ""
            _, _, artifact = phantom.add_artifact(container=container, cef_data={"fileName": "x"}, name="1")
            phantom.condition(container=container, conditions=[["artifact:*.cef.fileName", "==", "x"]], name="f:condition_1", scope="all")
            assert phantom.get_filtered_data("f:condition_1") == ([], [artifact])
            assert phantom.get_filtered_data("none") == ([], [])
            assert [a["name"] for a in phantom.get_assets(action="whois domain")] == phantom.get_asset_names("whois domain") == ["whois"]
            assert phantom.get_assets(action="levitate") == [] and phantom.get_assets(tags=["none"]) == []
            assert phantom.get_assets(action="whois domain")[0]["product_name"] == "WHOIS"
            assert [a["name"] for a in phantom.get_apps(action="whois domain")] == ["WHOIS"] == [a["name"] for a in phantom.get_apps(asset="whois")]
            info = phantom.get_playbook_info()[0]
            assert info["name"] == "tried" and info["repo_name"] == "local" and info["run_id"] == phantom.get_playbook_run_id_()
            assert phantom.get_playbook_info(playbook_name="tried")[0]["id"] == info["id"]
            assert phantom.get_playbook_info(playbook_name="none") == []
            """);
    }
}
