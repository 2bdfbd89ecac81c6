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
    public async Task MistakeIsFoundWithoutRunning(string functions, string finding)
    {
        await Playbook("wrong", functions);

        var ended = await Vedette("check", Beside("wrong.py"));

        Assert.Equal(1, ended.Status);
        Assert.Contains(finding, ended.Said, StringComparison.Ordinal);
        Assert.Contains("1 playbook(s) checked, 1 finding(s)", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OurPlaybooksAreWithoutFinding()
    {
        var ended = await Vedette("check", Path.Combine(AppContext.BaseDirectory, "playbooks"));

        Assert.Equal(0, ended.Status);
    }
}
