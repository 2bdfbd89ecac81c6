using System.Text.Json;

namespace Vedette.Server.Tests;

/// <summary>Turns of a real worker: what is committed in the middle of one, and what a join waits for.</summary>
public sealed class TurnTests
{
    /// <summary>
    /// Adds an artifact and changes it over the own REST, which commits in the middle of the turn; then the worker dies, on the first try
    /// only: a further try is counted on the run, which moves its version once more.
    /// </summary>
    private const string AddChangeAndDieOnce = """
            url = phantom.build_phantom_rest_url("playbook_run", phantom.get_playbook_run_id_() if run_id is None else run_id)
            before = phantom.requests.get(url, verify=False).json()["version"]
            ok, message, artifact = phantom.add_artifact(container=container, name="added", label="event", cef_data={"n": "1"}, severity="low")
            answer = phantom.requests.post(phantom.build_phantom_rest_url("artifact", artifact), json={"name": "changed"}, verify=False)
            if not answer.ok:
                raise RuntimeError(answer.text)
            if phantom.requests.get(url, verify=False).json()["version"] == before + 2:
                os._exit(9)
        """;

    [Fact]
    public async Task WorkerDiesInACustomFunctionAfterACommitInItsMiddle_WhatWasWrittenIsThereOnce()
    {
        await using var site = await Site.Open();
        await site.Import("add_and_change", $"""
            import phantom.rules as phantom
            import os

            def add_and_change(container=None, run_id=None, **kwargs):
            {AddChangeAndDieOnce}
                return dict()
            """, """{"python_version":"3","custom_function_id":"5f0c3f0e-6a55-4f1e-9d5c-0f6f0b7b8f10"}""");

        var run = await site.RunToEnd("dies_once", """
            import phantom.rules as phantom

            def on_start(container):
                phantom.custom_function(custom_function="local/add_and_change", parameters=[{"container": container["id"], "run_id": phantom.get_playbook_run_id_()}],
                                        name="add_and_change", callback=done)

            def done(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
                phantom.comment(container=container, comment="done" if success else str(results))
            """);

        Assert.Equal("success", run.GetProperty("status").GetString());
        await ArtifactIsThereOnceAndChangedOnce(site, run);
        Assert.Equal(["done"], await Comments(site, run));
    }

    [Theory]
    [InlineData("act")]
    [InlineData("act last")]
    public async Task WorkerDiesAfterACommitInTheMiddle_ActionAskedForBeforeStartsOnce(string order)
    {
        const string Act = """    asked = phantom.act("whois domain", parameters=[{"domain": "cdn-telemetry.example.net"}], assets=["whois"], name="who", callback=answered)""";
        await using var site = await Site.Open();

        var run = await site.RunToEnd("asks_and_dies", $"""
            import phantom.rules as phantom
            import os

            def on_start(container):
                run_id = None
                phantom.comment(container=container, comment="first")
            {(order == "act" ? Act : "")}
            {AddChangeAndDieOnce.Replace("            if not answer.ok", order == "act last" ? $"        {Act}\n            phantom.requests.get(url, verify=False)\n            if not answer.ok" : "            if not answer.ok", StringComparison.Ordinal)}
                phantom.requests.post(phantom.build_phantom_rest_url("container_comment"), json={"{"}"container_id": container["id"], "comment": "asked " + str(asked){"}"}, verify=False)

            def answered(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container=container, comment="answered " + str(action["action_run_id"]))
            """);

        Assert.Equal("success", run.GetProperty("status").GetString());
        await ArtifactIsThereOnceAndChangedOnce(site, run);
        var asked = Assert.Single((await site.Get($"/rest/playbook_run/{run.GetProperty("id")}/actions")).GetProperty("data").EnumerateArray());
        Assert.Equal("success", asked.GetProperty("status").GetString());
        Assert.Equal(["first", $"asked {asked.GetProperty("id")}", $"answered {asked.GetProperty("id")}"], await Comments(site, run));
    }

    [Fact]
    public async Task BothResultsAreThereBeforeEitherCallback_JoinWithoutAGuardFiresOnce()
    {
        await using var site = await Site.Open();

        var run = await site.RunToEnd("joins", """
            import phantom.rules as phantom

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

        Assert.Equal("success", run.GetProperty("status").GetString());
        Assert.Equal(["both are there", "callback", "callback", "joined"], await Comments(site, run));
    }

    private static async Task ArtifactIsThereOnceAndChangedOnce(Site site, JsonElement run)
    {
        var artifact = Assert.Single((await site.Get($"/rest/container/{run.GetProperty("container")}/artifacts")).GetProperty("data").EnumerateArray());
        Assert.Equal(("changed", 2), (artifact.GetProperty("name").GetString(), artifact.GetProperty("version").GetInt64()));
    }

    private static async Task<IReadOnlyList<string>> Comments(Site site, JsonElement run) =>
        [.. (await site.Get($"/rest/container/{run.GetProperty("container")}/comments?sort=id&order=asc")).GetProperty("data").EnumerateArray().Select(comment => comment.GetProperty("comment").GetString()!)];
}
