namespace Vedette.Server.Tests.Api;

/// <summary>Phases and tasks of an event, as playbooks work through them.</summary>
public sealed class WorkbookCallTests
{
    [Fact]
    public async Task WorkbookIsAddedOnce_AndItsFirstPhaseIsCurrent()
    {
        await using var site = await Site.Open();
        var template = await site.NewWorkbook();

        await site.Passes($$"""
            assert container["current_phase_id"] is None
            assert phantom.get_phase(container) == (False, "The event has no current phase.", None, None)
            assert phantom.add_workbook(container=container, workbook_id={{template}}) == (True, "")
            ok, message = phantom.add_workbook(container["id"], {{template}})
            assert not ok and "already" in message
            ok, message = phantom.add_workbook(container, 4711)
            assert not ok and "item not found" in message
            container = phantom.get_container(container["id"])
            ok, message, phase, name = phantom.get_phase()
            assert ok and name == "Detection" and container["current_phase_id"] == phase and container["workflow_name"] == "Response"
            assert phantom.set_phase(container=container, phase="recovery") == (True, "")
            assert phantom.get_phase()[3] == "Recovery"
            assert phantom.update(container, {"current_phase": phase}) == (True, "")
            assert phantom.get_phase()[2] == phase
            ok, message = phantom.set_phase(container, "nowhere")
            assert not ok and "Detection, Recovery" in message
            """);
    }

    [Fact]
    public async Task TasksAreReadAndMovedOn()
    {
        await using var site = await Site.Open();
        var template = await site.NewWorkbook();

        await site.Passes($$"""
            phantom.add_workbook(container, {{template}})
            tasks = [t["data"] for t in phantom.get_tasks(container=container) if t["success"]]
            assert [(t["name"], t["order"], t["status"]) for t in tasks] == [("look", 1, 0), ("decide", 2, 0), ("tell", 1, 0)], tasks
            assert tasks[0]["suggestions"]["playbooks"] == [{"scm": "local", "playbook": "tried"}]
            assert tasks[1]["is_note_required"] is True and tasks[1]["notes"] == [] and tasks[1]["owner"] is None
            assert [t["success"] for t in phantom.get_tasks(4711)] == [False]
            url = phantom.build_phantom_rest_url("workbook_task", tasks[1]["id"])
            def move(**change):
                return phantom.requests.post(url, json=change, verify=False).json()
            assert "Invalid status transition" in move(status=1)["message"]
            assert move(status=2)["success"]
            assert "Closing note content is required" in move(status=1)["message"]
            assert move(status=1, note="it is real", title="verdict", note_format="markdown") == {"success": True, "id": tasks[1]["id"]}
            assert phantom.set_owner(container=container, user="admin", task_id=tasks[0]["id"]) == (True, "")
            ok, message, note = phantom.add_note(container=container, note_type="task", task_id=tasks[0]["id"], title="t", content="c")
            tasks = [t["data"] for t in phantom.get_tasks(container)]
            assert [n["title"] for n in tasks[1]["notes"]] == ["verdict"] and tasks[1]["status"] == 1 and tasks[1]["end_time"]
            assert tasks[0]["owner"] == phantom.get_effective_user() and [n["id"] for n in tasks[0]["notes"]] == [note]
            ok, message, task = phantom.add_task(container, name="more", owner="admin")
            assert ok, message
            assert [t["data"]["phase"] for t in phantom.get_tasks(container) if t["data"]["id"] == task] == [tasks[0]["phase"]]
            """);
    }

    [Fact]
    public async Task CaseGetsTheDefaultWorkbook_OrTheOneThatIsNamed()
    {
        await using var site = await Site.Open();
        await site.NewWorkbook("Standard", standard: true);
        await site.NewWorkbook("Other");

        await site.Passes("""
            assert phantom.promote(container) == (True, "")
            assert phantom.get_container(container["id"])["workflow_name"] == "Standard"
            assert phantom.promote(container) == (True, "")
            ok, message, case = phantom.create_container(name="c", label="events", container_type="case", template="Other")
            assert ok and phantom.get_container(case)["workflow_name"] == "Other"
            assert len(list(phantom.get_tasks(case))) == 3
            """);
    }
}
