using System.Net;
using System.Text.Json.Nodes;

namespace Vedette.Lab.Tests;

public sealed class ServiceNowTests
{
    private const string MyId = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task NewIncident_HasNumberPriorityAndLocation()
    {
        await using var lab = await RunningLab.Start();

        using var made = await lab.ServiceNow(HttpMethod.Post, "incident",
            new { short_description = "x", impact = 1, urgency = "1", no_such_field = "y", correlation_id = "c-1", opened_by = MyId });
        var record = (await RunningLab.Body(made))["result"]!;

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal("INC0010001", (string?)record["number"]);
        Assert.Equal("1", (string?)record["priority"]);
        Assert.Equal("", (string?)record["close_notes"]);
        Assert.Null(record["no_such_field"]);
        Assert.Equal(MyId, (string?)record["opened_by"]!["value"]);
        Assert.Equal($"{lab.Lab.ServiceNowUrl}/api/now/table/incident/{record["sys_id"]}", made.Headers.Location!.ToString());
    }

    [Fact]
    public async Task SysIdOfTheClientIsHonoured_AndASecondRecordWithItIsRefused()
    {
        await using var lab = await RunningLab.Start();

        using var first = await lab.ServiceNow(HttpMethod.Post, "incident", new { sys_id = MyId });
        using var second = await lab.ServiceNow(HttpMethod.Post, "incident", new { sys_id = MyId });

        Assert.Equal(MyId, (string?)(await RunningLab.Body(first))["result"]!["sys_id"]);
        Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        var error = (await RunningLab.Body(second))["error"]!;
        Assert.Equal("Operation Failed", (string?)error["message"]);
        Assert.Contains("Duplicate entry", (string?)error["detail"]);
        Assert.Single(await lab.Tickets());
    }

    [Fact]
    public async Task OwnId_IgnoresTheSysIdOfTheClient()
    {
        await using var lab = await RunningLab.Start();
        await lab.Behave("""{"system":"servicenow","fail":"own-id"}""");

        using var first = await lab.ServiceNow(HttpMethod.Post, "incident", new { sys_id = MyId });
        using var second = await lab.ServiceNow(HttpMethod.Post, "incident", new { sys_id = MyId });

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        var id = (string)(await RunningLab.Body(first))["result"]!["sys_id"]!;
        Assert.NotEqual(MyId, id);
        Assert.Matches("^[0-9a-f]{32}$", id);
    }

    [Theory]
    [InlineData("correlation_id=b", 1)]
    [InlineData("number=INC0010002", 1)]
    [InlineData("number=INC0010002^correlation_id=a", 0)]
    [InlineData("no_such_field=b", 3)]
    [InlineData("correlation_idINa,b^ORDERBYDESCnumber", 2)]
    [InlineData("correlation_id=a^ORcorrelation_id=c", 2)]
    [InlineData("correlation_id=a^NQcorrelation_id=b^no_such_field=1", 2)]
    [InlineData("short_descriptionSTARTSWITHalert^correlation_id!=a", 2)]
    [InlineData("close_codeISNOTEMPTY", 0)]
    [InlineData("", 3)]
    public async Task EncodedQuery_FindsWhatServiceNowWouldFind(string query, int expected)
    {
        await using var lab = await RunningLab.Start();
        foreach (var id in (string[])["a", "b", "c"])
        {
            using var made = await lab.ServiceNow(HttpMethod.Post, "incident", new { short_description = "Alert " + id, correlation_id = id });
        }

        using var found = await lab.ServiceNow(HttpMethod.Get, "incident?sysparm_query=" + Uri.EscapeDataString(query));

        Assert.Equal(expected, (await RunningLab.Body(found))["result"]!.AsArray().Count);
        Assert.Equal($"{expected}", found.Headers.GetValues("X-Total-Count").Single());
    }

    [Fact]
    public async Task Pages_AreLinkedAndFieldsChosen()
    {
        await using var lab = await RunningLab.Start();
        for (var i = 0; i < 3; i++)
        {
            using var made = await lab.ServiceNow(HttpMethod.Post, "incident", new { short_description = "x" });
        }

        using var page = await lab.ServiceNow(HttpMethod.Get, "incident?sysparm_limit=2&sysparm_offset=2&sysparm_fields=number");

        Assert.Equal("""{"result":[{"number":"INC0010003"}]}""", await page.Content.ReadAsStringAsync(RunningLab.Ct));
        Assert.Contains("rel=\"prev\"", page.Headers.GetValues("Link").Single());
    }

