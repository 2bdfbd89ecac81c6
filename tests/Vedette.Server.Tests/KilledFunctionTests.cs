using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Server.Tests;

/// <summary>
/// Custom functions that prepare a case, put on a workbook, make an artifact and attach a file, as those of the field do, with their worker ended
/// at each of their calls: before the first, between any two, and after the last. What they leave is what one leaves that nobody disturbed.
/// </summary>
public sealed class KilledFunctionTests
{
    private const string GatherIntoCase = """
            event = call(phantom.get_container, target)
            if not get("container", target)["workflow_name"]:
                template = get("workbook_template", _filter_name='"Response"')["data"][0]["id"]
                well(call(phantom.add_workbook, container=target, workbook_id=template))
                assert get("container", target)["workflow_name"] == "Response"
            well(call(phantom.update, event, {"container_type": "case", "name": "case of " + event["name"]}))
            phase = get("workbook_phase", _filter_container=target)["data"][-1]["id"]
            well(call(phantom.update, event, {"current_phase": phase}))
            for child in children:
                one = call(phantom.get_container, child)
                well(call(phantom.update, one, {"name": "in #%d: %s" % (target, one["name"])}))
                for note in call(lambda: list(phantom.get_notes(container=child))):
                    if note["success"] and not note["data"]["title"].startswith("made here"):
                        well(call(phantom.add_note, container=target, note_type="general", note_format=note["data"]["note_format"],
                                  title="from #%d: %s" % (child, note["data"]["title"]), content=note["data"]["content"]))
                posted("container", target, add_to_case=True, container_id=child, copy_artifacts=True, copy_automation=True, copy_files=True, copy_comments=True)
                well(call(phantom.add_note, container=child, note_type="general", note_format="markdown", title="made here: case", content="in #%d" % target))
                posted("evidence", container_id=target, object_id=child, content_type="container")
                well(call(phantom.set_status, container=child, status="closed"))
                notes = get("note", _filter_container=target, _filter_title='"made here: children"')
                if notes["count"]:
                    before = notes["data"][0]
                    posted("note", before["id"], note_type="general", title=before["title"], note_format="markdown", content=before["content"] + ", #%d" % child)
                else:
                    well(call(phantom.add_note, container=target, note_type="general", note_format="markdown", title="made here: children", content="#%d" % child))
        """;

    private const string MergeByCall = """
            well(call(phantom.promote, container=target))
            for child in children:
                well(call(phantom.comment, container=child, comment="goes into #%d" % target))
                well(call(phantom.merge, case=target, container_id=child, note_title="merged", note_description="from #%d" % child))
                well(call(phantom.merge, case=target, container_id=child, vault_id="8b137891791fe96927ad78e64b0aad7bded08bdc", note_title="file", note_description="of #%d" % child))
                well(call(phantom.add_tags, container=child, tags=["merged"]))
        """;

    private const string PutOnWorkbook = """
            there = get("container", target, "phases")
            assert not there["count"]
            template = get("workbook_template", _filter_name='"Response"')["data"][0]["id"]
            well(call(phantom.add_workbook, container=target, workbook_id=template))
            first = get("workbook_phase_template", _filter_template=template)["data"][0]["name"]
            phase = get("container", target, "phases", _filter_name='"%s"' % first)["data"][0]["id"]
            well(call(phantom.set_phase, container=target, phase=phase))
            well(call(phantom.add_task, target, name="one more", owner="admin"))
            for task in call(lambda: list(phantom.get_tasks(target))):
                if task["success"] and task["data"]["name"] == "decide":
                    posted("workbook_task", task["data"]["id"], status=2)
                    posted("workbook_task", task["data"]["id"], status=1, note="it is real", title="verdict")
        """;

    private const string MakeArtifact = """
            draft = {"container_id": target, "name": "made", "label": "events", "severity": "Medium", "tags": ["a", "b"], "cef": {"sourceAddress": "192.0.2.7"},
                     "cef_types": {"sourceAddress": ["ip"]}, "run_automation": False, "source_data_identifier": "made"}
            first = posted("artifact", **draft)["id"]
            again = call(phantom.requests.post, url("artifact"), json=draft, verify=False).json()
            assert again["existing_artifact_id"] == first, again
            second = call(phantom.add_artifact, container=target, name="second", label="event", cef_data={"n": "1"}, severity="low", identifier="second")
            well(second)
            posted("artifact", first, name="changed", cef={"destinationDnsDomain": "example.net"})
            well(call(phantom.add_note, container=target, note_type="artifact", artifact_id=first, title="of the artifact", content="c"))
            well(call(phantom.delete_artifact, second[2]))
        """;

