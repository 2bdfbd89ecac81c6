using System.Text.Json;
using Vedette.Model.Conditions;
using Vedette.Model.Datapaths;
using static Vedette.Model.Tests.RunDataFake;

namespace Vedette.Model.Tests.Conditions;

public sealed class ConditionTests
{
    private readonly RunDataFake _data = Example();

    [Theory]
    [InlineData("['artifact:*.cef.sourceAddress','!=','']", "or", "11,12")]
    [InlineData("['artifact:*.cef.sourceAddress','==','']", "or", "13")]
    [InlineData("['artifact:*.cef.sourceAddress','!=',''],['artifact:*.cef.fileHash','!=','']", "and", "11")]
    [InlineData("['artifact:*.cef.sourceAddress','!=',''],['artifact:*.cef.fileHash','!=','']", "or", "11,12")]
    [InlineData("['artifact:*.cef.sourceAddress','in','10.0.0.2/32,192.168.0.0/16']", "or", "12")]
    [InlineData("['artifact:*.cef.sourceAddress','not in','10.0.0.2/32,192.168.0.0/16']", "or", "11,13")]
    [InlineData("['artifact:*.cef.sourceAddress','in','custom_list:ips']", "or", "12")]
    [InlineData("['artifact:*.cef.sourceAddress','not in','custom_list:ips']", "or", "11,13")]
    [InlineData("['artifact:*.cef.sourceAddress','in','custom_list:absent']", "or", "")]
    [InlineData("['t','in','artifact:*.tags']", "or", "11")]
    [InlineData("['artifact:*.id','>','11']", "or", "12,13")]
    [InlineData("['artifact:*.cef.sourceAddress','in','10.0.0.12,10.0.0.13']", "or", "")]
    [InlineData("['artifact:*.cef.fileHash','==','H1']", "or", "")]
    [InlineData("['artifact:*.id','==','rep:action_result.parameter.context.artifact_id']", "or", "11,12")]
    [InlineData("['artifact:*.cef.sourceAddress','!=',''],['nope:action_result.status','==','x']", "and", "")]
    public void Artifacts(string lines, string logic, string kept)
    {
        Assert.Equal(kept, string.Join(',', Evaluate(lines, logic).MatchedArtifacts));
    }

    [Theory]
    [InlineData("['DE','not in','rep:action_result.data.*.cc']", false)]
    [InlineData("['FR','not in','rep:action_result.data.*.cc']", true)]
    [InlineData("['DE','in','rep:action_result.data.*.cc']", true)]
    [InlineData("['nope:custom_function_result.data.*.x','==','']", true)]
    [InlineData("['nope:custom_function_result.data.*.x','!=','']", false)]
    [InlineData("['empty:custom_function_result.data.*.item','==','']", true)]
    [InlineData("['prompt_1:action_result.summary.responses.0','==','Yes']", false)]
    [InlineData("['asked:action_result.summary.responses.0','==','Yes']", true)]
    [InlineData("['code:custom_function:out','==','y']", true)]
    [InlineData("['container:id','==','7']", true)]
    [InlineData("['fmt:formatted_data','in','a\\nb, c']", true)]
    public void Decisions(string lines, bool holds)
    {
        var result = Evaluate(lines, "or");
        Assert.Equal(holds, result.Any);
        Assert.Equal(holds, result.MatchedArtifacts.Count + result.MatchedResults.GetArrayLength() > 0);
    }

