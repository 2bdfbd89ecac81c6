using System.Text.Json;

namespace Vedette.Trial.Tests;

/// <summary>Playbooks without tests, as public ones are: what is made up for them fits, and what they find around them is there.</summary>
public sealed class MadeUpTests : TrialTest
{
    private const string Input = """{"coa": {"playbook_type": "data", "python_version": "3", "input_spec": [{"name": "host", "contains": ["host name"]}]}, "tags": ["lookup"]}""";

    private const string Function = """{"custom_function_id": "5f0c3f0e", "python_version": "3"}""";

    [Fact]
    public async Task AnswersHaveWhatTheCodeReads_ThroughLoopsHelpersAndSubscripts()
    {
        await Playbook("reader", """
            def owner_of(ticket):
                return ticket["fields"]["owner"]["name"].lower()

            def on_start(container):
                phantom.act("get ticket", parameters=[{"id": "1"}], assets=["desk"], name="ticket", callback=decide)

            def decide(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                rows = phantom.collect2(container=container, datapath=["ticket:action_result.data.0", "ticket:action_result.data.*.watchers"])
                assert owner_of(rows[0][0])
                for ticket, watchers in rows:
                    assert [one["mail"] for one in watchers]
                    assert ticket["labels"].items()
                assert results[0]["action_results"][0]["summary"]["links"][2]["href"]
                phantom.act("hunt file", parameters=[{"hash": "1"}], assets=["sensor"], callback=hunted)

            def hunted(action, success, container, results, handle):
                for item in phantom.parse_success(results):
                    assert item["vault_id"] and item.get("machine").get("name")
                assert phantom.collect(results, "action_result.summary.verdict")[0].lower()
            """);

        await Passes("reader.py");
    }

    [Fact]
    public async Task ListsAndSavedValuesThatNobodyMade_AreThere()
    {
        await Playbook("around", """
            def on_start(container):
                found, message, rows = phantom.get_list(list_name="known hosts")
                assert found and rows[0][3]
                for saved in phantom.get_data("seen before"):
                    assert saved[0] and saved[1]
                assert json.loads(phantom.get_raw_data(container))["key"]
            """);

        await Passes("around.py");
    }

    [Fact]
    public async Task ChildThatNobodyWaitsFor_EndsWithTheCase()
    {
        await Playbook("endless", "def on_start(container):\n    while True:\n        pass\n");
        await Playbook("parent", """
            def on_start(container):
                phantom.playbook("local/endless", container=container)
            """);

        await Passes("parent.py");
    }

    [Fact]
    public async Task EventThatIsMadeUp_HasAFileUnderTheVaultIdThatIsMadeUp()
    {
        await Playbook("files", """
            def on_start(container):
                artifact = phantom.collect2(container=container, datapath=["artifact:*.cef.vaultId"])[0][0]
                ok, message, files = phantom.vault_info(container_id=container["id"])
                assert ok and files[0]["vault_id"] == artifact
                with open(files[0]["path"]) as file:
                    assert file.read()
                assert phantom.get_vault_file(artifact).read()
            """);

        await Passes("files.py");
    }

    [Fact]
    public async Task PlaybookThatLooksForItsOwnTask_FindsOne()
    {
        await Playbook("tasked", """
            def on_start(container):
                me = phantom.get_playbook_info()[0]
                tasks = [task["data"] for task in phantom.get_tasks(container=container)]
                assert [task["id"] for task in tasks if {"scm": me["repo_name"], "playbook": me["name"]} in task["suggestions"]["playbooks"]]
            """);

        await Passes("tasked.py");
    }

    [Fact]
    public async Task WorkbooksAndTasksAskedForByName_AreThere()
    {
        await Write("custom_functions/start_task.json", Function);
        await Write("custom_functions/start_task.py", """
            def start_task(task_name=None, container=None, **kwargs):
                import phantom.rules as phantom
                found = [task["data"]["id"] for task in phantom.get_tasks(container=container) if task["data"]["name"] == task_name]
                assert len(found) == 1, found
                return {"id": found[0]}
            """);
        await Playbook("booked", """
            def ask(path, **params):
                return phantom.requests.get(phantom.build_phantom_rest_url(path), params=params, verify=False).json()

            def on_start(container):
                assert ask("workbook_template", page_size=0)["count"] > 0
                named = ask("workbook_template", _filter_name='"Containment"')
                assert named["count"] == 1 and ask("workbook_template", _filter_name='"Containment"')["data"] == named["data"]
                assert phantom.add_workbook(container=container, workbook_id=named["data"][0]["id"])[0]
                phantom.custom_function(custom_function="local/start_task", parameters=[{"task_name": "Isolate", "container": container["id"]}, {"task_name": "Isolate", "container": container}],
                                        name="start", callback=started)

            def started(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success, results
                assert "Phase of Containment" in [phase["name"] for phase in ask("container/%d/phases" % container["id"])["data"]]
            """);

        await Passes("booked.py");
    }

