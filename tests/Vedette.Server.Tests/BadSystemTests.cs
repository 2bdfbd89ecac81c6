using System.Net;
using System.Net.Sockets;
using Vedette.Engine.Storage;
using Vedette.Lab;

namespace Vedette.Server.Tests;

/// <summary>Systems that are down, slow or answer badly: the run ends, and says in words what failed; there is one ticket or none, as is true.</summary>
public sealed class BadSystemTests
{
    [Theory]
    [InlineData("shodan", """{"system":"shodan","fail":"429","retry_after":0}""", "in Shodan failed: ", "Request rate limit reached")]
    [InlineData("shodan", """{"system":"shodan","fail":"500"}""", "in Shodan failed: ", "Internal server error")]
    [InlineData("shodan", """{"system":"shodan","fail":"html"}""", "in Shodan failed: ", "HTML page")]
    [InlineData("shodan", """{"system":"shodan","fail":"cut"}""", "in Shodan failed: ", "ended before the answer was whole")]
    [InlineData("shodan", """{"system":"shodan","latency_ms":600000}""", "in Shodan failed: ", "did not answer within 0[.]5 seconds")]
    [InlineData("whois", """{"system":"whois","latency_ms":600000}""", "in WHOIS failed: ", "did not answer within 0[.]5 seconds")]
    [InlineData("windows_server", """{"system":"ldap","latency_ms":600000}""", " failed: ", "did not answer within 0[.]5 seconds")]
    [InlineData("shodan", "down", "in Shodan failed: ", "connection refused")]
    [InlineData("whois", "down", "in WHOIS failed: ", "connection refused")]
    [InlineData("windows_server", "down", " failed: ", "connection refused")]
    public async Task LookupThatCannotAnswer_TicketIsOpenedAndSaysWhichAndWhy(string asset, string behaviour, string which, string why)
    {
        await using var site = await Site.Open();
        using var nobody = Nobody();
        await Set(site, asset, behaviour, nobody);

        var container = await site.SendAlert();

        Assert.Equal("success", (await site.RunEnded(container)).Status);
        var ticket = Assert.Single((await site.Tickets()).EnumerateArray());
        var description = ticket.GetProperty("fields").GetProperty("description").GetString()!;
        Assert.True(description.Split('\n').Any(line => line.Contains(which, StringComparison.Ordinal) && line.Contains(why, StringComparison.Ordinal)), description);
    }

    [Fact]
    public async Task TicketSystemThatTakesNothing_RunFailsWithWhyAndTheNextAlertOpensTheTicket()
    {
        await using var site = await Site.Open();
        using var nobody = Nobody();
        await Set(site, "servicenow", """{"system":"servicenow","fail":"429","retry_after":0}""", nobody);
        var container = await site.SendAlert();

        var run = await site.RunEnded(container);

        Assert.Equal("failed", run.Status);
        Assert.Contains("No ticket could be opened: ", run.Message, StringComparison.Ordinal);
        Assert.Contains("429", run.Message, StringComparison.Ordinal);
        Assert.Empty((await site.Tickets()).EnumerateArray());
        Assert.Equal(1, (await site.Get($"/rest/note?_filter_container={container}")).GetProperty("count").GetInt64());

        await site.Behave("""{"system":"servicenow"}""");
        await site.SendAlert(batch: "b");
        await site.RunEnded(container, count: 2);
        Assert.Single((await site.Tickets()).EnumerateArray());
    }

    /// <summary>Whether the ticket was opened nobody can know: the run says so and waits, and ends by itself when the system answers again.</summary>
    [Theory]
    [InlineData("""{"system":"servicenow","fail":"500"}""", "500")]
    [InlineData("""{"system":"servicenow","fail":"html"}""", "HTML page")]
    [InlineData("""{"system":"servicenow","fail":"reset"}""", "Outcome unknown: ")]
    [InlineData("""{"system":"servicenow","latency_ms":600000}""", "did not answer within 0.5 seconds")]
    public async Task TicketSystemThatLosesItsAnswers_RunSaysWhatItWaitsForAndThereIsOneTicketOnceItIsBack(string behaviour, string why)
    {
        await using var site = await Site.Open();
        using var nobody = Nobody();
        await Set(site, "servicenow", behaviour, nobody);
        var container = await site.SendAlert();

        Assert.Contains(why, (await site.InDoubt()).Message, StringComparison.Ordinal);

        await site.Behave("""{"system":"servicenow"}""");
        Assert.Equal("success", (await site.RunEnded(container)).Status);
        Assert.Single((await site.Tickets()).EnumerateArray());
    }

