using System.Text.Json;
using Vedette.Model.Datapaths;

namespace Vedette.Model.Tests;

/// <summary>A run of which the test says what it knows; JSON is written with single quotes.</summary>
internal sealed class RunDataFake : IRunData
{
    public List<ArtifactData> AllArtifacts { get; } = [];

    public Dictionary<string, JsonElement> Actions { get; } = [];

    public Dictionary<string, JsonElement> Functions { get; } = [];

    public Dictionary<string, JsonElement> Outputs { get; } = [];

    public JsonElement? Inputs { get; set; }

    public Dictionary<string, string> RunValues { get; } = [];

    public Dictionary<string, (string Text, string[] List)> Formats { get; } = [];

    public Dictionary<string, FilteredData> Filters { get; } = [];

    public Dictionary<string, JsonElement[]> Lists { get; } = [];

    public JsonElement Container { get; set; }

    public IReadOnlyList<ArtifactData> Artifacts(ScopeRequest scope) => scope.Kind == ScopeKind.Ids
        ? [.. AllArtifacts.Where(artifact => scope.Ids!.Contains(artifact.Id))]
        : AllArtifacts;

    public JsonElement? ActionResults(string block) => Find(Actions, block);

    public JsonElement? FunctionResults(string block) => Find(Functions, block);

    public JsonElement? PlaybookOutputs(string block) => Find(Outputs, block);

    public JsonElement? PlaybookInputs() => Inputs;

    public string? RunValue(string key) => RunValues.GetValueOrDefault(key);

    public string? Format(string name) => Formats.TryGetValue(name, out var format) ? format.Text : null;

    public IReadOnlyList<string>? FormatList(string name) => Formats.TryGetValue(name, out var format) ? format.List : null;

    public FilteredData? Filtered(string name) => Filters.GetValueOrDefault(name);

    public IReadOnlyList<JsonElement>? CustomList(string name) => Lists.GetValueOrDefault(name);

    public static JsonElement Json(string singleQuoted) => Strict(singleQuoted.Replace('\'', '"'));

    public static JsonElement Strict(string json) => JsonDocument.Parse(json).RootElement.Clone();

    /// <summary>The data of the worked examples.</summary>
    public static RunDataFake Example()
    {
        var data = new RunDataFake { Container = Json("{'id':7,'name':'Phish','url':'https://host/mission/7'}") };
        data.AllArtifacts.Add(new(11, Json("{'id':11,'label':'event','cef':{'sourceAddress':'10.0.0.1','fileHash':'h1'},'tags':['t']}"), ["t"]));
        data.AllArtifacts.Add(new(12, Json("{'id':12,'cef':{'sourceAddress':'10.0.0.2'}}"), []));
        data.AllArtifacts.Add(new(13, Json("{'cef':{'internet message id':'<m>','user':{'name':'bob'},'a.b':'flat'}}"), []));
        data.Actions["rep"] = Json("""
            [{'name':'rep','action':'ip reputation','app':'X','status':'success','action_results':[
              {'parameter':{'ip':'1.1.1.1','context':{'artifact_id':11}},'status':'success','message':'ok','summary':{'score':5},
               'data':[{'cc':'US','hits':[{'n':1},{'n':2}]},{'cc':'DE','hits':[]}]},
              {'parameter':{'ip':'2.2.2.2','context':{'artifact_id':12}},'status':'failed','message':'err','summary':{},'data':[]}]}]
            """);
        data.Actions["asked"] = Json("[{'name':'asked','action_results':[{'summary':{'responses':['Yes','why']},'data':[]}]}]");
        data.Actions["prompt_1"] = Json("[{'name':'prompt_1','action_results':[{'status':'failed','summary':{},'data':[]}]}]");
        data.Actions["odd"] = Json("[{'name':'odd','action_results':[{'data':[{'ports':{'443':{'tls':true}},'@ip':'a','max-confidence':9,'word':'w','fixes':{'x':{'HotFixID':'KB1'},'y':{'HotFixID':'KB2'}}}]}]}]");
        data.Inputs = Json("{'ip':['a','b'],'user':'bob','x':[],'n':[null,'q']}");
        data.Outputs["C"] = Json("[{'observable':[{'value':'v1','reputation':{'score':7}},{'value':'v2'}],'note':'n','none':[]}]");
        data.Functions["twice"] = Json("[{'custom_function_results':[{'success':true,'data':{'s':'A'}},{'success':true,'data':{'s':'B'}}]}]");
        data.Functions["items"] = Json("[{'custom_function_results':[{'success':true,'data':[{'item':1},{'item':2}]}]}]");
        data.Functions["listed"] = Json("[{'custom_function_results':[{'success':true,'data':{'item':1}},{'success':true,'data':{'item':2}}]}]");
        data.Functions["empty"] = Json("[{'custom_function_results':[{'success':true,'data':[]}]}]");
        data.RunValues["code:out"] = """["x","y"]""";
        data.RunValues["code:word"] = "not json";
        data.RunValues["code:dict"] = """{"k":[{"v":1},{"v":2}]}""";
        data.Formats["fmt"] = ("a\nb", ["a", "b"]);
        data.Lists["ips"] = [Json("['10.0.0.2','x']"), Json("['192.168.0.0/16',null]"), Json("'flat'")];
        return data;
    }

    private static JsonElement? Find(Dictionary<string, JsonElement> from, string block)
    {
        return from.TryGetValue(block, out var value) ? value : null;
    }
}
