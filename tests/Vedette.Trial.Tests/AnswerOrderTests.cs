namespace Vedette.Trial.Tests;

/// <summary>Answers that are given a number of times, and pins that are expected: what recorded cases are written with.</summary>
public sealed class AnswerOrderTests : TrialTest
{
    private const string Twice = """
        def on_start(container):
            ask()

        def ask():
            phantom.act("query ip", parameters=[{"ip": "203.0.113.9"}], assets=["shodan"], name="services", callback=came)

        def came(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            ports = phantom.collect2(container=container, datapath=["services:action_result.data.*.port"], action_results=results)
            phantom.pin(container=container, name="ports", message="Ports", data=str(ports[0][0]))
            if ports[0][0] == 22:
                ask()
        """;

    [Fact]
    public async Task AnswerWithTimes_IsGivenSoOften_ThenTheNextOne()
    {
        await Playbook("twice", Twice);
        await Write("twice.tests.yaml", """
            cases:
              - name: the second answer ends it
                answers:
                  services:
                    - {when: {ip: 203.0.113.9}, times: 2, data: [{port: 22}]}
                    - {data: [{port: 443}]}
                expect:
                  actions: [{name: services, times: 3}]
                  pins: ["443"]
            """);

        var (status, one) = await Case("twice.py");

        Assert.True(status == 0, one.ToString());
    }

    [Fact]
    public async Task PinThatIsExpectedAndNotSet_FailsWithThoseThatAre()
    {
        await Playbook("twice", Twice);
        await Write("twice.tests.yaml", "cases:\n  - name: a\n    answers: {services: {data: [{port: 443}]}}\n    expect: {pins: [Hosts]}\n");

        var (status, one) = await Case("twice.py");

        Assert.Equal(1, status);
        Assert.Equal("No pin says \"Hosts\". There is: Ports 443", one.GetProperty("failures")[0].GetString());
    }
}
