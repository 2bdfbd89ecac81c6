using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vedette.Connectors.ServiceNow;
using Vedette.Connectors.Shodan;
using Vedette.Model;
using Vedette.Sdk;
using Vedette.WayOut;

namespace Vedette.Connectors.Tests;

public sealed class ConnectorTests : IDisposable
{
    private const string Key = "c0ffee/key+canary==";
    private const string Effect = "0123456789abcdef0123456789abcdef";

    private readonly WayOutFactory _factory = new();

    public static TheoryData<int, FaultKind, bool> Statuses => new()
    {
        { 429, FaultKind.SlowDown, false },
        { 500, FaultKind.OutOfOrder, true },
        { 503, FaultKind.OutOfOrder, false },
        { 401, FaultKind.Unauthorized, false },
        { 200, FaultKind.Unreadable, true },
    };

    public void Dispose() => _factory.Dispose();

    [Fact]
    public void Manifests_AreRead() => Assert.Equal(5, BuiltInConnectors.All().Select(c => c.Manifest.AppGuid).Distinct().Count());

    [Fact]
    public async Task Whois_FirstReferralIsDead_AgeOfTheTopLevelDomainIsNotTaken()
    {
        using var gone = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        gone.Start();
        var dead = ((System.Net.IPEndPoint)gone.LocalEndpoint).Port;
        gone.Stop();
        using var root = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        root.Start();
        var ct = TestContext.Current.CancellationToken;
        var served = Task.Run(async () =>
        {
            using var asked = await root.AcceptTcpClientAsync(ct);
            await using var stream = asked.GetStream();
            _ = await stream.ReadAsync(new byte[256], ct);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"refer: 127.0.0.1:{dead}\n\ndomain: NET\nstatus: ACTIVE\ncreated: 1985-01-01\n"), ct);
        }, ct);

        var answer = await Run(new Whois.WhoisConnector(), "whois domain", new { domain = "young.example.net" }, new { server = "127.0.0.1", port = ((System.Net.IPEndPoint)root.LocalEndpoint).Port });
        await served;

        Assert.True(answer.Success, answer.Message);
        Assert.Equal("unknown", (string?)answer.Summary["registered"]);
        Assert.False(answer.Summary.ContainsKey("creation_date"));
        Assert.Null(answer.Data[0]!["creation_date"]);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.3.4")]
    [InlineData("240.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    public async Task Whois_InsideOrReservedAddress_NothingIsSent(string ip)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();

        var answer = await Run(new Whois.WhoisConnector(), "whois ip", new { ip }, new { server = "127.0.0.1", port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port });

        Assert.True(answer.Success, answer.Message);
        Assert.Contains("is already defined as", answer.Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("   ")]
    [InlineData("\t")]
    public async Task WindowsServer_BlankPassword_NothingIsSent(string password)
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        var answer = await Run(new WindowsServer.WindowsServerConnector(), "test connectivity", new { }, new { server = "127.0.0.1", port, force_ssl = false, username = "svc@corp.test", password });

        Assert.False(answer.Success);
        Assert.Equal(FaultKind.BadInput, answer.Fault!.Where);
        Assert.False(listener.Pending());
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task T13_FailureThatEchoesTheKey_TellsFactsAndNotTheKey(int status, FaultKind where, bool _)
    {
        await using var server = await Serve(async http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "7";
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync($"<p>{http.Request.QueryString} {http.Request.Query["key"]}</p>");
        });
        var answer = await Run(new ShodanConnector(), "query ip", new { ip = "8.8.8.8" }, new { api_key = Key, base_url = server.Urls.First() });
        Assert.False(answer.Success);
        Assert.Equal(where, answer.Fault!.Where);
        Assert.DoesNotContain("canary", answer.Message, StringComparison.Ordinal);
        if (status == 429)
        {
            Assert.Equal(TimeSpan.FromSeconds(7), answer.Fault.RetryAfter);
        }
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task CreateTicketFails_FaultSaysWhetherItMayHaveHappened(int status, FaultKind where, bool mayHaveHappened)
    {
        await using var server = await Serve(async http =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync("<html>no</html>");
        });
        var answer = await Run(new ServiceNowConnector(), "create ticket", new { short_description = "x" }, ServiceNow(server));
        Assert.Equal((where, mayHaveHappened), (answer.Fault!.Where, answer.Fault.MayHaveHappened));
    }

    [Fact]
    public async Task T03_CreateTicket_KeepsTextFromActingAndSendsTheKey()
    {
        var body = "";
        await using var server = await Serve(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            body = await reader.ReadToEndAsync();
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync($"{{\"result\":{{\"sys_id\":\"{Effect}\",\"number\":\"INC1\"}}}}");
        });
        var answer = await Run(new ServiceNowConnector(), "create ticket", new { description = "[code]<b>[/CODE]" }, ServiceNow(server));
        Assert.True(answer.Success, answer.Message);
        Assert.Equal($"Created ticket id: {Effect}", answer.Message);
        var sent = JsonDocument.Parse(body).RootElement;
        Assert.Equal(Effect, sent.GetProperty("sys_id").GetString());
        Assert.Equal("(code)<b>(/code)\n\nAdded by Vedette for event 7.", sent.GetProperty("description").GetString());
    }

    [Theory]
    [InlineData("INC1^ORnumberISNOTEMPTY")]
    [InlineData("INC1\r\nX: y")]
    [InlineData("a\0b")]
    [InlineData("x\")(|(a=*")]
    public async Task T02_ValueThatCannotBeSaid_IsRefusedBeforeSending(string value)
    {
        var asked = 0;
        await using var server = await Serve(_ =>
        {
            Interlocked.Increment(ref asked);
            return Task.CompletedTask;
        });
        var ticket = await Run(new ServiceNowConnector(), "get ticket", new { id = value }, ServiceNow(server));
        var domain = await Run(new ShodanConnector(), "query domain", new { domain = value }, new { api_key = Key, base_url = server.Urls.First() });
        Assert.Equal(FaultKind.BadInput, ticket.Fault!.Where);
        Assert.Equal(FaultKind.BadInput, domain.Fault!.Where);
        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task T27_FilterIgnored_OtherRecordsAreNotTakenForOurs()
    {
        await using var server = await Serve(async http =>
        {
            var one = http.Request.Path.Value!.EndsWith(Effect, StringComparison.Ordinal);
            http.Response.StatusCode = one ? 404 : 200;
            await http.Response.WriteAsync(one ? "{\"error\":{\"message\":\"No Record found\"}}" : "{\"result\":[{\"sys_id\":\"1\",\"correlation_id\":\"other\"}]}");
        });
        var settled = await new ServiceNowConnector().Settle(
            Call("create ticket", new { short_description = "x" }, ServiceNow(server)), TestContext.Current.CancellationToken);
        Assert.Equal(SettledKind.NotThere, settled.Kind);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://169.254.169.254/latest")]
    public async Task T11_RedirectElsewhere_IsRefused(string to)
    {
        await using var server = await Serve(http =>
        {
            http.Response.Redirect(to);
            return Task.CompletedTask;
        });
        var answer = await Run(new ShodanConnector(), "query ip", new { ip = "8.8.8.8" }, new { api_key = Key, base_url = server.Urls.First() });
        Assert.Equal(FaultKind.NotAllowed, answer.Fault!.Where);
    }

    private static object ServiceNow(WebApplication server) => new { url = server.Urls.First(), username = "u", password = "secret-canary" };

    private static async Task<WebApplication> Serve(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync();
        return server;
    }

    private Task<ActionAnswer> Run(IConnector connector, string action, object parameters, object settings) =>
        connector.Run(Call(action, parameters, settings), TestContext.Current.CancellationToken);

    private ActionCall Call(string action, object parameters, object settings) => new()
    {
        Action = action,
        Parameters = JsonSerializer.SerializeToElement(parameters),
        Asset = new AssetSettings(new AssetId(1), "asset", JsonSerializer.SerializeToElement(settings)),
        Container = new ContainerId(7),
        EffectKey = Effect,
        SendBy = DateTimeOffset.MaxValue,
        WayOut = _factory.For(new WayOutScope("asset", ["127.0.0.1"])),
        Time = TimeProvider.System,
    };
}
