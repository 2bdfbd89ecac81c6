using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Api;

/// <summary>Questions to people: asked by runs, answered by REST, or by nobody in time.</summary>
public sealed class PromptTests
{
    private const string Asks = """
        import phantom.rules as phantom

        def on_start(container):
            phantom.prompt2(container=container, user="admin", message="Block {0}?", parameters=["container:name"], name="ask", respond_in_mins=5, callback=answered,
                            response_types=[{"prompt": "Sure?", "options": {"type": "list", "choices": ["Yes", "No"]}}, {"prompt": "How much?", "options": {"type": "range", "min": 1, "max": 9}}])

        def answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
            rows = phantom.collect2(container=container, datapath=["ask:action_result.summary.responses.0", "ask:action_result.summary.responses.1"])
            yes = phantom.decision(container=container, conditions=[["ask:action_result.summary.responses.0", "==", "Yes"]])
            phantom.comment(container=container, comment="%s %s %s %s" % (success, rows, yes, phantom.completed(action_names=["ask"])))
        """;

    [Fact]
    public async Task AnswerOfThePerson_ComesBackInOrder_AndTheFirstCounts()
    {
        await using var site = await Site.Open();
        var (container, prompt) = await Asked(site, Asks);
        Assert.Equal("Block quiet?", prompt.GetProperty("message").GetString());

        var (few, _) = await Answer(site, prompt, """{"status":"approve","responses":["Yes"]}""");
        var (wrong, why) = await Answer(site, prompt, """{"status":"approve","responses":["Perhaps","5"]}""");
        var (beyond, _) = await Answer(site, prompt, """{"status":"approve","responses":["Yes","10"]}""");
        var (right, _) = await Answer(site, prompt, """{"status":"approve","type":"manual","action":"prompt","message":"ok","responses":["Yes","5"]}""");
        var (again, said) = await Answer(site, prompt, """{"status":"approve","responses":["No","1"]}""");

        Assert.Equal((400, 400, 400, 200, 409), (few, wrong, beyond, right, again));
        Assert.Contains("Yes, No", why.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("approved already", said.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["True [['Yes', '5']] True True"], await Comments(site, container));
    }

    [Fact]
    public async Task PromptThatIsTurnedDown_FailsAndHasNoResponses()
    {
        await using var site = await Site.Open();
        var (container, prompt) = await Asked(site, Asks);

        await Answer(site, prompt, """{"status":"deny"}""");

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["False [[None, None]] False True"], await Comments(site, container));
    }