    [Theory]
    [InlineData("5", "==", "'5'", true)]
    [InlineData("5", "==", "'5.0'", true)]
    [InlineData("'5'", "==", "'5.0'", false)]
    [InlineData("9007199254740993", "==", "9007199254740992", false)]
    [InlineData("true", "==", "'True'", true)]
    [InlineData("true", "!=", "'false'", true)]
    [InlineData("null", "==", "''", true)]
    [InlineData("''", "==", "null", true)]
    [InlineData("null", "!=", "''", false)]
    [InlineData("'None'", "==", "null", false)]
    [InlineData("0", "!=", "''", true)]
    [InlineData("null", ">", "0", false)]
    [InlineData("'abc'", ">", "5", false)]
    [InlineData("'10'", ">", "'9'", true)]
    [InlineData("'2024-01-02T00:00:00Z'", ">=", "'2024-01-01T00:00:00Z'", true)]
    [InlineData("null", "in", "'a'", false)]
    [InlineData("null", "not in", "'a'", true)]
    [InlineData("'a'", "in", "'b, a'", true)]
    [InlineData("'CentOS 7'", "in", "'on CentOS 7.1'", true)]
    [InlineData("'a'", "in", "['b','a']", true)]
    [InlineData("['z','a']", "in", "['b','a']", true)]
    [InlineData("'a'", "in", "['ba']", false)]
    [InlineData("'fe80::1'", "in", "'fe80::/10'", true)]
    [InlineData("'x'", "like", "'x'", false)]
    [InlineData("{'a':1}", "==", "{'a':1.0}", true)]
    public void Literals(string left, string @operator, string right, bool holds)
    {
        Assert.Equal(holds, Evaluate($"[{left},'{@operator}',{right}]", "or").Any);
    }

    [Fact]
    public void CaseAndDelimiter()
    {
        Assert.True(Condition.Evaluate(_data, Request("['artifact:*.cef.fileHash','==','H1']") with { CaseSensitive = false }).Any);
        _data.AllArtifacts.Add(new(14, Json("{'cef':{'to':'a@x, b@x'}}"), []));
        Assert.Equal([14], Evaluate("['artifact:*.cef.to','==','b@x']", "or").MatchedArtifacts);
        Assert.False(Condition.Evaluate(_data, Request("['artifact:*.cef.to','==','b@x']") with { Delimiter = null }).Any);
    }

    [Fact]
    public void Results_AreCutToWhatMatched()
    {
        var score = Evaluate("['rep:action_result.summary.score','>','3']", "or");
        Assert.Equal("[['1.1.1.1']]", Read(score, "rep:action_result.parameter.ip"));
        Assert.Equal("[['US'],['DE']]", Read(score, "rep:action_result.data.*.cc"));

        var german = Evaluate("['rep:action_result.data.*.cc','==','DE']", "or");
        Assert.Equal("[['DE']]", Read(german, "rep:action_result.data.*.cc"));
        Assert.Equal("[['1.1.1.1']]", Read(german, "rep:action_result.parameter.ip"));
        Assert.Equal("ip reputation", german.MatchedResults[0].GetProperty("action").GetString());
        Assert.Equal("[['DE']]", Rows(Collect.Rows(_data, new(["rep:filtered-action_result.data.*.cc"]) { ActionResults = german.MatchedResults })));

        var deep = Evaluate("['rep:action_result.data.*.hits.*.n','>=',2]", "or");
        Assert.Equal("[[2,'US']]", Read(deep, "rep:action_result.data.*.hits.*.n", "rep:action_result.data.*.cc"));
    }

    [Fact]
    public void And_MeansTheSameRow()
    {
        Assert.False(Evaluate("['rep:action_result.data.*.cc','==','DE'],['rep:action_result.data.*.hits.*.n','==',1]", "and").Any);
        Assert.True(Evaluate("['rep:action_result.data.*.cc','==','US'],['rep:action_result.data.*.hits.*.n','==',1]", "and").Any);
        Assert.False(Evaluate("['code:custom_function:out','==','none'],['artifact:*.id','!=','']", "and").Any);
    }

    [Fact]
    public void TwoPlacesAgainstEachOther_KeepTheRowsOfBothThatTookPart()
    {
        var joined = Evaluate("['artifact:*.id','==','rep:action_result.parameter.context.artifact_id'],['artifact:*.cef.fileHash','!=','']", "and");
        Assert.Equal([11], joined.MatchedArtifacts);
        Assert.Equal("[['1.1.1.1'],['2.2.2.2']]", Read(joined, "rep:action_result.parameter.ip"));

        // Of one place the two sides are those of one row.
        Assert.Equal("[[1]]", Read(Evaluate("['rep:action_result.data.*.hits.*.n','<','rep:action_result.summary.score'],['rep:action_result.data.*.hits.*.n','!=',2]", "and"), "rep:action_result.data.*.hits.*.n"));
    }

