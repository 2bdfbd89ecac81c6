using System.Net;
using System.Text;

namespace Vedette.Lab.Tests;

public sealed class BehaviourTests
{
    [Fact]
    public async Task Http_FailsInEachWayItIsTold()
    {
        await using var lab = await RunningLab.Start();

        await lab.Behave("""{"system":"shodan","fail":"429","retry_after":7}""");
        using var tooMany = await lab.Shodan("api-info");
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), tooMany.Headers.RetryAfter!.Delta);

        await lab.Behave("""{"system":"shodan","fail":"html"}""");
        using var page = await lab.Shodan("api-info");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);

        await lab.Behave("""{"system":"shodan","fail":"echo"}""");
        using var echo = await lab.Shodan("api-info");
        Assert.Equal(HttpStatusCode.BadRequest, echo.StatusCode);
        Assert.Contains(LabCredentials.ShodanKey, await echo.Content.ReadAsStringAsync(RunningLab.Ct));

        await lab.Behave("""{"system":"shodan","fail":"cut"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => lab.Shodan("api-info"));

        await lab.Behave("""{"system":"shodan","fail":"reset"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => lab.Shodan("api-info"));

        await lab.Behave("""{"system":"shodan","fail":"500","times":1}""");
        using var error = await lab.Shodan("api-info");
        using var well = await lab.Shodan("api-info");
        Assert.Equal(HttpStatusCode.InternalServerError, error.StatusCode);
        Assert.Equal(HttpStatusCode.OK, well.StatusCode);
    }

    [Fact]
    public async Task Cut_HasDoneTheWork()
    {
        await using var lab = await RunningLab.Start();
        await lab.Behave("""{"system":"servicenow","fail":"cut"}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => lab.ServiceNow(HttpMethod.Post, "incident", new { short_description = "x" }));

        Assert.Single(await lab.Tickets());
    }

    [Fact]
    public async Task Latency_KeepsTheCallWaiting()
    {
        var clock = new ManualClock();
        await using var lab = await RunningLab.Start(new() { Clock = clock });
        await lab.Behave("""{"system":"shodan","latency_ms":50}""");

        var call = lab.Shodan("api-info");
        await clock.TimerMade(TimeSpan.FromMilliseconds(50));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(50));

        using var answer = await call;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"system":"fax"}""")]
    [InlineData("""{"system":"shodan","fail":"sulk"}""")]
    [InlineData("""{"system":"shodan","fail":"own-id"}""")]
    [InlineData("""{"system":"shodan","rate":2}""")]
    [InlineData("""{"system":"shodan","latency":5}""")]
    [InlineData("not json")]
    public async Task OrderThatMakesNoSense_IsRefused(string order)
    {
        await using var lab = await RunningLab.Start();
        using var body = new StringContent(order, Encoding.UTF8, "application/json");

        using var answer = await lab.Send(HttpMethod.Post, $"{lab.Lab.Url}/_lab/behaviour", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Control_TellsAddressesCallsAndRequestsAndForgets()
    {
        await using var lab = await RunningLab.Start();
        using var made = await lab.ServiceNow(HttpMethod.Post, "incident", new { short_description = "x" });
        using var looked = await lab.Shodan("api-info");
        using var ldap = await LdapClient.Connect(lab.Lab);
        await ldap.Bind();

        var systems = await lab.Json($"{lab.Lab.Url}/_lab/systems");
        var calls = await lab.Json($"{lab.Lab.Url}/_lab/calls");
        var requests = await lab.Json($"{lab.Lab.Url}/_lab/requests?system=servicenow");
        Assert.Equal(lab.Lab.LdapPort, (int)systems["ldap"]!["port"]!);
        Assert.Equal(lab.Lab.WhoisPort, (int)systems["whois"]!["port"]!);
        Assert.Equal(lab.Lab.SplunkUrl, (string?)systems["splunk"]!["url"]);
        Assert.Equal(LabCredentials.ServiceNowPassword, (string?)systems["credentials"]!["servicenow"]!["password"]);
        Assert.Equal("""{"splunk":0,"ldap":1,"whois":0,"rdap":0,"shodan":1,"servicenow":1}""", calls.ToJsonString());
        Assert.StartsWith("Basic ", (string?)requests[0]!["headers"]!["Authorization"], StringComparison.Ordinal);

        using var reset = await lab.Send(HttpMethod.Post, $"{lab.Lab.Url}/_lab/reset", null);
        Assert.Empty(await lab.Tickets());
        Assert.Equal(0, (int)(await lab.Json($"{lab.Lab.Url}/_lab/calls"))["shodan"]!);
    }
}