    [Fact]
    public async Task T20_TokensRunsAndOthersDoNotAnswer()
    {
        await using var site = await Site.Open();
        await site.PostAsAdmin("/rest/ph_user", """{"username":"ann","password":"another-made-up-2","type":"normal","roles":["Analyst"]}""");
        var (container, prompt) = await Asked(site, Asks + """


            def on_finish(container, summary):
                phantom.debug("finished")
            """);
        var path = $"/rest/approval/{prompt.GetProperty("id")}";
        const string Yes = """{"status":"approve","responses":["Yes","5"]}""";

        var (byToken, _) = await site.Post(path, Yes);
        await site.Import("answers_itself", $$"""
            import phantom.rules as phantom

            def on_start(container):
                answer = phantom.requests.post(phantom.build_phantom_rest_url("approval", {{prompt.GetProperty("id")}}), json={{Yes}}, verify=False)
                phantom.comment(container=container, comment=str(answer.status_code))
            """);
        var other = await site.QuietEvent();
        await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{other}},"playbook_id":"local/answers_itself"}""");
        await site.RunEnded(other);
        await site.Get(path);

        Assert.Equal(403, byToken);
        Assert.Equal(["403"], await Comments(site, other));
        Assert.Equal("pending", (await site.Get(path)).GetProperty("status").GetString());
        await Answer(site, prompt, Yes);
        await site.RunEnded(container);
    }

    [Fact]
    public async Task RestartedServer_KeepsTheQuestionAndItsTimeLimit()
    {
        await using var site = await Site.Open();
        var (container, prompt) = await Asked(site, Asks);
        await site.Server.DisposeAsync();
        await site.StartServer();

        Assert.Equal("pending", (await site.Get($"/rest/approval/{prompt.GetProperty("id")}")).GetProperty("status").GetString());
        var row = await site.Server.Store.Find<PromptRow>(prompt.GetProperty("id").GetInt64(), TestContext.Current.CancellationToken);
        var late = new Unit();
        late.Update<PromptRow>(row!.Id, null, (nameof(PromptRow.DueAt), DateTimeOffset.UtcNow));
        await site.Server.Store.Commit(late, TestContext.Current.CancellationToken);
        await site.Server.DisposeAsync();
        await site.StartServer();

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["False [[None, None]] False True"], await Comments(site, container));
        Assert.Equal("expired", (await site.Get($"/rest/approval/{prompt.GetProperty("id")}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task QuestionThatIsAskedAgain_CountsAsOpenAgain_AlsoAfterARestart()
    {
        await using var site = await Site.Open();
        var (container, first) = await Asked(site, """
            import phantom.rules as phantom

            def on_start(container):
                ask(container, "first", again)

            def ask(container, name, callback):
                phantom.prompt(container=container, user="admin", message="Go on?", name=name, callback=callback, respond_in_mins=5)

            def again(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                if phantom.get_run_data(key="asked"):
                    return
                phantom.save_run_data(key="asked", value="once")
                ask(container, "first", again)
                ask(container, "second", check)

            def check(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.comment(container=container, comment=str(phantom.completed(action_names=["first"])))
            """);
        await Answer(site, first, """{"status":"approve","responses":[]}""");
        var second = await Open(site, "second");
        var once = await Open(site, "first");
        await site.Server.DisposeAsync();
        await site.StartServer();

        await Answer(site, second, """{"status":"approve","responses":[]}""");
        await Answer(site, once, """{"status":"approve","responses":[]}""");

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["False"], await Comments(site, container));
    }

    [Fact]
    public async Task CancelledRun_LeavesNoOpenQuestion()
    {
        await using var site = await Site.Open();
        var (container, prompt) = await Asked(site, Asks);

        await site.PostAsAdmin($"/rest/playbook_run/{prompt.GetProperty("playbook_run")}", """{"cancel":true}""");

        Assert.Equal("cancelled", (await site.RunEnded(container)).Status);
        Assert.Equal("cancelled", (await site.Get($"/rest/approval/{prompt.GetProperty("id")}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task PromptCalledOffAsAnAction_Ends_AndTheCallbackIsTold()
    {
        await using var site = await Site.Open();
        var (container, prompt) = await Asked(site, Asks);

        var (status, _) = await site.PostAsAdmin($"/rest/action_run/{prompt.GetProperty("action_run")}", """{"cancel":true}""");

        Assert.Equal(200, status);
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["False [[None, None]] False True"], await Comments(site, container));
        Assert.Equal("cancelled", (await site.Get($"/rest/approval/{prompt.GetProperty("id")}")).GetProperty("status").GetString());
        Assert.Equal("cancelled", (await site.Get($"/rest/action_run/{prompt.GetProperty("action_run")}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task OlderPromptAndTask_AreAnsweredByWhomeverTheRoleHas()
    {
        await using var site = await Site.Open();
        var (container, prompt) = await Asked(site, """
            import phantom.rules as phantom

            def on_start(container):
                phantom.prompt(user="Administrator", message="Go on?", name="old", options={"type": "list"}, callback=answered)

            def answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None):
                assert handle is None
                phantom.comment(container, "%s %s" % (action["action_name"], results[0]["action_results"][0]["summary"]["response"]))
                phantom.task(user="nobody we know", message="Tidy up", name="tidy")
            """);
        await Answer(site, prompt, """{"status":"approve","responses":["No"]}""");

        var task = await Open(site, "tidy");
        await Answer(site, task, """{"status":"approve"}""");

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Equal(["prompt No"], await Comments(site, container));
        Assert.Equal(JsonValueKind.Null, task.GetProperty("due_time").ValueKind);
    }

    private static async Task<(long Container, JsonElement Prompt)> Asked(Site site, string source)
    {
        await site.Import("asks", source);
        var container = await site.QuietEvent();
        var (status, started) = await site.PostAsAdmin("/rest/playbook_run", $$"""{"container_id":{{container}},"playbook_id":"local/asks"}""");
        Assert.True(status == 200, started.ToString());
        return (container, await Open(site, null));
    }

    private static async Task<JsonElement> Open(Site site, string? name)
    {
        while (true)
        {
            var open = (await site.Get("/rest/approval?_filter_status=%22pending%22")).GetProperty("data");
            foreach (var prompt in open.EnumerateArray().Where(prompt => name is null || prompt.GetProperty("name").GetString() == name))
            {
                return prompt;
            }

            var failed = await site.Server.Store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.Status), "failed")), TestContext.Current.CancellationToken);
            Assert.True(failed.Count == 0, failed.Count == 0 ? "" : failed[0].Message);
        }
    }

    private static Task<(int Status, JsonElement Body)> Answer(Site site, JsonElement prompt, string json) => site.PostAsAdmin($"/rest/approval/{prompt.GetProperty("id")}", json);

    private static async Task<IReadOnlyList<string>> Comments(Site site, long container) =>
        [.. (await site.Get($"/rest/container/{container}/comments?sort=id&order=asc")).GetProperty("data").EnumerateArray().Select(comment => comment.GetProperty("comment").GetString()!)];
}