    private const string AttachFiles = """
            class Asked(dict):
                # Asked for when the file's content has gone over and before the file is attached.
                def items(self):
                    reached()
                    return super().items()
            for name, size in (("small", 10), ("large", 9_000_000)):
                with open("/opt/phantom/vault/tmp/" + name, "wb") as file:
                    file.write(b"%d " % target + name.encode() * (size // len(name)))
                well(call(phantom.vault_add, container=target, file_location="/opt/phantom/vault/tmp/" + name, metadata=Asked(contains=[name])))
                well(call(phantom.comment, container=target, comment="attached " + name))
            found = call(phantom.vault_info, container_id=target, download_file=False)[2]
            assert [one["name"] for one in found] == ["small", "large"], found
            well(call(phantom.vault_delete, vault_id=found[0]["vault_id"], container_id=target))
        """;

    [Theory]
    [InlineData(GatherIntoCase)]
    [InlineData(MergeByCall)]
    [InlineData(PutOnWorkbook)]
    [InlineData(MakeArtifact)]
    [InlineData(AttachFiles)]
    public async Task WorkerEndedAtEachCall_LeavesWhatAnUndisturbedRunLeaves(string function)
    {
        await using var site = await Site.Open();
        await site.NewWorkbook(standard: true);
        await site.Import("calls", Function(function), """{"python_version":"3","custom_function_id":"2b1d7b0e-93a1-4f6f-8a51-0f6f0b7b8f20"}""");
        var playbook = (await site.Import("caller", Caller)).GetProperty("id").GetInt64();
        var (undisturbed, versions) = await LeftBy(site, playbook, at: -1);
        var calls = int.Parse(undisturbed.Split('\n')[0]["calls ".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(calls, 5, 50);
        for (var at = 0; at <= calls; at++)
        {
            var (left, tried) = await LeftBy(site, playbook, at);

            // A further try is counted in the run, which is a version more: the worker was ended, and once.
            Assert.Equal((at, versions + 1), (at, tried));
            Assert.True(undisturbed == left, $"Ended at call {at}:\n{left}\nUndisturbed:\n{undisturbed}");
        }
    }

    /// <summary>Asks the function first where it is served, so that it can tell its first worker from the one after.</summary>
    private const string Caller = """
        import json
        import phantom.rules as phantom

        def on_start(container):
            phantom.custom_function(custom_function="local/calls", parameters=[{"where": True}], name="where", callback=known)

        def known(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
            plan = json.loads(container["description"])
            plan["worker"] = phantom.get_custom_function_results(custom_function_name="where")[0]["custom_function_results"][0]["data"]["worker"]
            phantom.custom_function(custom_function="local/calls", parameters=[plan], name="calls", callback=done)

        def done(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
            assert success, results
            phantom.debug("calls %d" % phantom.get_custom_function_results(custom_function_name="calls")[0]["custom_function_results"][0]["data"]["calls"])
        """;

    private static string Function(string lines) => $$"""
        def calls(where=None, target=None, children=None, at=None, worker=None, **kwargs):
            import os
            import phantom.rules as phantom

            if where:
                return {"worker": os.getpid()}
            made = 0

            def reached():
                nonlocal made
                if made == at and worker == os.getpid():
                    # By this name, for a source that reaches for what begins with an underscore has a worker to itself each time.
                    getattr(os, "_exit")(9)
                made += 1

            def call(function, *args, **kwargs):
                reached()
                return function(*args, **kwargs)

            def url(*parts):
                return phantom.build_phantom_rest_url(*parts)

            def get(*parts, **filters):
                return call(phantom.requests.get, url(*parts), params=filters, verify=False).json()

            def posted(*parts, **record):
                answer = call(phantom.requests.post, url(*parts), json=record, verify=False).json()
                assert answer["success"], answer
                return answer

            def well(answer):
                assert answer[0], answer

        {{lines}}
            # Also behind the last call.
            count = made
            reached()
            return {"calls": count}
        """;

    /// <summary>Runs it on events of its own, and gives all that is there then, without ids and times, and the run's version.</summary>
    private static async Task<(string Left, long Version)> LeftBy(Site site, long playbook, int at)
    {
        var events = new List<(long Id, string Name)>();
        foreach (var name in new[] { "first child", "second child", "target" })
        {
            events.Add((await Event(site, name, at, events), name));
        }

        var target = events[^1].Id;
        var files = FilesOfTheVault(site);
        var (status, started) = await site.PostAsAdmin("/rest/playbook_run", JsonSerializer.Serialize(new { container_id = target, playbook_id = playbook }));
        Assert.True(status == 200, started.ToString());
        await site.RunEnded(target);
        var run = await site.Get($"/rest/playbook_run/{started.GetProperty("playbook_run_id").GetString()}");
        Assert.True(run.GetProperty("status").GetString() == "success", $"Ended at call {at}: {run}");
        var left = new List<string>(await site.LogOf(run)) { $"files on disk: {FilesOfTheVault(site) - files} more" };
        foreach (var (id, name) in events)
        {
            left.Add($"{name}: {Told(await site.Get($"/rest/container/{id}"), "name status container_type workflow_name tags in_case artifact_count version")}");
            foreach (var (list, fields) in Lists(id))
            {
                foreach (var record in (await site.Get(list)).GetProperty("data").EnumerateArray())
                {
                    left.Add($"  {list.Split('?')[0].Split('/')[^1]}: {Told(record, fields)}");
                }
            }
        }

        return (events.Aggregate(string.Join('\n', left), (text, one) => text.Replace($"#{one.Id}", one.Name, StringComparison.Ordinal).Replace($"/{one.Id}/", "/", StringComparison.Ordinal)), run.GetProperty("version").GetInt64());
    }

    private static int FilesOfTheVault(Site site) => Directory.EnumerateFiles(Path.Combine(site.Folder, "vault"), "*", SearchOption.AllDirectories).Count();

    private static async Task<long> Event(Site site, string name, int at, IReadOnlyList<(long Id, string Name)> children)
    {
        var id = (await site.Post("/rest/container", JsonSerializer.Serialize(new { name, label = "events" }))).Body.GetProperty("id").GetInt64();
        var plan = JsonSerializer.Serialize(new { at, target = id, children = children.Select(child => child.Id) });
        await site.Post($"/rest/container/{id}", JsonSerializer.Serialize(new { description = plan }));
        if (name != "target")
        {
            await site.Post("/rest/artifact", $$$"""{"container_id":{{{id}}},"name":"of {{{name}}}","label":"event","cef":{"sourceAddress":"192.0.2.1"},"run_automation":false,"source_data_identifier":"{{{name}}}"}""");
            await site.Post("/rest/note", $$"""{"container_id":{{id}},"title":"seen","content":"on {{name}}","note_type":"general","note_format":"markdown"}""");
            await site.Post("/rest/container_comment", $$"""{"container_id":{{id}},"comment":"said on {{name}}"}""");
            await site.Post("/rest/container_attachment", $$"""{"container_id":{{id}},"file_name":"{{name}}.txt","file_content":"Cg=="}""");
        }

        return id;
    }

    private static IEnumerable<(string List, string Fields)> Lists(long id) =>
    [
        ($"/rest/container/{id}/artifacts?sort=id&order=asc&page_size=0", "name label severity tags cef cef_types version source_data_identifier has_note"),
        ($"/rest/note?_filter_container={id}&sort=id&order=asc&page_size=0", "title content note_type note_format"),
        ($"/rest/container/{id}/comments?sort=id&order=asc&page_size=0", "comment"),
        ($"/rest/container/{id}/attachments?sort=id&order=asc&page_size=0", "name created_via"),
        ($"/rest/workbook_phase?_filter_container={id}&sort=id&order=asc&page_size=0", "name order"),
        ($"/rest/workbook_task?_filter_container={id}&sort=id&order=asc&page_size=0", "name order status owner"),
        ($"/rest/evidence?_filter_container={id}&sort=id&order=asc&page_size=0", "content_type"),
    ];

    private static string Told(JsonElement record, string fields)
    {
        var told = new JsonObject();
        foreach (var field in fields.Split(' '))
        {
            told[field] = record.TryGetProperty(field, out var value) ? JsonNode.Parse(value.GetRawText()) : "no such field";
        }

        return told.ToJsonString();
    }
}
