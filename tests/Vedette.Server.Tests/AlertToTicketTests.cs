using System.Net;
using System.Text;
using Vedette.Engine.Storage;
using Vedette.Tests.Postgres;

namespace Vedette.Server.Tests;

public sealed class SqliteAlertToTicketTests() : AlertToTicketTests(() => Task.FromResult<string?>(null));

public sealed class PostgresAlertToTicketTests(SharedPostgres shared) : AlertToTicketTests(async () => await (await shared.Cluster).NewDatabase());

/// <summary>The main job through the outer doors, on each store: REST in, the other systems' own wire out.</summary>
/// <param name="store">Makes a database, and gives its connection string; null is a file.</param>
public abstract class AlertToTicketTests(Func<Task<string?>> store)
{
    [Fact]
    public async Task AlertByRest_BecomesOneTicketWithFindings()
    {
        await using var site = await Open();
        var container = await site.SendAlert();

        var run = await site.RunEnded(container);

        Assert.Equal("success", run.Status);
        var ticket = Assert.Single((await site.Tickets()).EnumerateArray());
        var description = ticket.GetProperty("fields").GetProperty("description").GetString()!;
        Assert.Contains("young: 6 days", description, StringComparison.Ordinal);
        Assert.Contains("CVE-2021-23017", description, StringComparison.Ordinal);
        Assert.Contains("workstation (Windows 11 Enterprise)", description, StringComparison.Ordinal);
        Assert.Equal("1", ticket.GetProperty("fields").GetProperty("urgency").GetString());
        Assert.Equal(ticket.GetProperty("sys_id").GetString(), ticket.GetProperty("correlation_id").GetString());
        Assert.Equal("high", (await site.Get($"/rest/container/{container}")).GetProperty("severity").GetString());
        Assert.Equal(1, (await site.Get($"/rest/note?_filter_container={container}")).GetProperty("count").GetInt64());
    }

    [Theory]
    [InlineData("shodan", "500")]
    [InlineData("shodan", "html")]
    [InlineData("shodan", "cut")]
    [InlineData("whois", "reset")]
    [InlineData("ldap", "500")]
    public async Task LookupFails_TicketIsOpenedAndSaysWhich(string system, string fail)
    {
        await using var site = await Open();
        await site.Behave($$"""{"system":"{{system}}","fail":"{{fail}}"}""");
        var container = await site.SendAlert();

        Assert.Equal("success", (await site.RunEnded(container)).Status);

        var ticket = Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Contains("failed", ticket.GetProperty("fields").GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("own-id")]
    public async Task TicketSystemAnswersBadlyOnce_ThereIsOneTicket(string fail)
    {
        await using var site = await Open();
        await site.Behave($$"""{"system":"servicenow","fail":"{{fail}}","times":1}""");
        var container = await site.SendAlert();

        Assert.Equal("success", (await site.RunEnded(container)).Status);

        Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal("success", Assert.Single(await site.Server.Store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.Action), "create ticket")), TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task SameAlertAgain_JoinsTheEventAndItsTicket()
    {
        await using var site = await Open();
        var first = await site.SendAlert();
        await site.RunEnded(first);
        await site.SendAlert(batch: "b");

        await site.RunEnded(first, count: 2);

        Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal(2, (await site.Get($"/rest/container/{first}")).GetProperty("artifact_count").GetInt64());
    }

    [Fact]
    public async Task ServerStartedAgain_NothingRunsTwice()
    {
        await using var site = await Open();
        var container = await site.SendAlert();
        await site.RunEnded(container);
        site.Client.Dispose();
        await site.Server.DisposeAsync();

        await site.StartServer();

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Single((await site.Tickets()).EnumerateArray());
    }

    [Theory]
    [InlineData("{\"name\":\"x\"", HttpStatusCode.BadRequest)]
    [InlineData("[[[[", HttpStatusCode.BadRequest)]
    [InlineData("{\"name\":\"x\",\"label\":\"no-such-label\"}", HttpStatusCode.BadRequest)]
    public async Task BadBody_ErrorSaysWhat(string body, HttpStatusCode status)
    {
        await using var site = await Open();
        using var content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");

        using var response = await site.Client.PostAsync("/rest/container", content, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains("\"failed\":true", (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T09_LoopbackWithoutCredentials_NothingAnswers()
    {
        await using var site = await Open();
        using var stranger = new HttpClient { BaseAddress = site.Server.Url };
        stranger.DefaultRequestHeaders.Add("X-Forwarded-For", "127.0.0.1");
        foreach (var path in new[] { "version", "container", "artifact", "playbook", "asset", "ph_user", "decided_list", "stop_switch", "app_run" })
        {
            using var response = await stranger.GetAsync($"/rest/{path}", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    private async Task<Site> Open() => await Site.Open(store: await store());
}
