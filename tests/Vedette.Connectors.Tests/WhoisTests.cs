using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Vedette.Connectors.Whois;
using Vedette.Sdk;

namespace Vedette.Connectors.Tests;

/// <summary>WHOIS against the lab's servers, and against one of a line where the lab has no such answer.</summary>
public sealed class WhoisTests
{
    [Fact]
    public async Task Domain_IsFollowedFromTheRootToTheRegistrar()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "https://www.example.net/a" }, Settings(lab));
        Assert.True(answer.Success, answer.Message);
        var item = Assert.Single(answer.Data)!;
        Assert.Equal(3, item["raw"]!.AsArray().Count);
        Assert.Equal("Hostpile Registrar Ltd.", (string?)item["registrar"]![0]);
        Assert.Equal("""["abuse@hostpile.example"]""", item["emails"]!.ToJsonString());
        Assert.Equal("Privacy Service of Hostpile Registrar", (string?)item["contacts"]!["registrant"]!["organization"]);
        Assert.StartsWith("Domain: example.net, Organization: Privacy Service of Hostpile Registrar", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IndentedLayout_OfUk_IsReadLikeTheOthers()
    {
        await using var lab = await AtTheLab.Start(new() { Clock = new StandingClock() });
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "mail.example.co.uk" }, Settings(lab));
        var item = answer.Data[0]!;
        Assert.Equal("""["Thames Names Ltd [Tag = THAMES]"]""", item["registrar"]!.ToJsonString());
        Assert.Equal("""["ns1.thamesnames.example","ns2.thamesnames.example"]""", item["nameservers"]!.ToJsonString());
        Assert.Equal("""["Registered until expiry date."]""", item["status"]!.ToJsonString());
        Assert.Equal(Midnight(-9000), (string?)item["creation_date"]![0]);
        Assert.Equal(Midnight(130), (string?)item["expiration_date"]![0]);
        Assert.Equal("Gauge & Dial Ltd", (string?)item["contacts"]!["registrant"]!["name"]);
        Assert.Equal("7 Lock Lane\nReading\nBerkshire\nRG1 1AA\nUnited Kingdom", (string?)item["contacts"]!["registrant"]!["street"]);
        Assert.Equal("yes", (string?)answer.Summary["registered"]);
    }

    [Fact]
    public async Task BracketedLayout_OfJp_IsReadLikeTheOthers()
    {
        await using var lab = await AtTheLab.Start(new() { Clock = new StandingClock() });
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "example.jp" }, Settings(lab));
        var item = answer.Data[0]!;
        Assert.Equal("""["ns1.hakari.example","ns2.hakari.example"]""", item["nameservers"]!.ToJsonString());
        Assert.Equal("""["Active"]""", item["status"]!.ToJsonString());
        Assert.Equal(Midnight(-8000), (string?)item["creation_date"]![0]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$", (string?)item["updated_date"]![0]);
        Assert.Equal("""["nic@hakari.example"]""", item["emails"]!.ToJsonString());
        Assert.Equal("Hakari K.K.", (string?)item["contacts"]!["registrant"]!["name"]);
        Assert.Equal(Midnight(-8000), (string?)answer.Summary["creation_date"]);
    }

    [Theory]
    [InlineData("nobody.net")]
    [InlineData("nobody.org")]
    [InlineData("halden-login.test")]
    [InlineData("nobody.co.uk")]
    public async Task DomainNobodyHolds_IsToldApartFromASilentRegistry(string domain)
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain }, Settings(lab));
        Assert.Equal("no", (string?)answer.Summary["registered"]);
    }

    [Fact]
    public async Task Address_HasItsNetsAndItsNetworkInThePathsOfTheOriginal()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new WhoisConnector(), "whois ip", new { ip = "192.0.2.10" }, Settings(lab));
        Assert.True(answer.Success, answer.Message);
        var expected = JsonNode.Parse("""
            {"query":"192.0.2.10","asn":"64500","asn_cidr":"192.0.2.0/24","asn_country_code":"CH","asn_date":"2011-06-09","asn_description":"HALDEN-AS Halden Instruments AG, CH",
            "asn_registry":"ripencc","nets":[
            {"cidr":"192.0.2.0/24","name":"HALDEN-NET","handle":"HI12-RIPE","range":"192.0.2.0 - 192.0.2.255","description":"Halden Instruments AG","country":"CH","state":null,"city":null,
            "address":"Waagengasse 4, 8005 Zürich","postal_code":null,"emails":["abuse@halden.example"],"created":"2011-06-09T09:00:00Z","updated":"2011-06-09T09:00:00Z"}],
            "raw":null,"nir":null,"referral":null,"raw_referral":null}
            """);
        Assert.True(JsonNode.DeepEquals(expected, answer.Data[0]), answer.Data[0]!.ToJsonString());
        Assert.Equal(["ripencc", "64500", "CH"], new[] { "registry", "asn", "country_code" }.Select(key => (string?)answer.Summary[key]));
        Assert.StartsWith("Registry: ripencc\nASN: 64500\nCountry: CH\nNets:\nRange: 192.0.2.0 - 192.0.2.255\nAddress: Waagengasse 4, 8005 Zürich", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressNobodyTellsOf_IsASuccessThatSaysSo()
    {
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new WhoisConnector(), "whois ip", new { ip = "8.8.8.8" }, Settings(lab));
        Assert.True(answer.Success, answer.Message);
        Assert.Equal("Whois query successful, but, no registry told anything about this address.", answer.Message);
        Assert.Empty(answer.Data[0]!["nets"]!.AsArray());
    }

    [Fact]
    public async Task MappingServiceNotAsked_RegistrysOwnOriginIsTaken()
    {
        await using var lab = await AtTheLab.Start();
        var settings = Settings(lab);
        settings["asn_server"] = "none";
        var answer = await lab.Run(new WhoisConnector(), "whois ip", new { ip = "192.0.2.10" }, settings);
        Assert.Equal("64500", (string?)answer.Data[0]!["asn"]);
        Assert.Null(answer.Data[0]!["asn_registry"]);
        Assert.Equal(2, await lab.Calls("whois"));
    }

    [Fact]
    public async Task LaterServerAsksToSlowDown_WhatTheEarlierSaidIsKeptAndTheMessageSaysSo()
    {
        await using var second = new Server("Query rate limit exceeded. Reduced information.\r\n");
        await using var first = new Server($"   Domain Name: EXAMPLE.NET\r\n   Creation Date: 2026-02-26T09:15:22Z\r\n   Registrar: One Ltd.\r\n   Registrar WHOIS Server: 127.0.0.1:{second.Port}\r\n");
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "example.net" }, new() { ["server"] = "127.0.0.1", ["port"] = first.Port, ["referral_servers"] = $"127.0.0.1:{second.Port}" });
        Assert.True(answer.Success, answer.Message);
        Assert.Equal("2026-02-26T09:15:22", (string?)answer.Summary["creation_date"]);
        Assert.Contains("127.0.0.1 asks to slow down. What the servers before it said is used.", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReferralWithoutPort_MeansTheAssetsPortOnItsOwnHostAnd43Elsewhere()
    {
        var first = new WhoisServer("whois.corp.example", 4343);
        Assert.Equal(first, WhoisServer.Referral("refer: WHOIS.corp.example\n", first));
        Assert.Equal(new WhoisServer("whois.nic.example", 43), WhoisServer.Referral("refer: whois.nic.example\n", first));
        // The server itself refers to itself: not asked a second time, and never at a port that nobody named.
        await using var own = new Server("Domain Name: example.net\r\nRegistrar WHOIS Server: 127.0.0.1\r\nRegistrar: One Ltd.\r\n");
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "example.net" }, new() { ["server"] = "127.0.0.1", ["port"] = own.Port });
        Assert.Equal("One Ltd.", (string?)answer.Data[0]!["registrar"]![0]);
        Assert.Single(own.Asked);
    }

    [Theory]
    [InlineData("ReferralServer: whois://whois.nic.example:4321/", "whois.nic.example", 4321)]
    [InlineData("refer: [2001:db8::43]:4321", "2001:db8::43", 4321)]
    [InlineData("refer: 2001:db8::43", "2001:db8::43", 43)]
    [InlineData("Whois Server: whois.nic.example", "whois.nic.example", 43)]
    public void Referral_InEachSpelling_IsRead(string line, string host, int port) =>
        Assert.Equal(new WhoisServer(host, port), WhoisServer.Referral($"Domain: x\r\n  {line}\r\n", new WhoisServer("whois.iana.org", 43)));

    [Theory]
    [InlineData("Registrar WHOIS Server: https://whois.nic.example/")]
    [InlineData("ReferralServer: rwhois://rwhois.nic.example:4321")]
    [InlineData("refer: whois.nic.example:port")]
    [InlineData("refer: whois.nic.example:70000")]
    public void Referral_ToAnotherProtocolOrNoPort_IsNotFollowed(string line) =>
        Assert.Null(WhoisServer.Referral(line + "\n", new WhoisServer("whois.iana.org", 43)));

    [Fact]
    public void Referral_CutInTheMiddle_IsNotFollowed() => Assert.Null(WhoisServer.Referral("refer: 127.0.0.1:43", new WhoisServer("whois.iana.org", 43)));

    [Theory]
    [InlineData("\r\n", "utf-8")]
    [InlineData("\n", "utf-8")]
    [InlineData("\r", "utf-8")]
    [InlineData("\r\n", "iso-8859-1")]
    public async Task LineEndsAndCharsets_AsServersHaveThem_MakeNoDifference(string end, string charset)
    {
        var text = string.Join(end, "Domain Name: example.net", "Registrar: Müller Ltd.", "Registrant Name: José", "Creation Date: 2020-01-02T03:04:05Z", "");
        await using var server = new Server(text, Encoding.GetEncoding(charset));
        await using var lab = await AtTheLab.Start();
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "example.net" }, new() { ["server"] = "127.0.0.1", ["port"] = server.Port });
        Assert.Equal(["Müller Ltd.", "2020-01-02T03:04:05"], [(string?)answer.Data[0]!["registrar"]![0], (string?)answer.Data[0]!["creation_date"]![0]]);
        Assert.Equal("José", (string?)answer.Data[0]!["contacts"]!["registrant"]!["name"]);
        Assert.Equal("example.net\r\n", Assert.Single(server.Asked));
    }

    [Theory]
    [InlineData("192.0.2.0 - 192.0.2.255", "192.0.2.0/24")]
    [InlineData("192.0.2.1-192.0.2.6", "192.0.2.1/32, 192.0.2.2/31, 192.0.2.4/31, 192.0.2.6/32")]
    [InlineData("0.0.0.0 - 255.255.255.255", "0.0.0.0/0")]
    [InlineData("2001:db8:: - 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::/32")]
    [InlineData(":: - ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0")]
    [InlineData("2001:db8::/32", "2001:db8::/32")]
    [InlineData("192.0.2.9 - 192.0.2.1", null)]
    [InlineData("not a range", null)]
    public void Range_IsSplitIntoPrefixes(string range, string? expected) => Assert.Equal(expected, Cidr.Of(range));

    [Theory]
    [InlineData("reset")]
    [InlineData("429")]
    public async Task WhoisFails_RdapFillsTheSamePaths(string fail)
    {
        await using var lab = await AtTheLab.Start(new() { Clock = new StandingClock() });
        await lab.Behave(new { system = "whois", fail });
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "example.net" }, WithRdap(lab));
        Assert.True(answer.Success, answer.Message);
        Assert.EndsWith("RDAP was asked in its place.", answer.Message, StringComparison.Ordinal);
        var item = answer.Data[0]!.AsObject();
        Assert.Equal("""["Hostpile Registrar Ltd."]""", item["registrar"]!.ToJsonString());
        Assert.Equal("""["2986417510_DOMAIN_NET-VRSN"]""", item["id"]!.ToJsonString());
        Assert.Equal("""["2026-02-26T05:06:07"]""", item["creation_date"]!.ToJsonString());
        Assert.Equal("clientTransferProhibited https://icann.org/epp#clientTransferProhibited", (string?)item["status"]![0]);
        Assert.Equal("""["NS1.HOSTPILE.EXAMPLE","NS2.HOSTPILE.EXAMPLE"]""", item["nameservers"]!.ToJsonString());
        Assert.Equal("""["abuse@hostpile.example"]""", item["emails"]!.ToJsonString());
        Assert.Equal("Capital Region", (string?)item["contacts"]!["registrant"]!["state"]);
        Assert.Equal(["yes", "2026-02-26T05:06:07"], new[] { "registered", "creation_date" }.Select(key => (string?)answer.Summary[key]));
    }

    [Fact]
    public async Task RegistryHasClosedItsWhois_RdapIsAskedAfterTheRoot()
    {
        await using var root = new Server("% IANA WHOIS server\r\ndomain:       NET\r\nstatus:       ACTIVE\r\ncreated:      1985-01-01\r\n");
        await using var lab = await AtTheLab.Start();
        var settings = WithRdap(lab);
        settings["port"] = root.Port;
        var held = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "example.net" }, settings);
        Assert.Equal("yes", (string?)held.Summary["registered"]);
        Assert.Equal(2, held.Data[0]!["raw"]!.AsArray().Count);
        var free = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "nobody.net" }, settings);
        Assert.Equal("no", (string?)free.Summary["registered"]);
        var elsewhere = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "nobody.museum" }, settings);
        Assert.Equal("unknown", (string?)elsewhere.Summary["registered"]);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("html")]
    [InlineData("cut")]
    [InlineData("429")]
    public async Task WhoisAndRdapFail_WhoisIsTheReason(string fail)
    {
        await using var lab = await AtTheLab.Start();
        await lab.Behave(new { system = "whois", fail = "reset" });
        await lab.Behave(new { system = "rdap", fail });
        var answer = await lab.Run(new WhoisConnector(), "whois domain", new { domain = "example.net" }, WithRdap(lab));
        Assert.Equal(FaultKind.Broken, answer.Fault!.Where);
        Assert.StartsWith("127.0.0.1 ended the connection before the answer was whole.", answer.Message, StringComparison.Ordinal);
        Assert.StartsWith("RDAP did not help: ", Assert.Single(lab.Progress), StringComparison.Ordinal);
    }

    private static Dictionary<string, object?> WithRdap(AtTheLab lab)
    {
        var settings = Settings(lab);
        settings["rdap_bootstrap"] = $"{lab.Lab.RdapUrl}/dns.json";
        return settings;
    }

    private static string Midnight(int days) => new StandingClock().Now.AddDays(days).ToString("yyyy-MM-dd'T'00:00:00", System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<string, object?> Settings(AtTheLab lab) =>
        new() { ["server"] = lab.Lab.WhoisHost, ["port"] = lab.Lab.WhoisPort, ["asn_server"] = $"{lab.Lab.WhoisHost}:{lab.Lab.WhoisPort}", ["referral_servers"] = lab.Lab.WhoisServers };

    /// <summary>Answers every question with the same bytes.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _end = new();
        private readonly Task _serving;

        public List<string> Asked { get; } = [];

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public Server(string text, Encoding? encoding = null)
        {
            _listener.Start();
            _serving = Serve((encoding ?? Encoding.UTF8).GetBytes(text));
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _serving;
            _listener.Dispose();
            _end.Dispose();
        }

        private async Task Serve(byte[] answer)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                    await using var stream = client.GetStream();
                    var question = new byte[512];
                    Asked.Add(Encoding.UTF8.GetString(question, 0, await stream.ReadAsync(question, _end.Token)));
                    await stream.WriteAsync(answer, _end.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
