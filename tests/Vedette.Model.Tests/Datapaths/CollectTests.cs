using System.Text.Json;
using Vedette.Model.Datapaths;
using static Vedette.Model.Tests.RunDataFake;

namespace Vedette.Model.Tests.Datapaths;

public sealed class CollectTests
{
    private readonly RunDataFake _data = Example();

    [Theory]
    [InlineData("artifact:*.cef.sourceAddress|artifact:*.id", "[['10.0.0.1',11],['10.0.0.2',12],[null,13]]")]
    [InlineData("artifact:*.cef.internet message id", "[[null],[null],['<m>']]")]
    [InlineData("artifact:*.cef.user.name|artifact:*.cef.fileHash", "[[null,'h1'],[null,null],['bob',null]]")]
    [InlineData("artifact:*.tags", "[[['t']],[[]],[[]]]")]
    [InlineData("artifact:*.cef.a.b", "[[null],[null],['flat']]")]
    [InlineData("artifact:event.cef.sourceAddress", "[['10.0.0.1']]")]
    [InlineData("artifacts:*.cef.sourceAddress", "[['10.0.0.1'],['10.0.0.2'],[null]]")]
    [InlineData("filtered-artifact:*.id", "[]")]
    [InlineData("artifact:*.cef.*|artifact:*.id", "[['10.0.0.1',11],['h1',11],['10.0.0.2',12],['<m>',13],[{'name':'bob'},13],['flat',13]]")]
    public void Artifacts(string paths, string rows) => Check(paths, rows);

    [Theory]
    [InlineData("action_result.parameter.ip|action_result.status", "[['1.1.1.1','success'],['2.2.2.2','failed']]")]
    [InlineData("action_result.summary.score|action_result.parameter.context.artifact_id", "[[5,11],[null,12]]")]
    [InlineData("action_result.context.artifact_id", "[[11],[12]]")]
    [InlineData("action_result.data.*.cc|action_result.parameter.ip", "[['US','1.1.1.1'],['DE','1.1.1.1'],[null,'2.2.2.2']]")]
    [InlineData("action_result.data.*.hits.*.n|action_result.data.*.cc|action_result.parameter.ip",
        "[[1,'US','1.1.1.1'],[2,'US','1.1.1.1'],[null,'DE','1.1.1.1'],[null,null,'2.2.2.2']]")]
    [InlineData("action_result.parameter.ip|action_result.data.*.cc|action_result.data.*.hits.*.n",
        "[['1.1.1.1','US',1],['1.1.1.1','US',2],['1.1.1.1','DE',null],['2.2.2.2',null,null]]")]
    [InlineData("action_result.data.0.cc", "[['US'],[null]]")]
    [InlineData("action_result.data", "[[[{'cc':'US','hits':[{'n':1},{'n':2}]},{'cc':'DE','hits':[]}]],[[]]]")]
    [InlineData("action_result.data.cc", "[['US'],['DE'],[null]]")]
    [InlineData("action_result.datadata.*.x", "[[null],[null]]")]
    [InlineData("action_result.data*.rl.x", "[[null],[null]]")]
    [InlineData("artifact:*.id", "[[11],[12]]")]
    public void ActionResults(string paths, string rows) => Check(string.Join('|', paths.Split('|').Select(path => "rep:" + path)), rows);

    [Theory]
    [InlineData("asked:action_result.summary.responses", "[[['Yes','why']]]")]
    [InlineData("asked:action_result.summary.responses.1", "[['why']]")]
    [InlineData("prompt_1:action_result.summary.responses.0", "[[null]]")]
    [InlineData("nobody:action_result.status", "[]")]
    [InlineData("odd:action_result.data.*.ports.443.tls|odd:action_result.data.*.@ip|odd:action_result.data.*.max-confidence", "[[true,'a',9]]")]
    [InlineData("odd:action_result.data.*.fixes.*.HotFixID", "[['KB1'],['KB2']]")]
    [InlineData("odd:action_result.data.*.word.*", "[[null]]")]
    [InlineData("playbook_input:ip", "[['a'],['b']]")]
    [InlineData("playbook_input:user", "[['bob']]")]
    [InlineData("playbook_input:x", "[]")]
    [InlineData("playbook_input:absent", "[]")]
    [InlineData("playbook_input:n", "[[null],['q']]")]
    [InlineData("playbook_input:ip|playbook_input:user|playbook_input:x", "[['a','bob',null],['b','bob',null]]")]
    [InlineData("C:playbook_output:observable", "[[{'value':'v1','reputation':{'score':7}}],[{'value':'v2'}]]")]
    [InlineData("C:playbook_output:observable.value", "[['v1'],['v2']]")]
    [InlineData("C:playbook_output:observable.*.value", "[['v1'],['v2']]")]
    [InlineData("C:playbook_output:observable.reputation.score", "[[7],[null]]")]
    [InlineData("C:playbook_output:observable|C:playbook_output:observable.value|C:playbook_output:note",
        "[[{'value':'v1','reputation':{'score':7}},'v1','n'],[{'value':'v2'},'v2','n']]")]
    [InlineData("C:playbook_output:note", "[['n']]")]
    [InlineData("C:playbook_output:none", "[]")]
    [InlineData("C:playbook_output:absent", "[[null]]")]
    [InlineData("twice:custom_function_result.data.s", "[['A'],['B']]")]
    [InlineData("items:custom_function_result.data.*.item", "[[1],[2]]")]
    [InlineData("items:custom_function_result.data.item", "[[1],[2]]")]
    [InlineData("listed:custom_function_result.data.item", "[[1],[2]]")]
    [InlineData("listed:custom_function_result.data.*.item|listed:custom_function_result.success", "[[1,true],[2,true]]")]
    [InlineData("empty:custom_function_result.data.*.item", "[[null]]")]
    [InlineData("code:custom_function:out", "[['x'],['y']]")]
    [InlineData("code:custom_function:word", "[['not json']]")]
    [InlineData("code:custom_function:dict.k.v", "[[1],[2]]")]
    [InlineData("code:custom_function:absent", "[]")]
    [InlineData("fmt:formatted_data", "[['a\\nb']]")]
    [InlineData("fmt:formatted_data.*", "[['a'],['b']]")]
    [InlineData("container:id", "[[7]]")]
    [InlineData("container:url|artifact:*.id", "[['https://host/mission/7',11],['https://host/mission/7',12],['https://host/mission/7',13]]")]
    [InlineData("filtered-data:nope:condition_1:artifact:*.id", "[]")]
    [InlineData("gibberish:", "[]")]
    [InlineData("", "[]")]
    public void OtherPlaces(string paths, string rows) => Check(paths, rows);

