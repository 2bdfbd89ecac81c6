namespace Vedette.Trial.Tests;

public sealed class CheckCommandTests : TrialTest
{
    [Theory]
    [InlineData("def on_start(container):\n    return (\n", "syntax")]
    [InlineData("def on_start(container):\n    phantom.act('whois ip', parameters=[{'ip': '203.0.113.9'}], assets=['whois'], name='w', callback=absent)", "callback: The callback absent does not exist")]
    [InlineData("def on_start(container):\n    join_a(container)\ndef join_a(container):\n    if phantom.completed(action_names=['never']):\n        return", "join: join_a waits for \"never\"")]
    [InlineData("def on_start(container):\n    phantom.act('whois ip', parameters=[{'ip': '203.0.113.9', 'addr': 'x'}], assets=['whois'], name='w')", "parameter: \"whois ip\" has no parameter \"addr\"")]
    [InlineData("def on_start(container):\n    phantom.act('whois moon', parameters=[{}], assets=['whois'], name='w')", "action: The app WHOIS has no action \"whois moon\"")]
    [InlineData("def on_start(container):\n    phantom.act('whois ip', parameters=[{'ip': '203.0.113.9'}], assets=['whois'], name='w')\n    phantom.collect2(container=container, datapath=['w:action_result.data.*.moon'])", "datapath: \"w:action_result.data.*.moon\"")]
    [InlineData("def on_start(container):\n    phantom.debug(unicode('a'))", "python2: unicode exists in Python 2 only")]
    [InlineData("def on_start(container):\n    phantom.act('block ip', parameters=[{'ip': '203.0.113.9'}], assets=['edge'], name='b')", "failure: \"block ip\" changes something")]
    [InlineData("def on_start(container):\n    phantom.set_severty(container, 'high')", "api: phantom.set_severty does not exist: do you mean phantom.set_severity")]
    [InlineData("def on_start(container):\n    phantom.levitate()", "api: phantom.levitate does not exist")]
    [InlineData("def on_start(container):\n    phantom.comment(container=container, text='x')", "argument: phantom.comment has no argument \"text\"; it takes: container, comment, trace")]
    [InlineData("def on_start(container):\n    phantom.comment(container, 'x', False, 'more')", "argument: phantom.comment is given 4 arguments in a row and takes 3")]
    [InlineData("def on_start(container):\n    phantom.comment(container, container=container)", "argument: phantom.comment is given \"container\" twice")]
    [InlineData("def on_start(container):\n    phantom.get_raw_data()", "argument: phantom.get_raw_data needs the argument \"container\"")]
    public async Task MistakeIsFoundWithoutRunning(string functions, string finding)
    {
        await Playbook("wrong", functions);

        var ended = await Vedette("check", Beside("wrong.py"));

        Assert.Equal(1, ended.Status);
        Assert.Contains(finding, ended.Said, StringComparison.Ordinal);
        Assert.Contains("1 playbook(s) checked, 1 finding(s)", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallsThatAreOnlyKnownWhenTheyRun_AreLetPass()
    {
        await Playbook("right", """
            def on_start(container):
                given = {"container": container, "comment": "x"}
                phantom.comment(**given)
                phantom.comment(*[container, "x"])
                phantom.add_task(container, name="x", phase_id=1)
                phantom.concatenate([1], [2], [3], dedup=True)
                phantom.requests.get("x", verify=False)
                phantom.datetime(2026, 1, 2)
                phantom.Template("x").render(phantom.Context({}))
            """);

        Assert.Equal(0, (await Vedette("check", Beside("right.py"))).Status);
    }

    [Fact]
    public async Task OurPlaybooksAreWithoutFinding()
    {
        var ended = await Vedette("check", Path.Combine(AppContext.BaseDirectory, "playbooks"));

        Assert.Equal(0, ended.Status);
    }
}
