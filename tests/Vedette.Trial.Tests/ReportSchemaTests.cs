using System.Text.Json.Nodes;
using NJsonSchema;

namespace Vedette.Trial.Tests;

/// <summary>The JSON report against the schema that is published for it.</summary>
public sealed class ReportSchemaTests : TrialTest
{
    private const string Asking = """
        def on_start(container):
            phantom.prompt2(container=container, user="admin", message="Block it?", respond_in_mins=5, name="block_it", response_types=[{"prompt": "", "options": {"type": "list", "choices": ["Yes", "No"]}}], callback=decide)

        def decide(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            answer = results[0]["action_results"][0]["summary"]["responses"][0] if success else "nobody"
            if answer == "Yes":
                phantom.act("block ip", parameters=[{"ip": "203.0.113.9"}], assets=["edge firewall"], name="block", callback=note)
            elif answer == "No":
                raise RuntimeError("refused")

        def note(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            phantom.add_note(container=container, note_type="general", title="Blocked", content="the address is blocked" if success else "the firewall refused")
        """;

    private const string Tests = """
        cases:
          - name: passes
            answers: {block_it: {responses: ["Yes"]}, block: {data: [{done: true}]}}
            expect: {notes: [the address is blocked], prompts: [block_it]}
          - name: fails
            answers: {block_it: {no_answer: true}}
            expect: {notes: [the address is blocked]}
          - name: breaks
            answers: {block_it: {responses: ["No"]}}
        """;

    [Fact]
    public async Task ReportOfCasesThatPassFailAndBreak_IsAsTheSchemaSays()
    {
        await Playbook("asks", Asking);
        await Write("asks.tests.yaml", Tests);
        await Playbook("cannot/run", "def on_start(container:\n    return");

        var ended = await Vedette("test", Beside("asks.py"), Beside("cannot/run.py"), "--json", Beside("report.json"));

        Assert.True(File.Exists(Beside("report.json")), ended.Said + ended.Complained);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(Beside("report.json"), Ct))!;
        Assert.Equal(["passed", "failed", "error"], report["playbooks"]![0]!["cases"]!.AsArray().Select(one => (string)one!["status"]!));
        Assert.Equal("not started", (string)report["playbooks"]![1]!["cases"]![0]!["runStatus"]!);
        Assert.NotEmpty(report["playbooks"]![0]!["cases"]![0]!["prompts"]!.AsArray());
        var schema = await Schema();
        Assert.Empty(schema.Validate(report.ToJsonString()));

        // A report that is not so is found out.
        foreach (var (key, value) in new[] { ("runStatus", "\"fine\""), ("milliseconds", "\"12\""), ("prompts", "[{\"name\": \"block_it\"}]"), ("colour", "\"red\"") })
        {
            var spoiled = report.DeepClone();
            spoiled["playbooks"]![0]!["cases"]![0]![key] = JsonNode.Parse(value);
            Assert.NotEmpty(schema.Validate(spoiled.ToJsonString()));
        }
    }

    private static async Task<JsonSchema> Schema()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "playbook-report.schema.json"), Ct);

        // The library knows the shelf of named parts by the word that older drafts had for it, and nothing else here is of the newer one.
        return await JsonSchema.FromJsonAsync(text.Replace("$defs", "definitions", StringComparison.Ordinal), Ct);
    }
}
