using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Lab;
using Vedette.Lab.Alerts;

namespace Vedette.Program.Tests;

/// <summary>A live run that becomes a case: <c>vedette playbook test PLAYBOOK --record RUN</c>.</summary>
public sealed class RecordTests : ProgramTest
{
    private const string Outbound = "investigate_suspicious_outbound_connection";

    [Fact]
    public async Task RunOfTheOutboundPlaybook_RecordedPassesAsACase_AndAPlaybookThatOpensNoTicketFailsIt()
    {
        var playbook = OwnPlaybook(Outbound);
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        await using var server = await Serve("--lab", lab.Url);
        using var admin = Admin(server.Url);
        var run = await Run(admin, $"community/{Outbound}", Alert());

        var recorded = await AsAdmin("playbook", "test", playbook, "--record", run);

        Assert.True(recorded.Status == 0, recorded.All);
        var tests = await File.ReadAllTextAsync(Beside($"{Outbound}.tests.yaml"), Ct);
        foreach (var line in new[] { $"  - name: as run {run} went", "get_domain_owner:", "short_description:", "outbound_connection_ticket_{event}", "sourceHostName: ", "notes:", "pins:" })
        {
            Assert.Contains(line, tests, StringComparison.Ordinal);
        }

        var passed = await Program.Run(["playbook", "test", playbook]);
        Assert.True(passed.Status == 0, $"{passed.All}\n{tests}");
        Assert.DoesNotContain("made up", passed.Said, StringComparison.Ordinal);

        var source = await File.ReadAllTextAsync(playbook, Ct);
        var changed = source.Replace("phantom.act(\"create ticket\",", "phantom.debug(\"no ticket\") or (lambda *asked, **how: None)(\"create ticket\",", StringComparison.Ordinal);
        Assert.NotEqual(source, changed);
        await File.WriteAllTextAsync(playbook, changed, Ct);
        var failed = await Program.Run(["playbook", "test", playbook]);
        Assert.Equal(1, failed.Status);
        Assert.Contains("The action \"create_ticket\" on servicenow was to be asked for", failed.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BlockThatIsAnsweredOtherwiseEachTime_PromptsListsAndSecrets_AreRecordedAsTheyCame()
    {
        await File.WriteAllTextAsync(Beside("asks.py"), """
            import phantom.rules as phantom
            import json

            def on_start(container):
                found, message, rows = phantom.get_list(list_name="sites")
                phantom.save_data({"first": rows[0][0], "token": "s3cret-value"}, key="seen_%s" % container["id"])
                phantom.prompt2(container=container, user="admin", message="Look at %s?" % rows[0][0], respond_in_mins=30, name="ask", response_types=[{"prompt": "", "options": {"type": "list", "choices": ["Yes", "No"]}}], callback=look)

            def look(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.act("whois domain", parameters=[{"domain": name} for name in ("vedette.example", "cdn-telemetry.example.net")], assets=["whois"], name="owner", callback=tell)

            def tell(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                answers = phantom.collect2(container=container, datapath=["owner:action_result.parameter.domain", "owner:action_result.status", "owner:action_result.message"], action_results=results)
                phantom.add_note(container=container, note_type="general", title="Owners", content="\n".join("%s: %s, %s" % tuple(answer) for answer in answers))
                phantom.set_status(container=container, status="open")

            def on_finish(container, summary):
                return
            """, Ct);
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        await using var server = await Serve("--lab", lab.Url);
        using var admin = Admin(server.Url);
        Assert.Equal(0, (await AsAdmin("playbook", "import", Beside("asks.py"))).Status);
        using (var list = await admin.PostAsJsonAsync("/rest/decided_list", new { name = "sites", content = new[] { new[] { "berlin", "12" } } }, Ct))
        {
            Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        }

        var run = await Run(admin, "local/asks", new JsonObject
        {
            ["name"] = "Something", ["label"] = "events", ["severity"] = "low",
            ["artifacts"] = new JsonArray(new JsonObject { ["cef"] = new JsonObject { ["userPassword"] = "hunter2-hunter2", ["destinationPort"] = "443" }, ["run_automation"] = false }),
        }, answer: "Yes");

        var recorded = await AsAdmin("playbook", "test", Beside("asks.py"), "--record", run);

        Assert.True(recorded.Status == 0, recorded.All);
        var tests = await File.ReadAllTextAsync(Beside("asks.tests.yaml"), Ct);
        Assert.Contains("responses: [Yes]", tests, StringComparison.Ordinal);
        Assert.Contains("destinationPort: '443'", tests, StringComparison.Ordinal);
        Assert.Contains("when: {domain: vedette.example}", tests, StringComparison.Ordinal);
        Assert.Matches(@"prompts:\n +- \{name: ask, message: '?Look at berlin\?'?, to: admin\}", tests);
        Assert.DoesNotContain("hunter2", tests, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", tests, StringComparison.Ordinal);
        var passed = await Program.Run(["playbook", "test", Beside("asks.py")]);
        Assert.True(passed.Status == 0, $"{passed.All}\n{tests}");

        var again = await AsAdmin("playbook", "test", Beside("asks.py"), "--record", run);
        Assert.Equal(1, again.Status);
        Assert.Contains($"has a case \"as run {run} went\" already", again.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T08_RecordOfARun_IsNotForWhoMayNotWritePlaybooks()
    {
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        await using var server = await Serve("--lab", lab.Url);
        using var admin = Admin(server.Url);
        var run = await Run(admin, $"community/{Outbound}", Alert());

        var refused = await ByToken("playbook", "test", OwnPlaybook(Outbound), "--record", run);

        Assert.Equal(1, refused.Status);
        Assert.Contains("does not have permission", refused.Complained, StringComparison.Ordinal);
        Assert.False(File.Exists(Beside($"{Outbound}.tests.yaml")));
    }

    /// <summary>One of ours, with what belongs to it, in the test's own folder.</summary>
    private string OwnPlaybook(string name)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "playbooks"), $"{name}.*").Where(file => !file.EndsWith(".yaml", StringComparison.Ordinal)))
        {
            File.Copy(file, Beside(Path.GetFileName(file)));
        }

        return Beside($"{name}.py");
    }

    private static JsonObject Alert()
    {
        var alerts = new SplunkAlerts("record", TimeProvider.System);
        var (alert, artifact) = (alerts.Container(0), alerts.Artifact(0, 0));
        artifact.Remove("container_id");
        artifact["run_automation"] = false;
        alert["artifacts"] = new JsonArray(artifact);
        return alert;
    }

    /// <summary>Runs a playbook on an alert to its end; what it asks on the way is answered so.</summary>
    private static async Task<string> Run(HttpClient client, string playbook, JsonObject alert, string? answer = null)
    {
        var container = (await Post(client, "/rest/container", alert)).GetProperty("id").GetInt64();
        var run = (await Post(client, "/rest/playbook_run", new JsonObject { ["container_id"] = container, ["playbook_id"] = playbook, ["scope"] = "all" })).GetProperty("playbook_run_id").GetString()!;
        while (true)
        {
            var row = await Json(client, $"/rest/playbook_run/{run}");
            if (row.GetProperty("status").GetString() is not ("pending" or "running"))
            {
                Assert.True(row.GetProperty("status").GetString() == "success", row.GetProperty("message").GetString());
                return run;
            }

            if (answer is not null && (await Json(client, "/rest/approval?_filter_status=\"pending\"")).GetProperty("data").EnumerateArray().ToList() is [var asked])
            {
                await Post(client, $"/rest/approval/{asked.GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture)}", new JsonObject { ["status"] = "approve", ["responses"] = new JsonArray(answer) });
            }
        }
    }

    private static async Task<JsonElement> Post(HttpClient client, string path, JsonObject body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