    [Fact]
    public void TextInRows_KeepsTheRowsThatHoldIt()
    {
        Assert.Equal("[['DE']]", Read(Evaluate("['E','in','rep:action_result.data.*.cc']", "or"), "rep:action_result.data.*.cc"));
        Assert.Equal("[['v2']]", Read(Evaluate("['2','in','C:playbook_output:observable.value']", "or"), "C:playbook_output:observable.value"));
    }

    [Fact]
    public void InputsOutputsAndFunctions_AreKeptByName()
    {
        Assert.Equal("[['a'],['b']]", Read(Evaluate("['playbook_input:ip','!=',null]", "or"), "playbook_input:ip"));
        Assert.Equal("[['b']]", Read(Evaluate("['playbook_input:ip','==','b']", "or"), "playbook_input:ip"));
        Assert.Equal("[['v1']]", Read(Evaluate("['C:playbook_output:observable.reputation.score','>',5]", "or"), "C:playbook_output:observable.value"));
        Assert.Equal("[[2]]", Read(Evaluate("['items:custom_function_result.data.*.item','==','2']", "or"), "items:custom_function_result.data.*.item"));
        Assert.Equal("[['B']]", Read(Evaluate("['twice:custom_function_result.data.s','==','B']", "or"), "twice:custom_function_result.data.s"));
    }

    [Theory]
    [InlineData("==", "2,5,14")]
    [InlineData("!=", "1,3,4,6,7,8,9,10,11,12,13")]
    public void ManyValuesOnBothSides_CompareAsFewDo(string @operator, string kept)
    {
        var data = new RunDataFake { Container = _data.Container };
        for (var id = 1; id <= 13; id++)
            data.AllArtifacts.Add(new(id, Json($"{{'cef':{{'a':'v{id}'}}}}"), []));
        data.AllArtifacts.Add(new(14, Json("{'cef':{'a':'p, w3'}}"), []));
        data.Inputs = Json("{'k':['w1','w2','w3','w4','w5','w6','w7','v2','v5']}");
        var lines = ConditionLine.ParseAll(Json($"[['artifact:*.cef.a','{@operator}','playbook_input:k']]"));
        var result = Condition.Evaluate(data, new(lines));
        Assert.Equal(kept, string.Join(',', result.MatchedArtifacts));
        if (@operator == "==")
            Assert.Equal("['w3','v2','v5']", result.Kept.Others["playbook_input"].GetProperty("k").GetRawText().Replace('"', '\''));
    }

    [Fact]
    public void AFilterOfAFilter_SeesOnlyWhatTheFirstKept()
    {
        _data.Filters["filter_1:condition_1"] = Evaluate("['artifact:*.cef.sourceAddress','!=','']", "or").Kept;
        var second = Evaluate("['filtered-data:filter_1:condition_1:artifact:*.cef.fileHash','==','']", "or");
        Assert.Equal([12], second.MatchedArtifacts);
    }

    [Fact]
    public void Kept_SurvivesTheStore()
    {
        var kept = Evaluate("['artifact:*.id','==',11],['rep:action_result.data.*.cc','==','DE'],['playbook_input:ip','==','b']", "or").Kept;
        var again = FilteredData.FromJson(kept.ToJson());
        Assert.Equal(kept.ToJson(), again.ToJson());
        Assert.Equal([11], again.Artifacts);
        Assert.True(FilteredData.FromJson("junk").IsEmpty);
        Assert.True(FilteredData.FromJson("[1]").IsEmpty);
        Assert.True(FilteredData.FromJson(FilteredData.Empty.ToJson()).IsEmpty);
    }

    private string Read(ConditionResult result, params string[] paths)
    {
        _data.Filters["F:condition_1"] = FilteredData.FromJson(result.Kept.ToJson());
        return Rows(Collect.Rows(_data, new([.. paths.Select(path => "filtered-data:F:condition_1:" + path)])));
    }

    private static string Rows(List<JsonElement[]> rows) => JsonSerializer.Serialize(rows).Replace('"', '\'');

    private ConditionResult Evaluate(string lines, string logic) => Condition.Evaluate(_data, Request(lines) with { All = logic == "and" });

    private static ConditionRequest Request(string lines) => new(ConditionLine.ParseAll(Json($"[{lines}]")));
}
