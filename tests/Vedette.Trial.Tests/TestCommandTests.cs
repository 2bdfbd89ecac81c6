using System.Text.Json;
using System.Xml.Linq;

namespace Vedette.Trial.Tests;

public sealed class TestCommandTests : TrialTest
{
    private const string Blocking = """
        def on_start(container):
            phantom.act("whois ip", parameters=[{"ip": "203.0.113.9"}], assets=["whois"], name="owner", callback=decide)

        def decide(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            rows = phantom.collect2(container=container, datapath=["owner:action_result.data.*.asn_country_code"], action_results=results)
            if rows[0][0] == "XX":
                phantom.act("block ip", parameters=[{"ip": "203.0.113.9"}], assets=["edge firewall"], name="block", callback=note)
            else:
                phantom.set_severity(container=container, severity="low")

        def note(action=None, success=None, container=None, results=None, handle=None, **kwargs):
            phantom.add_note(container=container, note_type="general", title="Blocked", content="the address is blocked" if success else "the firewall refused")
        """;

    [Fact]
    public async Task PlaybookWithoutTests_IsTriedOnMadeUpAnswers_AndTheReportHasEveryKey()
    {
        await Playbook("block", Blocking);

        var (status, playbook) = await Report("block.py");

        Assert.Equal(0, status);
        Assert.Equal(64, playbook.GetProperty("sha256").GetString()!.Length);
        var one = playbook.GetProperty("cases")[0];
        Assert.Equal("passed", one.GetProperty("status").GetString());
        Assert.Equal(["on_start", "decide", "on_finish"], Texts(one.GetProperty("blocks").GetProperty("run")));
        Assert.Equal(["on_start", "decide", "note", "on_finish"], Texts(one.GetProperty("blocks").GetProperty("all")));
        Assert.Equal("no", Assert.Single(one.GetProperty("branches").GetProperty("taken").EnumerateArray()).GetProperty("outcome").GetString());
        Assert.Equal("yes", Assert.Single(one.GetProperty("branches").GetProperty("never").EnumerateArray()).GetProperty("outcome").GetString());
        var action = Assert.Single(one.GetProperty("actions").EnumerateArray());
        Assert.Equal(("owner", "whois ip", "whois", "made up", "203.0.113.9"), (
            action.GetProperty("name").GetString(), action.GetProperty("action").GetString(), action.GetProperty("asset").GetString(),
            action.GetProperty("answeredBy").GetString(), action.GetProperty("parameters").GetProperty("ip").GetString()));
        Assert.Equal("set_severity", Assert.Single(one.GetProperty("effects").EnumerateArray()).GetProperty("call").GetString());
        Assert.Empty(one.GetProperty("errors").EnumerateArray());
        Assert.True(one.GetProperty("milliseconds").GetDouble() > 0);
    }

    [Fact]
    public async Task AnswersOfATest_LeadDownTheOtherBranch_AndOverAllCasesNothingIsLeft()
    {
        await Playbook("block", Blocking);
        await Write("block.tests.yaml", """
            cases:
              - name: a foreign address is blocked
                answers:
                  owner: {data: [{asn_country_code: XX}]}
                expect:
                  actions: [{name: block, asset: edge firewall, parameters: {ip: 203.0.113.9}, times: 1}]
                  notes: [the address is blocked]
              - name: any other only gets a severity
                answers:
                  whois ip:
                    - {when: {ip: 198.51.100.1}, data: [{asn_country_code: XX}]}
                    - {data: [{asn_country_code: "NO"}]}
                expect: {no_actions: [block ip], severity: low}
            """);

        var (status, playbook) = await Report("block.tests.yaml");

        Assert.Equal(0, status);
        Assert.Equal(2, playbook.GetProperty("cases").GetArrayLength());
        Assert.Empty(playbook.GetProperty("branches").GetProperty("never").EnumerateArray());
        Assert.Equal("test", playbook.GetProperty("cases")[0].GetProperty("actions")[0].GetProperty("answeredBy").GetString());
    }

    [Fact]
    public async Task ExpectationThatIsNotMet_FailsWithASentence_AlsoInJUnit()
    {
        await Playbook("block", Blocking);
        await Write("block.tests.yaml", "cases:\n  - name: wrong\n    expect: {actions: [{name: block}], severity: high}\n");

        var (status, one) = await Case("block.py", "--junit", Beside("junit.xml"));

        Assert.Equal(1, status);
        Assert.Equal("failed", one.GetProperty("status").GetString());
        Assert.Contains("The action \"block\" was to be asked for", one.GetProperty("failures")[0].GetString(), StringComparison.Ordinal);
        var suite = XDocument.Load(Beside("junit.xml")).Descendants("testsuite").Single();
        Assert.Equal(("1", "1", "0"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value, suite.Attribute("errors")!.Value));
    }

