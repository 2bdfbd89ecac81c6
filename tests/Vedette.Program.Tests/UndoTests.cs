using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Vedette.Lab;

namespace Vedette.Program.Tests;

/// <summary><c>vedette undo</c>.</summary>
public sealed class UndoTests : ProgramTest
{
    private const string Writes = """
        import json
        import phantom.rules as phantom

        def on_start(container):
            phantom.act('create ticket', parameters=[{'short_description': 'x', 'description': 'x'}], assets=['servicenow'], callback=made, name='make')

        def made(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, **rest):
            number = results[0]['action_results'][0]['data'][0]['number']
            phantom.act('update ticket', parameters=[{'id': number, 'fields': json.dumps({'short_description': 'changed'})}], assets=['servicenow'], name='change')
        """;

    [Fact]
    public async Task PlanIsShownAndAsked_ThenCarriedOut()
    {
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        await using var server = await Serve("--lab", lab.Url);
        var folder = Directory.CreateDirectory(Beside("playbooks"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "writes.py"), Writes, Ct);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "writes.json"), """{"labels":["events"]}""", Ct);
        Assert.Equal(0, (await AsAdmin("playbook", "import", Path.Combine(folder.FullName, "writes.py"))).Status);
        using var client = server.Client(Token);
        var container = await Sent(client, "/rest/container", new { name = "quiet", label = "events" });
        var run = (await Sent(client, "/rest/playbook_run", new { container_id = container.GetProperty("id").GetInt64(), playbook_id = "local/writes" })).GetProperty("playbook_run_id").GetString()!;
        await NothingOpen(client);

        var declined = await Program.Run(["undo", run, "--data", Data, "--user", "admin"], $"{Password}\nn\n");
        var undone = await ByToken("undo", run, "--yes");
        var after = await ByToken("undo", run, "--plan");

        Assert.Contains("Undo 1 of 2? [y/N] Nothing was undone.", declined.Said, StringComparison.Ordinal);
        Assert.Contains("create ticket on servicenow: not undone, the app names no way back.", undone.Said, StringComparison.Ordinal);
        Assert.Contains("update ticket on servicenow: undone by \"update ticket\"", undone.Said, StringComparison.Ordinal);
        Assert.True(undone.Status == 0, undone.All);
        Assert.Contains("There is nothing to undo.", after.Said, StringComparison.Ordinal);
        using var tickets = new HttpClient();
        tickets.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LabCredentials.ServiceNowUser}:{LabCredentials.ServiceNowPassword}")));
        Assert.Equal("x", (await Json(tickets, $"{lab.ServiceNowUrl}/api/now/table/incident?sysparm_limit=1")).GetProperty("result")[0].GetProperty("short_description").GetString());
    }

    private static async Task<JsonElement> Sent(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, Ct);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Ct);
    }
}