    [Fact]
    public async Task WorkNote_GoesToTheJournalAndReadsBackEmpty()
    {
        await using var lab = await RunningLab.Start();
        using var made = await lab.ServiceNow(HttpMethod.Post, "incident", new { sys_id = MyId, work_notes = "first" });
        using var changed = await lab.ServiceNow(HttpMethod.Patch, "incident/" + MyId, new { work_notes = "second", state = "2" });

        Assert.Equal("", (string?)(await RunningLab.Body(changed))["result"]!["work_notes"]);
        using var journal = await lab.ServiceNow(HttpMethod.Get,
            $"sys_journal_field?element_id={MyId}&sysparm_query=element=comments^ORelement=work_notes");
        var values = (await RunningLab.Body(journal))["result"]!.AsArray().Select(entry => (string?)entry!["value"]);
        Assert.Equal(["first", "second"], values);
        var ticket = Assert.Single(await lab.Tickets())!;
        Assert.Equal("""["first","second"]""", ticket["work_notes"]!.ToJsonString());
        Assert.Equal("2", (string?)ticket["fields"]!["incident_state"]);
    }

    [Fact]
    public async Task WrongPassword_UnknownRecordAndUnknownTable_AreRefusedInServiceNowsWords()
    {
        await using var lab = await RunningLab.Start();

        using var stranger = await lab.Get($"{lab.Lab.ServiceNowUrl}/api/now/table/incident", RunningLab.Basic("lab.soar", "wrong"));
        using var missing = await lab.ServiceNow(HttpMethod.Get, "incident/" + MyId);
        using var table = await lab.ServiceNow(HttpMethod.Get, "nonsense");

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal("Basic realm=\"Service-now\"", stranger.Headers.WwwAuthenticate.ToString());
        Assert.Equal("""{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}""",
            await stranger.Content.ReadAsStringAsync(RunningLab.Ct));
        Assert.Equal("No Record found", (string?)(await RunningLab.Body(missing))["error"]!["message"]);
        Assert.Equal("Invalid table nonsense", (string?)(await RunningLab.Body(table))["error"]!["message"]);
    }

    [Fact]
    public async Task StaleRead_HidesTheNewestRecordOnly()
    {
        await using var lab = await RunningLab.Start();
        using var first = await lab.ServiceNow(HttpMethod.Post, "incident", new { correlation_id = "a" });
        using var second = await lab.ServiceNow(HttpMethod.Post, "incident", new { correlation_id = "b", sys_id = MyId });
        await lab.Behave("""{"system":"servicenow","fail":"stale-read"}""");

        using var list = await lab.ServiceNow(HttpMethod.Get, "incident");
        using var one = await lab.ServiceNow(HttpMethod.Get, "incident/" + MyId);

        Assert.Equal("a", (string?)Assert.Single((await RunningLab.Body(list))["result"]!.AsArray())!["correlation_id"]);
        Assert.Equal(HttpStatusCode.NotFound, one.StatusCode);
    }

    [Fact]
    public async Task LateWork_CutsTheConnectionAndMakesTheRecordAfterwards()
    {
        var clock = new ManualClock();
        await using var lab = await RunningLab.Start(new() { Clock = clock });
        await lab.Behave("""{"system":"servicenow","fail":"late-work"}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => lab.ServiceNow(HttpMethod.Post, "incident", new { sys_id = MyId }));
        Assert.Empty(await lab.Tickets());

        clock.Advance(TimeSpan.FromSeconds(5));
        await lab.Lab.TicketsReached(1, RunningLab.Ct);
        Assert.Equal(MyId, (string?)Assert.Single(await lab.Tickets())!["sys_id"]);
    }

    [Fact]
    public async Task LateAnswer_HasDoneTheWorkBeforeItAnswers()
    {
        var clock = new ManualClock();
        await using var lab = await RunningLab.Start(new() { Clock = clock });
        await lab.Behave("""{"system":"servicenow","fail":"late-answer"}""");

        var call = lab.ServiceNow(HttpMethod.Post, "incident", new { sys_id = MyId });
        await lab.Lab.TicketsReached(1, RunningLab.Ct);
        using var found = await lab.ServiceNow(HttpMethod.Get, "incident/" + MyId);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.False(call.IsCompleted);

        await clock.TimerMade(TimeSpan.FromSeconds(60));
        clock.Advance(TimeSpan.FromSeconds(60));
        using var answer = await call;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }
}
