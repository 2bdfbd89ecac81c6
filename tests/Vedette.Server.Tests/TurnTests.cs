using System.Text.Json;

namespace Vedette.Server.Tests;

/// <summary>Turns of a real worker: what is committed in the middle of one, and what a join waits for.</summary>
public sealed class TurnTests
{
    private const string Head = """
        import phantom.rules as phantom
        import os

        def version(run_id):
            return phantom.requests.get(phantom.build_phantom_rest_url("playbook_run", run_id), verify=False).json()["version"]

        def add_and_change_and_die_once(container, run_id):
            before = version(run_id)
            ok, message, artifact = phantom.add_artifact(container=container, name="added", label="event", cef_data={"n": "1"}, severity="low")
            answer = phantom.requests.post(phantom.build_phantom_rest_url("artifact", artifact), json={"name": "changed"}, verify=False)
            if not answer.ok:
                raise RuntimeError(answer.text)
            # What was written before the post and the post itself are a commit each; a further try is counted, which is one more.
            if version(run_id) == before + 2:
                os._exit(9)

        def on_finish(container, summary):
            return


        """;

    [Fact]
    public async Task WorkerDiesInACustomFunctionAfterACommitInItsMiddle_WhatWasWrittenIsThereOnce()
    {
        await using var site = await Site.Open();
        await site.Import("add_and_change", Head + """
            def add_and_change(container=None, run_id=None, **kwargs):
                add_and_change_and_die_once(container, run_id)
                return {}
            """, """{"python_version":"3","custom_function_id":"5f0c3f0e-6a55-4f1e-9d5c-0f6f0b7b8f10"}""");

        var run = await site.RunToEnd("dies_once", Head + """
            def on_start(container):
                phantom.custom_function(custom_function="local/add_and_change", parameters=[{"container": container["id"], "run_id": phantom.get_playbook_run_id_()}],
                                        name="add_and_change", callback=done)

            def done(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
                phantom.comment(container=container, comment="done" if success else str(results))
            """);

        await EndedWell(site, run, "done");
        await ArtifactIsThereOnceAndChangedOnce(site, run);
    }

    [Fact]
    public async Task WorkerDiesAfterACommitInTheMiddle_ActionAskedForBeforeItStartsOnceUnderTheSameId()
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("asks_and_dies", Head + """
            def on_start(container):
                asked = phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=answered)
                add_and_change_and_die_once(container, phantom.get_playbook_run_id_())
                phantom.comment(container=container, comment="asked " + str(asked))

            def answered(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container=container, comment="answered " + str(action["action_run_id"]))
            """);

        var asked = await OnlyAction(site, run);
        await EndedWell(site, run, $"asked {asked}", $"answered {asked}");
        await ArtifactIsThereOnceAndChangedOnce(site, run);
    }

    [Fact]
    public async Task WorkerDiesWhereAnActionWasTheLastThingAskedBeforeTheCommit_TurnGoesOnAndItStartsOnce()
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("asks_last_and_dies", Head + """
            def on_start(container):
                run_id = phantom.get_playbook_run_id_()
                before = version(run_id)
                phantom.comment(container=container, comment="written")
                asked = phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", callback=answered)
                if version(run_id) == before + 1:
                    os._exit(9)
                phantom.comment(container=container, comment="asked " + str(asked))

            def answered(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container=container, comment="answered " + str(action["action_run_id"]))
            """);

        var asked = await OnlyAction(site, run);
        await EndedWell(site, run, "written", $"asked {asked}", $"answered {asked}");
    }

    [Fact]
    public async Task BothResultsAreThereBeforeEitherCallback_JoinWithoutAGuardFiresOnce()
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("joins", Head + """
            def on_start(container):
                # Ends in the asking, as there is no such asset: its callback is the first message after this turn.
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["no such asset"], name="at_once", callback=wait_for_both)
                phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="a", callback=join)
                phantom.act("whois domain", parameters=[{"domain": "example.com"}], assets=["whois"], name="b", callback=join)

            def wait_for_both(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                url = phantom.build_phantom_rest_url("playbook_run", phantom.get_playbook_run_id_(), "actions")
                while any(run["status"] in ("pending", "running") for run in phantom.requests.get(url, verify=False).json()["data"]):
                    pass
                phantom.comment(container=container, comment="both are there")

            def join(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container=container, comment="callback")
                if phantom.completed(action_names=["a", "b"]):
                    phantom.comment(container=container, comment="joined")
            """);

        await EndedWell(site, run, "both are there", "callback", "callback", "joined");
    }

    private static async Task ArtifactIsThereOnceAndChangedOnce(Site site, JsonElement run)
    {
        var artifact = Assert.Single((await site.Get($"/rest/container/{run.GetProperty("container")}/artifacts")).GetProperty("data").EnumerateArray());
        Assert.Equal(("changed", 2), (artifact.GetProperty("name").GetString(), artifact.GetProperty("version").GetInt64()));
    }

    private static async Task<long> OnlyAction(Site site, JsonElement run) =>
        Assert.Single((await site.Get($"/rest/playbook_run/{run.GetProperty("id")}/actions")).GetProperty("data").EnumerateArray()).GetProperty("id").GetInt64();

    private static async Task EndedWell(Site site, JsonElement run, params string[] comments)
    {
        Assert.True(run.GetProperty("status").GetString() == "success", run.ToString());
        var written = (await site.Get($"/rest/container/{run.GetProperty("container")}/comments?sort=id&order=asc")).GetProperty("data");
        Assert.Equal(comments, written.EnumerateArray().Select(comment => comment.GetProperty("comment").GetString()!));
    }
}