    [Fact]
    public async Task PlaybooksAskedForByTagsThatNobodyHas_AreThere_AndAPersonAnswersForTheAutomationUser()
    {
        await Playbook("seeker", """
            def on_start(container):
                found = phantom.requests.get(phantom.build_phantom_rest_url("playbook"), params={"pretty": True, "_filter_tags__contains": '["asset", "contain"]'}, verify=False).json()
                assert found["count"] == 1 and found["data"][0]["playbook_type"] == "data" and found["data"][0]["tags"] == ["asset", "contain"], found
                taken = found["data"][0]["input_spec"][0]
                assert "ip" in taken["contains"]
                phantom.playbook("local/" + found["data"][0]["name"], container=container, name="c", callback=heard, inputs={taken["name"]: ["192.0.2.10"]})

            def heard(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success
                phantom.prompt2(container=container, user="Automation", message="Go on?", name="ask", callback=told, response_types=[{"prompt": "", "options": {"type": "list"}}])

            def told(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert phantom.collect2(container=container, datapath=["ask:action_result.summary.responses.0"], action_results=results) == [["Yes"]]
            """);

        await Passes("seeker.py");
    }

    [Fact]
    public async Task RowsOfASearch_HaveTheColumnsThatItNames()
    {
        await Playbook("search", """
            def on_start(container):
                phantom.act("run query", parameters=[{"query": "index=risk | stats count as _hits values(*) as * by user | table user, risk_score"}], assets=["splunk"], name="search", callback=found)

            def found(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                row = phantom.collect2(container=container, datapath=["search:action_result.data.*"], action_results=results)[0][0]
                assert {"_hits", "user", "risk_score"} <= set(row) and "*" not in row, row
                assert float(row["risk_score"]) >= 0
            """);

        await Passes("search.py");
    }

    [Fact]
    public async Task EventThatIsMadeUp_HasTheFieldsOfAChild_AndThoseThatAreNamedToAFunction()
    {
        await Write("custom_functions/holds.json", Function);
        await Write("custom_functions/holds.py", """
            def holds(field_list=None, **kwargs):
                import phantom.rules as phantom
                cef = phantom.collect(phantom.get_current_container_id_(), "artifact:*.cef.", "all")[0]
                return {"absent": [field for field in field_list.split(", ") if field not in cef]}
            """);
        await Playbook("child", "def on_start(container):\n    assert phantom.collect2(container=container, datapath=['artifact:*.cef.riskObject'], scope='all')[0][0]\n");
        await Playbook("parent", """
            def on_start(container):
                assert phantom.requests.get(phantom.build_phantom_rest_url("indicator_by_value"), params={"indicator_value": "sam@example.com"}, verify=False).json().get("id")
                phantom.custom_function(custom_function="local/holds", parameters=[{"field_list": "risk_object, threat_object"}], name="holds", callback=held)
                phantom.playbook("local/child", container=container, name="c", callback=heard)

            def held(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert phantom.collect2(container=container, datapath=["holds:custom_function_result.data.absent"]) == [[[]]], results

            def heard(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success
            """);

        await Passes("parent.py");
    }

    [Fact]
    public async Task ATestThatWasWritten_HasNoListButItsOwn()
    {
        await Playbook("around", "def on_start(container):\n    assert not phantom.get_list(list_name='known hosts')[0]\n");
        await Write("around.tests.yaml", "cases: [{name: none}]");

        await Passes("around.py");
    }

