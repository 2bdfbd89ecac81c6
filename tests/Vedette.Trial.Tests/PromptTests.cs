using System.Text.Json;

namespace Vedette.Trial.Tests;

/// <summary>What a playbook asks people, answered by its test, by nobody, or as somebody could.</summary>
public sealed class PromptTests : TrialTest
{
    private const string Asking = """
        def on_start(container):
            phantom.prompt2(container=container, user="Incident Commander", message="Block {0}?", parameters=["container:name"], name="ask", respond_in_mins=30, callback=asked,
                            response_types=[{"prompt": "Sure?", "options": {"type": "list", "choices": ["No", "Yes"]}}, {"prompt": "Hours", "options": {"type": "range", "min": 2, "max": 9}},
                                            {"prompt": "Why", "options": {"type": "message"}}])

        def asked(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            rows = phantom.collect2(container=container, datapath=["ask:action_result.summary.responses.0", "ask:action_result.summary.responses.1", "ask:action_result.summary.responses.2", "ask:action_result.summary.responder"])
            phantom.debug("%s %s" % (success, rows[0]))
            phantom.prompt(user="admin", message="Tell them?", name="old", options={"type": "list"}, callback=told)

        def told(action=None, success=None, container=None, results=None, handle=None):
            phantom.debug("told %s %s" % (success, results[0]["action_results"][0]["summary"].get("response")))
        """;

    [Fact]
    public async Task WithoutATest_AnswersAreMadeUpByTheirType_AndStandInTheReport()
    {
        await Playbook("asks", Asking);

        var (status, one) = await Case("asks.py");

        Assert.Equal(0, status);
        Assert.Contains("True ['No', '2', 'yes', 'incident commander']", Log(one));
        Assert.Contains("told True Yes", Log(one));
        Assert.Empty(one.GetProperty("actions").EnumerateArray());
        Assert.Equal(["ask: Incident Commander, made up, approved", "old: admin, made up, approved"], Prompts(one));
        Assert.Equal("Block An event made up for asks?", one.GetProperty("prompts")[0].GetProperty("message").GetString());
        Assert.Equal("incident commander", one.GetProperty("prompts")[0].GetProperty("person").GetString());
        Assert.Equal(["No", "2", "yes"], one.GetProperty("prompts")[0].GetProperty("responses").EnumerateArray().Select(response => response.GetString()));
    }

    [Fact]
    public async Task TestAnswersByBlockAndByMessage_AndSaysWhoAnswers()
    {
        await Playbook("asks", Asking);
        await Write("asks.tests.yaml", """
            event: {name: wks-0417}
            artifacts: []
            answers:
              ask: {responses: ["Yes", 5, because], by: ann}
              prompt:
                - {when: {message: /Never/}, no_answer: true}
                - {when: {message: /Tell/, to: admin}, failed: nobody is told}
            cases:
              - name: as the commander says
                expect:
                  prompts: [{name: ask, message: Block wks-0417?, to: Incident Commander}, old]
                  log: ["True ['Yes', '5', 'because', 'ann']", told False None]
            """);

        var ended = await Vedette("test", Beside("asks.py"));

        Assert.True(ended.Status == 0, ended.Said + ended.Complained);
        Assert.Contains("prompt to Incident Commander (ask), answered by the test as ann with [\"Yes\",\"5\",\"because\"]: Block wks-0417?", ended.Said, StringComparison.Ordinal);
        Assert.Contains("prompt to admin (old), turned down by the test as admin: Tell them?", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyAnswers_TheTimeLimitPassesAtOnce()
    {
        await Playbook("asks", Asking);
        await Write("answers.yaml", "ask: {no_answer: true}\n");

        var (status, one) = await Case("asks.py", "--answers", Beside("answers.yaml"));

        Assert.Equal(0, status);
        Assert.Contains("False [None, None, None, None]", Log(one));
        Assert.Equal(["ask: Incident Commander, nobody, expired", "old: admin, made up, approved"], Prompts(one));
        Assert.True(one.GetProperty("milliseconds").GetDouble() < 60_000);
    }

    [Theory]
    [InlineData("ask: {responses: ['Yes']}", "The prompt has 3 questions, and 1 responses were given.")]
    [InlineData("ask: {responses: ['Perhaps', '5', '']}", "\"Perhaps\" is none of: No, Yes.")]
    [InlineData("old: {by: bob}", "This prompt is addressed to somebody else.")]
    public async Task AnswerThatARealPlatformWouldRefuse_IsAnErrorOfTheCase(string answer, string sentence)
    {
        await Playbook("asks", Asking);
        await Write("answers.yaml", answer + "\n");

        var (status, one) = await Case("asks.py", "--answers", Beside("answers.yaml"));

        Assert.Equal(1, status);
        var error = one.GetProperty("errors").EnumerateArray().First();
        Assert.Equal("answer", error.GetProperty("kind").GetString());
        Assert.Contains(sentence, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PromptThatIsExpectedAndNotAsked_FailsWithASentence()
    {
        await Playbook("asks", Asking);
        await Write("asks.tests.yaml", "cases:\n  - name: wrong\n    expect: {prompts: [{name: ask, to: ann}]}\n");

        var (status, one) = await Case("asks.py");

        Assert.Equal(1, status);
        Assert.Contains("The prompt \"ask\" to ann was to be asked and was not. Asked were: ask to Incident Commander", one.GetProperty("failures")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SilenceOnAPromptWithoutTimeLimit_IsToldWithWhatToDo()
    {
        await Playbook("asks", "def on_start(container):\n    phantom.task(user='admin', message='Tidy up', name='tidy')");
        await Write("answers.yaml", "task: {no_answer: true}\n");

        var (status, one) = await Case("asks.py", "--answers", Beside("answers.yaml"));

        Assert.Equal(1, status);
        Assert.Contains("The run waits for an answer to the task \"tidy\"", Assert.Single(one.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ask: {responses: [a], data: []}", "an answer is either of an action (data, summary) or of a person")]
    [InlineData("ask: {no_answer: perhaps}", "\"no_answer\" is true or false")]
    public async Task MistakeInAnAnswer_IsToldWithItsLine(string answer, string sentence)
    {
        await Playbook("asks", Asking);
        await Write("answers.yaml", answer + "\n");

        var ended = await Vedette("test", Beside("asks.py"), "--answers", Beside("answers.yaml"));

        Assert.Equal(1, ended.Status);
        Assert.Contains($"{Beside("answers.yaml")}, line 1: {sentence}", ended.Complained, StringComparison.Ordinal);
    }

    private static List<string> Log(JsonElement one) => [.. one.GetProperty("log").EnumerateArray().Select(line => line.GetString()!)];

    private static List<string> Prompts(JsonElement one) =>
        [.. one.GetProperty("prompts").EnumerateArray().Select(prompt => $"{prompt.GetProperty("name").GetString()}: {prompt.GetProperty("to").GetString()}, {prompt.GetProperty("answeredBy").GetString()}, {prompt.GetProperty("status").GetString()}")];
}
