using Vedette.Connectors.Splunk;
using Vedette.Lab;
using Vedette.Sdk;

namespace Vedette.Connectors.Tests;

/// <summary>The Splunk connector against the lab's Splunk, over a real socket.</summary>
public sealed class SplunkTests
{
    private const string Traffic = "index=netfw dest_host=\"cdn-telemetry.example.net\" src_host=wks-0417";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connectivity_OverTlsAndInTheClear_AsTheAssetSays(bool tls)
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "test connectivity", new { }, Settings(lab, tls));
        Assert.Equal("Connectivity test passed", answer.Message);
        Assert.Equal(["Detected Splunk server version 9.3.1"], lab.Progress);
    }

    [Fact]
    public async Task Token_IsSentAsBearerInPlaceOfTheLogin()
    {
        await using var lab = await AtTheLab.Start();
        var settings = new Dictionary<string, object?> { ["device"] = lab.Lab.SplunkUrl, ["api_token"] = LabCredentials.SplunkToken };
        Assert.Equal("Connectivity test passed", (await lab.Run(new SplunkConnector(), "test connectivity", new { }, settings)).Message);
        Assert.DoesNotContain(await lab.Requests("splunk"), request => request.GetProperty("path").GetString()!.Contains("auth/login", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Query_PassesThroughTheStatesOfItsJob_AndGivesTheRowsOfTheOriginal()
    {
        var clock = new StandingClock();
        await using var lab = await AtTheLab.Start(new() { Clock = clock });
        // The search is done only once it was seen running.
        lab.OnProgress = line => clock.Now += line.StartsWith("Progress: 0.0%", StringComparison.Ordinal) ? TimeSpan.FromMinutes(1) : TimeSpan.Zero;
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = Traffic, command = "search" }, Settings(lab));
        Assert.True(answer.Success, answer.Message);
        Assert.Equal(3, answer.Data.Count);
        Assert.Equal("jdoe", (string?)answer.Data[0]!["src_user"]);
        Assert.Equal("""["network","communicate"]""", answer.Data[0]!["tag"]!.ToJsonString());
        Assert.Equal($"Sid: {answer.Summary["sid"]}, Total events: 3", answer.Message);
        Assert.StartsWith("Progress: 0.0%", lab.Progress[0], StringComparison.Ordinal);
        Assert.Equal("Progress: 100.0%   9 scanned   3 matched   3 results", lab.Progress[^1]);
    }

    [Fact]
    public async Task SessionRunsOutWhileTheSearchRuns_ConnectorSignsInAgain()
    {
        await using var lab = await AtTheLab.Start();
        await lab.Behave(new { system = "splunk", fail = "expired", on = "reads", times = 1 });
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = Traffic }, Settings(lab));
        Assert.Equal(3, answer.Data.Count);
        Assert.Equal(2, (await lab.Requests("splunk")).Count(request => request.GetProperty("path").GetString()!.EndsWith("auth/login", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("nobody", "search")]
    public async Task OldSplunkAndNameSpace_AreSearchedLikeTheOthers(string? owner, string? app)
    {
        await using var lab = await AtTheLab.Start(new() { SplunkIsOld = true });
        var settings = Settings(lab);
        (settings["splunk_owner"], settings["splunk_app"]) = (owner, app);
        Assert.Equal(3, (await lab.Run(new SplunkConnector(), "run query", new { query = Traffic }, settings)).Data.Count);
        Assert.Equal(FaultKind.Refused, (await lab.Run(new SplunkConnector(), "run query", new { query = "x | nonsense" }, settings)).Fault!.Where);
    }

    [Fact]
    public async Task Query_WithoutCommandAndRawField_IsASearchWithoutIt()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = Traffic + " | head 1", add_raw_field = false }, Settings(lab));
        Assert.False(Assert.Single(answer.Data)!.AsObject().ContainsKey("_raw"));
    }

    [Fact]
    public async Task Query_OfNothing_IsASuccessOfNoEvents()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = "index=netfw \"Zürich ☃\" 'x" }, Settings(lab));
        Assert.True(answer.Success, answer.Message);
        Assert.EndsWith("Total events: 0", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_OfMoreRowsThanAResultHolds_GivesTheFirstAndSaysSo()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = "| makeresults count=10600" }, Settings(lab));
        Assert.True(answer.Success, answer.Message);
        Assert.Equal(10_000, answer.Data.Count);
        Assert.Equal(600, (long)answer.Summary["rows_left_out"]!);
        Assert.EndsWith("Total events: 10000. Only the first 10000 of 10600 rows were taken; narrow the search to see the others", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_SplunkCannotParse_SaysTheQueryAndSplunksReason()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = "index=* | nonsense" }, Settings(lab));
        Assert.Equal(FaultKind.Refused, answer.Fault!.Where);
        Assert.Equal("Failed to connect to splunk server. Query invalid 'search index=* | nonsense'. HTTP 400 Bad Request -- Unknown search command 'nonsense'.", answer.Message);
        Assert.Equal("Search ID not created", (string?)answer.Summary["sid"]);
    }

    [Fact]
    public async Task Query_ThatFailsInSplunk_SaysWhy()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = "index=lab_fails" }, Settings(lab));
        Assert.Equal(FaultKind.Refused, answer.Fault!.Where);
        Assert.StartsWith("Error retrieving results. The search failed. The search job has failed due to an error.", answer.Message, StringComparison.Ordinal);
        Assert.NotEqual("Search ID not created", (string?)answer.Summary["sid"]);
    }

    [Fact]
    public async Task Query_ThatTakesLongerThanTheAssetAllows_IsCalledOff()
    {
        await using var lab = await AtTheLab.Start();
        var settings = Settings(lab);
        settings["splunk_job_timeout"] = 0;
        var answer = await lab.Run(new SplunkConnector(), "run query", new { query = "index=lab_never_ends" }, settings);
        Assert.Equal(FaultKind.TimedOut, answer.Fault!.Where);
        Assert.StartsWith("Error retrieving results. Failed to retrieve splunk job results. The splunk job has timed out.", answer.Message, StringComparison.Ordinal);
        Assert.EndsWith($"/jobs/{answer.Summary["sid"]}/control", (await lab.Requests("splunk"))[^1].GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhoseRunIsCancelled_IsCalledOff()
    {
        await using var lab = await AtTheLab.Start();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = lab.Run(new SplunkConnector(), "run query", new { query = "index=lab_never_ends" }, Settings(lab), cancel.Token);
        // Login, parser, job, and two looks at it.
        await lab.Called("splunk", 5);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.EndsWith("/control", (await lab.Requests("splunk"))[^1].GetProperty("path").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("\"quoted\" and \\ 'more'\r\n\tnext line")]
    [InlineData("Zürich ☃ 測試 😀 \u0001")]
    public async Task PostedData_IsFoundAgainAsItWas(string data)
    {
        await using var lab = await AtTheLab.Start();
        var posted = await lab.Run(new SplunkConnector(), "post data", new { data, index = "main", host = "wks-ü", source = "a&b=c", source_type = "soar:test" }, Settings(lab, tls: true));
        Assert.Equal("Successfully posted the data", posted.Message);
        var found = await lab.Run(new SplunkConnector(), "run query", new { query = "index=main sourcetype=\"soar:test\"" }, Settings(lab));
        var row = Assert.Single(found.Data)!;
        Assert.Equal([data, "wks-ü", "a&b=c"], [(string?)row["_raw"], (string?)row["host"], (string?)row["source"]]);
    }

    [Theory]
    [InlineData("500", true)]
    [InlineData("503", false)]
    [InlineData("cut", true)]
    [InlineData("html", true)]
    [InlineData("429", false)]
    public async Task PostData_ThatFails_SaysWhetherItMayHaveHappened(string fail, bool may)
    {
        await using var lab = await AtTheLab.Start();
        var settings = new Dictionary<string, object?> { ["device"] = lab.Lab.SplunkUrl, ["api_token"] = LabCredentials.SplunkToken };
        await lab.Behave(new { system = "splunk", fail, on = "writes" });
        var answer = await lab.Run(new SplunkConnector(), "post data", new { data = "x" }, settings);
        Assert.False(answer.Success);
        Assert.Equal(may, answer.Fault!.MayHaveHappened);
        Assert.Equal(may, answer.Message.EndsWith("Splunk, asset \"of the lab\": whether it was done is not known.", StringComparison.Ordinal));
        Assert.Equal(!may, answer.Message.Contains("try again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("token with a space")]
    [InlineData("token\r\nX-Evil: 1")]
    [InlineData("tökén")]
    public async Task T13_TokenThatCannotBeSentAsItIs_IsNotSentInAnotherWay(string token)
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "test connectivity", new { }, new() { ["device"] = lab.Lab.SplunkUrl, ["api_token"] = token });
        Assert.Equal(FaultKind.BadInput, answer.Fault!.Where);
        Assert.DoesNotContain(token, answer.Message, StringComparison.Ordinal);
        Assert.Equal(0, await lab.Calls("splunk"));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://user:secret@127.0.0.1/")]
    [InlineData("http://127.0.0.1/?a=b")]
    [InlineData("two words")]
    public async Task Device_ThatIsNeitherHostNorUrl_IsRefused(string device)
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new SplunkConnector(), "test connectivity", new { }, new() { ["device"] = device, ["api_token"] = "x" });
        Assert.Equal(FaultKind.BadInput, answer.Fault!.Where);
        Assert.Contains("'device'", answer.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> Settings(AtTheLab lab, bool tls = false) => new()
    {
        ["device"] = tls ? $"{lab.Lab.TlsUrl}/splunk" : lab.Lab.SplunkUrl,
        ["ca_certificate"] = tls ? lab.Lab.CertificateAuthority : null,
        ["username"] = LabCredentials.SplunkUser,
        ["password"] = LabCredentials.SplunkPassword,
    };
}
