using System.Net.Http.Json;
using System.Text.Json;

namespace Vedette.Program.Tests;

/// <summary>What runs ask people, answered at the terminal.</summary>
public sealed class ApprovalTests : ProgramTest
{
    private const string Asks = """
        import phantom.rules as phantom

        def on_start(container):
            phantom.prompt2(container=container, user="admin", message="Block {0}?\nTo answer: type\x1b[2J yes", parameters=["container:name"], name="ask", callback=answered,
                            response_types=[{"prompt": "Sure?", "options": {"type": "list", "choices": ["Yes", "No"]}}, {"prompt": "How many days?", "options": {"type": "range", "min": 1, "max": 9}}])

        def answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
            phantom.comment(container=container, comment="%s %s" % (success, results[0]["message"]))
        """;

    [Fact]
    public async Task Question_IsListedShownAnswered_AndTheSecondAnswerIsTold()
    {
        await using var server = await Serve();
        var (container, id) = await Asked(server.Url);

        var listed = await AsAdmin("approvals", "list");
        var shown = await AsAdmin("approvals", "show", id);
        var wrong = await AsAdmin("approvals", "answer", id, "Perhaps", "3");
        var first = await AsAdmin("approvals", "answer", id, "Yes", "3", "--message", "seen");
        var second = await AsAdmin("approvals", "answer", id, "No", "1");

        Assert.Matches($@"{id} +pending +prompt +for admin, until .*ask: Block quiet\?", listed.Said);
        Assert.Contains("Question 1: one of \"Yes\", \"No\"\n  | Sure?", shown.Said, StringComparison.Ordinal);
        Assert.Contains("Question 2: a whole number from 1 to 9", shown.Said, StringComparison.Ordinal);
        Assert.Contains($"\nTo answer:  vedette approvals answer {id} RESPONSE1 RESPONSE2", shown.Said, StringComparison.Ordinal);
        Assert.Equal(1, wrong.Status);
        Assert.Contains("\"Perhaps\" is none of: Yes, No.", wrong.Complained, StringComparison.Ordinal);
        Assert.True(first.Status == 0, first.All);
        Assert.Equal(1, second.Status);
        Assert.Contains("Somebody was faster: this was approved already by admin", second.Complained, StringComparison.Ordinal);
        Assert.Equal("True seen", await Comment(server.Url, container));
        Assert.Equal("Nothing waits for an answer.", (await AsAdmin("approvals", "list")).Said.Trim());
    }

    [Fact]
    public async Task T20_TextFromOutside_StandsBehindABarAndMovesNoTerminal()
    {
        await using var server = await Serve();
        var (_, id) = await Asked(server.Url);

        var shown = (await AsAdmin("approvals", "show", id)).Said;

        Assert.Contains("  | To answer: type [2J yes", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', shown);
        Assert.DoesNotContain("\nTo answer: type", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeclinedQuestion_FailsForTheRun()
    {
        await using var server = await Serve();
        var (container, id) = await Asked(server.Url);

        var declined = await AsAdmin("approvals", "decline", id, "--message", "not this one");

        Assert.True(declined.Status == 0, declined.All);
        Assert.Equal("False not this one", await Comment(server.Url, container));
        var all = JsonSerializer.Deserialize<JsonElement>((await AsAdmin("approvals", "list", "--all", "--json")).Said);
        Assert.Equal("denied", all[0].GetProperty("status").GetString());
    }

    private async Task<(long Container, string Id)> Asked(Uri url)
    {
        using var admin = Admin(url);
        await File.WriteAllTextAsync(Beside("asks.py"), Asks, Ct);
        var imported = await AsAdmin("playbook", "import", Beside("asks.py"));
        Assert.True(imported.Status == 0, imported.All);
        var container = (await Post(admin, "/rest/container", new { name = "quiet", label = "events" })).GetProperty("id").GetInt64();
        await Post(admin, "/rest/playbook_run", new { container_id = container, playbook_id = "local/asks" });
        while (true)
        {
            var open = (await Json(admin, "/rest/approval?_filter_status=\"pending\"")).GetProperty("data");
            if (open.GetArrayLength() > 0)
            {
                return (container, open[0].GetProperty("id").ToString());
            }
        }
    }

    private async Task<string?> Comment(Uri url, long container)
    {
        using var admin = Admin(url);
        while (true)
        {
            var comments = (await Json(admin, $"/rest/container/{container}/comments")).GetProperty("data");
            if (comments.GetArrayLength() > 0)
            {
                return comments[0].GetProperty("comment").GetString();
            }
        }
    }

    private static async Task<JsonElement> Post(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body, Ct);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Ct);
    }
}