    [Fact]
    public async Task TicketSystemThatIsDown_RunFailsWithItsAddress()
    {
        await using var site = await Site.Open();
        using var nobody = Nobody();
        await Set(site, "servicenow", "down", nobody);

        var run = await site.RunEnded(await site.SendAlert());

        Assert.Equal("failed", run.Status);
        Assert.Contains($"No ticket could be opened: No connection to 127[.]0[.]0[.]1[:]{Port(nobody)}: connection refused.", run.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"system":"servicenow","fail":"429","retry_after":1,"times":1}""")]
    [InlineData("""{"system":"servicenow","fail":"500","times":1}""")]
    [InlineData("""{"system":"servicenow","fail":"html","times":1}""")]
    [InlineData("""{"system":"servicenow","fail":"reset","times":1}""")]
    [InlineData("""{"system":"servicenow","fail":"late-answer","times":1}""")]
    public async Task TicketSystemThatRecovers_IsAskedAgainAndThereIsOneTicket(string behaviour)
    {
        await using var site = await Site.Open();
        using var nobody = Nobody();
        await Set(site, "servicenow", behaviour, nobody);

        Assert.Equal("success", (await site.RunEnded(await site.SendAlert())).Status);

        Assert.Single((await site.Tickets()).EnumerateArray());
        Assert.Equal("success", Assert.Single(await site.Server.Store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.Action), "create ticket")), TestContext.Current.CancellationToken)).Status);
    }

    [Fact]
    public async Task SettingOfTheTimeOutThatIsNoNumber_IsRefusedByName()
    {
        await using var site = await Site.Open();
        var asset = await Asset(site, "whois");

        var (status, body) = await site.PostAsAdmin($"/rest/asset/{asset}", """{"configuration":{"answer_within_seconds":"soon"}}""");

        Assert.Equal(400, status);
        Assert.Contains("\"answer_within_seconds\" is not a number above 0 and up to 3600", body.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Makes the system behave, and its asset wait half a second only; or points the asset at a port where nobody listens.</summary>
    private static async Task Set(Site site, string asset, string behaviour, Socket nobody)
    {
        var down = behaviour == "down";
        if (!down)
        {
            await site.Behave(behaviour);
        }

        var within = behaviour.Contains("latency", StringComparison.Ordinal) || behaviour.Contains("late-answer", StringComparison.Ordinal) ? "0.5" : "30";
        string Url(string url) => down ? $"http://127.0.0.1:{Port(nobody)}/" : url;
        int Door(int port) => down ? Port(nobody) : port;
        var configuration = asset switch
        {
            "shodan" => $$"""{"base_url":"{{Url(site.Lab.ShodanUrl)}}","api_key":"{{LabCredentials.ShodanKey}}","requests_per_second":0,"answer_within_seconds":{{within}}}""",
            "whois" => $$"""{"server":"{{site.Lab.WhoisHost}}","port":{{Door(site.Lab.WhoisPort)}},"requests_per_second":0,"answer_within_seconds":{{within}}}""",
            "windows_server" => $$"""{"server":"{{site.Lab.LdapHost}}","port":{{Door(site.Lab.LdapPort)}},"force_ssl":false,"username":"{{LabCredentials.LdapUser}}","password":"{{LabCredentials.LdapPassword}}","requests_per_second":0,"answer_within_seconds":{{within}}}""",
            _ => $$"""{"url":"{{Url(site.Lab.ServiceNowUrl)}}","username":"{{LabCredentials.ServiceNowUser}}","password":"{{LabCredentials.ServiceNowPassword}}","landed_within_seconds":1,"answer_within_seconds":{{within}}}""",
        };
        var (status, body) = await site.PostAsAdmin($"/rest/asset/{await Asset(site, asset)}", $$"""{"configuration":{{configuration}}}""");
        Assert.True(status == 200, body.ToString());
    }

    private static async Task<long> Asset(Site site, string name) =>
        (await site.Get($"/rest/asset?_filter_name=\"{name}\"")).GetProperty("data")[0].GetProperty("id").GetInt64();

    /// <summary>Holds a port without listening: a connection there is refused, and nobody else can take it.</summary>
    private static Socket Nobody()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