    [Fact]
    public async Task InputsAreMadeUp_AndAParentHearsOfItsChild()
    {
        await Playbook("child", "def on_start(container):\n    assert phantom.collect2(container=container, datapath=['playbook_input:host'])[0][0] == 'wks-0417'\n    phantom.save_playbook_output_data(output={'x': 1})\n");
        await Write("child.json", Input);
        await Playbook("parent", """
            def on_start(container):
                phantom.playbook("local/child", container=container, name="c", callback=heard, inputs={"host": ["wks-0417"]})

            def heard(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success
                phantom.debug("heard of it")
            """);

        await Passes("child.py");
        Assert.Contains("heard of it", (await Passes("parent.py")).GetProperty("log").EnumerateArray().Select(line => line.GetString()));
    }

    [Fact]
    public async Task PlaybooksBesideAreFoundByTheirTags_AndTheirRepositoryByName()
    {
        await Playbook("child", "def on_start(container):\n    pass\n");
        await Write("child.json", Input);
        await Playbook("dispatcher", """
            def ask(path, **params):
                return phantom.requests.get(phantom.build_phantom_rest_url(path), params=params, verify=False).json()

            def on_start(container):
                scm = ask("scm", _filter_name='"local"')
                assert scm["count"] == 1 and ask("scm/2")["name"] == "community" and ask("scm", _filter_id="7")["count"] == 0
                found = ask("playbook", pretty=True, _filter_tags__contains='["lookup"]', _filter_scm=str(scm["data"][0]["id"]))
                assert [one["name"] for one in found["data"]] == ["child"], found
                phantom.playbook("{}/{}".format(found["data"][0]["_pretty_scm"], "child"), container=container, name="c", callback=heard, inputs={"host": ["a"]})

            def heard(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                assert success
            """);

        await Passes("dispatcher.py");
    }

    [Fact]
    public async Task LibrariesThatPlaybooksImport_AreThere()
    {
        await Playbook("libraries", """
            import simplejson
            import xmltodict
            from dateutil.parser import parse
            from django.utils.dateparse import parse_datetime

            def on_start(container):
                assert simplejson.loads("[1]") == [1]
                assert xmltodict.parse("<r a='1'><e>x</e><e>y</e><f b='2'>t<g/></f></r>") == {"r": {"@a": "1", "e": ["x", "y"], "f": {"@b": "2", "g": None, "#text": "t"}}}
                assert parse("2026-03-04T10:00:00.5Z").isoformat() == "2026-03-04T10:00:00.500000+00:00"
                assert parse("Wed, 04 Mar 2026 10:00:00 +0100").utcoffset().total_seconds() == 3600
                assert parse("Mar 4, 2026").day == 4 and parse("2026-03-04T10:00:00-0530", ignoretz=True).tzinfo is None
                assert parse_datetime("2026-03-04 10:00:00").hour == 10 and parse_datetime("2026-03-04") is None
                try:
                    parse("some day")
                    assert False
                except ValueError:
                    pass
            """);

        await Passes("libraries.py");
    }

    [Fact]
    public async Task InTheDaysOfPython2_TheContainerWasAName_AndTabsStoodBesideBlanks()
    {
        await Write("old.py", "import phantom.rules as phantom\n\ndef name(container=container):\n    return container['name']\n\ndef on_start(c):\n    if True:\n\tassert name() and name(c)\n\ndef on_finish(container, summary):\n    return\n");

        await Passes("old.py");
    }

    [Fact]
    public async Task TimesReadAsTheFieldWritesThem_AndAnArtifactTakesAListAsData()
    {
        await Playbook("field", """
            from datetime import datetime

            def on_start(container):
                for value in (container["create_time"], phantom.get_container(container["id"])["create_time"], phantom.collect(container, "artifacts:*", "all")[0]["update_time"]):
                    datetime.strptime(value, "%Y-%m-%d %H:%M:%S.%f+00")
                posted = phantom.requests.post(phantom.build_phantom_rest_url("artifact"), json={
                    "container_id": container["id"], "name": "raw", "severity": "informational", "data": [{"a": 1}], "run_automation": False}).json()
                assert posted["success"], posted
                assert phantom.requests.get(phantom.build_phantom_rest_url("artifact", posted["id"])).json()["data"] == [{"a": 1}]
            """);

        await Passes("field.py");
    }

    private async Task<JsonElement> Passes(string path)
    {
        var (status, one) = await Case(path);
        Assert.True(status == 0, one.ToString());
        return one;
    }
}
