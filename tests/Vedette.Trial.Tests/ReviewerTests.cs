namespace Vedette.Trial.Tests;

/// <summary>Reviewers of actions, stood in for as people who are asked are.</summary>
public sealed class ReviewerTests : TrialTest
{
    private const string Reviewed = """
        def on_start(container):
            phantom.act("whois domain", parameters=[{"domain": "example.net"}], assets=["whois"], name="who", reviewer="ann", callback=looked)

        def looked(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            phantom.debug("%s %s" % (success, results[0]["action_results"][0]["message"]))
        """;

    [Theory]
    [InlineData("who: {data: [{}], message: found}", "True found", "made up, approved")]
    [InlineData("who: [{by: admin, failed: not this one}, {data: [{}]}]", "False not this one", "test, denied")]
    [InlineData("who: [{no_answer: true}, {data: [{}]}]", "False Nobody answered in time.", "nobody, expired")]
    public async Task ReviewerAnswersByBlock_OrApproves(string answers, string line, string ending)
    {
        await Playbook("reviewed", Reviewed);
        await Write("answers.yaml", answers + "\n");

        var (status, one) = await Case("reviewed.py", "--answers", Beside("answers.yaml"));

        Assert.Equal(0, status);
        Assert.Contains(one.GetProperty("log").EnumerateArray(), said => said.GetString()!.Contains(line, StringComparison.Ordinal));
        var prompt = Assert.Single(one.GetProperty("prompts").EnumerateArray());
        Assert.Equal($"action to ann, {ending}", $"{prompt.GetProperty("kind")} to {prompt.GetProperty("to")}, {prompt.GetProperty("answeredBy")}, {prompt.GetProperty("status")}");
    }
}