    [Fact]
    public void BareKeys_ReadTheAppRun_AndTheResultBelowIt()
    {
        Check("action|app|status|action_result.parameter.ip",
            "[['ip reputation','X','success','1.1.1.1'],['ip reputation','X','success','2.2.2.2']]",
            request => request with { ActionResults = _data.Actions["rep"] });
        Check("rep:filtered-action_result.status", "[['success'],['failed']]", request => request with { ActionResults = _data.Actions["rep"] });
        Check("rep:filtered-action_result.status", "[]");
    }

    [Fact]
    public void ResultsHandedIn_GoBeforeTheRunsOwn_WhenTheyNameTheBlock()
    {
        var handedIn = Json("[{'name':'rep','action_results':[{'status':'mine'}]},{'name':'else','action_results':[{'status':'no'}]}]");
        Check("rep:action_result.status", "[['mine']]", request => request with { ActionResults = handedIn });
        Check("asked:action_result.summary.responses.0", "[['Yes']]", request => request with { ActionResults = handedIn });
    }

    [Fact]
    public void Narrowing()
    {
        const string Paths = "artifact:*.cef.sourceAddress|artifact:*.id";
        Check(Paths, "[['10.0.0.2',12]]", request => request with { FilterArtifacts = [12] });
        Check(Paths, "[]", request => request with { FilterArtifacts = [] });
        Check(Paths, "[['10.0.0.1',11]]", request => request with { Tags = ["t"] });
        Check(Paths, "[]", request => request with { Tags = ["t", "u"] });
        Check(Paths, "[['10.0.0.1',11]]", request => request with { Limit = 1 });
        Check("filtered-artifact:*.id", "[[12]]", request => request with { FilterArtifacts = [12] });
        Check("artifact:*.cef.fileHash", "[['h1']]", request => request with { DropEmptyRows = true });
        _data.AllArtifacts.Clear();
        Check("artifact:*.id", "[]");
    }

    [Theory]
    [InlineData("artifact:*.cef.sourceAddress", "['10.0.0.1','10.0.0.2']")]
    [InlineData("artifact:*.cef.",
        "[{'sourceAddress':'10.0.0.1','fileHash':'h1'},{'sourceAddress':'10.0.0.2'},{'internet message id':'<m>','user':{'name':'bob'},'a.b':'flat'}]")]
    [InlineData("action_result.summary.score", "[5,null]")]
    public void Flat(string path, string values)
    {
        var found = Collect.Flat(_data, path, new([]) { Scope = ScopeRequest.All, ActionResults = _data.Actions["rep"] });
        Assert.Equal(Text(Json(values)), Text(JsonSerializer.SerializeToElement(found)));
    }

    [Theory]
    [InlineData("[[1,2],3,null,[[4],null]]", false, "[1,2,3,[4],null]")]
    [InlineData("[['a','b'],'a',[{'k':1},{'k':1}]]", true, "['a','b',{'k':1}]")]
    public void Concatenation(string values, bool dedup, string expected)
    {
        var all = Collect.Concatenate(Json(values).EnumerateArray(), dedup);
        Assert.Equal(Text(Json(expected)), Text(JsonSerializer.SerializeToElement(all)));
    }

    [Theory]
    [InlineData("PROBLEM Service Alert:", false)]
    [InlineData("ProductVersion:\t10.13", false)]
    [InlineData("https://example.com/a:b", false)]
    [InlineData("status", false)]
    [InlineData("artifact:*.id", true)]
    [InlineData("filtered-data:f:condition_1:artifact:*.id", true)]
    [InlineData("B:action_result.data", true)]
    [InlineData("B:formatted_data", true)]
    [InlineData("custom_list:my list", true)]
    public void DatapathOrLiteral(string text, bool isDatapath) => Assert.Equal(isDatapath, Datapath.Is(text));

    private void Check(string paths, string rows, Func<CollectRequest, CollectRequest>? with = null)
    {
        var request = new CollectRequest(paths.Split('|'));
        var found = Collect.Rows(_data, with is null ? request : with(request));
        Assert.Equal(Text(Json(rows)), Text(JsonSerializer.SerializeToElement(found)));
    }

    private static string Text(JsonElement value) => JsonSerializer.Serialize(value);
}