    [Theory]
    [InlineData("raise RuntimeError('no')", "playbook")]
    [InlineData("phantom.no_such_function()", "api")]
    [InlineData("phantom.add_note(container=container, colour='red')", "api")]
    [InlineData("{}['absent']", "answer")]
    public async Task ExceptionHasAKind_ItsLineAndABlock(string statement, string kind)
    {
        await Playbook("wrong", $"def on_start(container):\n    {statement}\n    return");

        var (status, one) = await Case("wrong.py");

        Assert.Equal(1, status);
        Assert.Equal("error", one.GetProperty("status").GetString());
        var error = Assert.Single(one.GetProperty("errors").EnumerateArray());
        Assert.Equal((kind, 5, "on_start"), (error.GetProperty("kind").GetString(), error.GetProperty("line").GetInt32(), error.GetProperty("block").GetString()));
    }

    [Fact]
    public async Task DelaysAndSleepsPassAtOnce_AndTheClockShowsThem()
    {
        await Playbook("slow", """
            import time

            def on_start(container):
                before = time.time()
                time.sleep(7200)
                phantom.debug("slept %d" % (time.time() - before))
            """);

        var (status, one) = await Case("slow.py");

        Assert.Equal(0, status);
        Assert.Contains("slept 7200", Texts(one.GetProperty("log")));
        Assert.True(one.GetProperty("milliseconds").GetDouble() < 60_000);
    }

    [Theory]
    [InlineData("cases:\n  - name: a\n    expects: {}\n", "line 3: A case has no \"expects\"; it takes: name,")]
    [InlineData("cases:\n  - expect: {}\n", "line 2: a case needs a name")]
    [InlineData("cases:\n  - name: a\n    expect:\n      status: fine\n", "line 4: \"status\" is success or failed, not fine.")]
    [InlineData("cases:\n  - name: a\n    answers:\n      whois ip: {data: {}}\n", "line 4: \"data\" is a list")]
    [InlineData("cases: [\n", "this is no YAML")]
    [InlineData("event: {}\n", "line 1: there is no \"cases\"")]
    public async Task MistakeInATestFile_IsToldWithFileLineAndWhatToDo(string text, string sentence)
    {
        await Playbook("any", "def on_start(container):\n    return");
        await Write("any.tests.yaml", text);

        var ended = await Vedette("test", Beside("any.py"));

        Assert.Equal(1, ended.Status);
        Assert.Contains($"{Beside("any.tests.yaml")}, ", ended.Complained, StringComparison.Ordinal);
        Assert.Contains(sentence, ended.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CustomFunctionOfTheFolderAbove_IsFound()
    {
        await Write("custom_functions/double.py", "def double(number=None, **kwargs):\n    return {'twice': 2 * int(number)}\n");
        await Write("custom_functions/double.json", "{\"custom_function_id\": \"1\", \"python_version\": \"3\", \"outputs_type\": \"item\"}");
        await Playbook("mine/uses", """
            def on_start(container):
                phantom.custom_function(custom_function="community/double", parameters=[{"number": 21}], name="twice", callback=told)

            def told(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                phantom.debug(phantom.collect2(container=container, datapath=["twice:custom_function_result.data.twice"])[0][0])
            """);

        var (status, one) = await Case("mine/uses.py");

        Assert.Equal(0, status);
        Assert.Contains("42", Texts(one.GetProperty("log")));
    }

    [Fact]
    public async Task EventAndAnswersOfTheCommandLine_TakeTheirPlaces()
    {
        await Playbook("block", Blocking.Replace("\"203.0.113.9\"}], assets=[\"whois\"]", "phantom.collect2(container=container, datapath=[\"artifact:*.cef.destinationAddress\"])[0][0]}], assets=[\"whois\"]", StringComparison.Ordinal));
        await Write("event.json", """{"name": "From outside", "artifacts": [{"cef": {"destinationAddress": "198.51.100.200"}}]}""");
        await Write("answers.yaml", "owner: {data: [{asn_country_code: XX}]}\n");

        var (_, one) = await Case("block.py", "--event", Beside("event.json"), "--answers", Beside("answers.yaml"));

        Assert.Equal("198.51.100.200", one.GetProperty("actions")[0].GetProperty("parameters").GetProperty("ip").GetString());
        Assert.Contains("block ip", one.GetProperty("actions").EnumerateArray().Select(action => action.GetProperty("action").GetString()));
    }

    private static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];
}
