using System.Net;
using System.Xml.Linq;

namespace Vedette.Lab.Tests;

public sealed class SplunkTests
{
    private const string Search = "search index=netfw dest_host=\"cdn-telemetry.example.net\" src_host=wks-0417 | table _time src_user tag";

    private static readonly string Login = RunningLab.Basic(LabCredentials.SplunkUser, LabCredentials.SplunkPassword);

    [Fact]
    public async Task Login_GivesAKeyThatOpensServerInfo()
    {
        await using var lab = await RunningLab.Start();

        using var login = await Post(lab, "services/auth/login", null,
            ("username", LabCredentials.SplunkUser), ("password", LabCredentials.SplunkPassword));
        var key = XElement.Parse(await login.Content.ReadAsStringAsync(RunningLab.Ct)).Element("sessionKey")!.Value;
        var info = await lab.Json($"{lab.Lab.SplunkUrl}/services/server/info?output_mode=json", "Splunk " + key);

        Assert.Equal("9.3.1", (string?)info["entry"]![0]!["content"]!["version"]);
    }

    [Fact]
    public async Task EachWayOfBeingAStranger_HasItsOwn401()
    {
        await using var lab = await RunningLab.Start();

        using var wrong = await Post(lab, "services/auth/login?output_mode=json", null, ("username", "x"), ("password", "y"));
        using var nobody = await lab.Get($"{lab.Lab.SplunkUrl}/services/server/info?output_mode=json");
        using var oldKey = await lab.Get($"{lab.Lab.SplunkUrl}/services/server/info?output_mode=json", "Splunk expired");

        Assert.Contains("incorrect_username_or_password", await wrong.Content.ReadAsStringAsync(RunningLab.Ct));
        Assert.Equal("Basic realm=\"/splunk\"", nobody.Headers.WwwAuthenticate.ToString());
        Assert.Contains("call not properly authenticated", await oldKey.Content.ReadAsStringAsync(RunningLab.Ct));
        Assert.Empty(oldKey.Headers.WwwAuthenticate);
        Assert.All([wrong, nobody, oldKey], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
    }

    [Fact]
    public async Task Job_PassesThroughItsStatesAndThenHasRows()
    {
        var clock = new ManualClock();
        await using var lab = await RunningLab.Start(new() { Clock = clock, SplunkSearchTime = TimeSpan.FromSeconds(10) });
        using var made = await Post(lab, "servicesNS/nobody/search/search/v2/jobs", Login, ("search", Search), ("output_mode", "json"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var job = $"{lab.Lab.SplunkUrl}/services/search/jobs/{(await RunningLab.Body(made))["sid"]}";

        var states = new List<string>();
        foreach (var second in (int[])[0, 2, 3, 5])
        {
            clock.Advance(TimeSpan.FromSeconds(second));
            states.Add((string)(await lab.Json(job + "?output_mode=json", Login))["entry"]![0]!["content"]!["dispatchState"]!);
            using var early = await lab.Get(job + "/results?output_mode=json", Login);
            Assert.Equal(states[^1] == "DONE" ? HttpStatusCode.OK : HttpStatusCode.NoContent, early.StatusCode);
        }

        var results = (await lab.Json(job + "/results?output_mode=json&count=0", Login))["results"]!.AsArray();
        Assert.Equal(["QUEUED", "PARSING", "RUNNING", "DONE"], states);
        Assert.Equal(3, results.Count);
        Assert.Equal("jdoe", (string?)results[0]!["src_user"]);
        Assert.Equal("""["network","communicate"]""", results[0]!["tag"]!.ToJsonString());
    }

    [Fact]
    public async Task Oneshot_AnswersInXmlUnlessAskedForJson()
    {
        await using var lab = await RunningLab.Start();

        using var xml = await Post(lab, "services/search/jobs", Login, ("search", Search), ("exec_mode", "oneshot"));
        using var json = await Post(lab, "services/search/jobs", Login,
            ("search", "search index=netfw dest_host=cdn-telemetry.example.net | stats count by src_host | sort -count"),
            ("exec_mode", "oneshot"), ("output_mode", "json"));

        Assert.Equal(3, XElement.Parse(await xml.Content.ReadAsStringAsync(RunningLab.Ct)).Elements("result").Count());
        Assert.Equal("3", (string?)(await RunningLab.Body(json))["results"]![0]!["count"]);
    }

    [Theory]
    [InlineData("search index=* | nonsense", "Unknown search command 'nonsense'.")]
    [InlineData("", "Invalid query.")]
    public async Task Parser_RefusesInSplunksWords(string query, string expected)
    {
        await using var lab = await RunningLab.Start();

        using var answer = await Post(lab, "services/search/v2/parser", Login, ("q", query), ("output_mode", "json"));
        using var get = await lab.Get($"{lab.Lab.SplunkUrl}/services/search/parser?q=x", Login);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(expected, (string?)(await RunningLab.Body(answer))["messages"]![0]!["text"]);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
    }

    [Fact]
    public async Task FailingSearch_EndsFailedAndUnknownSidIs404()
    {
        await using var lab = await RunningLab.Start();
        using var made = await Post(lab, "services/search/jobs", Login,
            ("search", "search index=lab_fails"), ("exec_mode", "blocking"), ("output_mode", "json"));
        var job = $"{lab.Lab.SplunkUrl}/services/search/jobs/{(await RunningLab.Body(made))["sid"]}?output_mode=json";

        var content = (await lab.Json(job, Login))["entry"]![0]!["content"]!;
        using var unknown = await lab.Get($"{lab.Lab.SplunkUrl}/services/search/jobs/1.1", Login);

        Assert.Equal("FAILED", (string?)content["dispatchState"]);
        Assert.True((bool)content["isFailed"]!);
        Assert.Contains("<msg type=\"FATAL\">Unknown sid.</msg>", await unknown.Content.ReadAsStringAsync(RunningLab.Ct));
    }

    [Fact]
    public async Task Event_IsReceived()
    {
        await using var lab = await RunningLab.Start();
        using var body = new StringContent("hello");

        using var answer = await lab.Send(HttpMethod.Post, $"{lab.Lab.SplunkUrl}/services/receivers/simple?index=main&sourcetype=soar", body, Login);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("<field k=\"_index\"><value><text>main</text>", await answer.Content.ReadAsStringAsync(RunningLab.Ct));
    }

    private static async Task<HttpResponseMessage> Post(RunningLab lab, string path, string? login, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)));
        return await lab.Send(HttpMethod.Post, $"{lab.Lab.SplunkUrl}/{path}", content, login);
    }
}
