using System.Formats.Asn1;
using System.Net;
using System.Text;
using System.Text.Json;
using Vedette.Connectors.ServiceNow;
using Vedette.Connectors.Shodan;
using Vedette.Connectors.Splunk;
using Vedette.Connectors.Whois;
using Vedette.Connectors.WindowsServer;
using Vedette.Sdk;
using Vedette.WayOut;

namespace Vedette.Connectors.Tests;

/// <summary>Systems that send us on to places inside, in every spelling of them; a socket that listens there says whether we went.</summary>
public sealed class T11_LedElsewhereTests
{
    /// <summary>All of them are 127.0.0.2, where the witness listens.</summary>
    public static TheoryData<string> Spellings =>
    [
        "127.0.0.2", "127.2", "127.0.2", "0x7f.2", "0x7f000002", "2130706434", "017700000002", "0177.0.0.2", "[::ffff:127.0.0.2]", "[::ffff:7f00:2]",
        "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[::7f00:2]", "inside.example", "INSIDE.example.", "１２７.0.0.2",
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task T11_WhoisReferral_IsNotFollowed(string host)
    {
        foreach (var line in new[] { "refer: {0}", "whois: {0}", "Registrar WHOIS Server: {0}", "ReferralServer: whois://{0}/", "ReferralServer: rwhois://{0}/" })
        {
            using var witness = new Witness();
            var referral = string.Format(System.Globalization.CultureInfo.InvariantCulture, line, $"{host}:{witness.Port}");
            await using var peer = new Peer(async (stream, ct) => await stream.WriteAsync(Encoding.UTF8.GetBytes($"domain: EXAMPLE.COM\ncreated: 2020-01-01\n{referral}\n"), ct));
            var answer = await Calling.Run(new WhoisConnector(), "whois domain", new { domain = "example.com" }, new { server = "127.0.0.1", port = peer.Port, referral_servers = $"{host}:{witness.Port}" }, Resolving());

            Assert.False(witness.SawSomebody, referral);
            Assert.Equal(1, peer.Received);
            Assert.NotNull(answer);
        }
    }

    /// <summary>The host itself is one the asset names: only the port is of the answer's choice.</summary>
    [Fact]
    public async Task T11_WhoisReferralToAnotherPort_IsFollowedOnlyWhereTheAssetNamesIt()
    {
        await using var other = new Peer(async (stream, ct) => await stream.WriteAsync("domain: EXAMPLE.COM\nregistrar: Other Ltd.\n"u8.ToArray(), ct));
        await using var first = new Peer(async (stream, ct) => await stream.WriteAsync(Encoding.UTF8.GetBytes($"domain: EXAMPLE.COM\ncreated: 2020-01-01\nrefer: 127.0.0.1:{other.Port}\n"), ct));
        var refused = await Calling.Run(new WhoisConnector(), "whois domain", new { domain = "example.com" }, new { server = "127.0.0.1", port = first.Port });
        Assert.Contains($"127.0.0.1 refers to a server at port {other.Port}, which was not asked: a referral leads to port 43, or to what the asset's 'referral_servers' names.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, other.Received);

        var named = await Calling.Run(new WhoisConnector(), "whois domain", new { domain = "example.com" }, new { server = "127.0.0.1", port = first.Port, referral_servers = $"other.example:4321, 127.0.0.1:{other.Port}" });
        Assert.Equal(1, other.Received);
        Assert.Equal("Other Ltd.", (string?)named.Data[0]!["registrar"]![0]);
    }

    /// <summary>The list of RDAP servers itself is asked where the asset says; whom it names is nobody's word.</summary>
    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task T11_RdapServerOfTheList_IsNotAskedInside(string host)
    {
        foreach (var url in new[] { "http://{0}/rdap/", "https://{0}/rdap/", "http://user:password@{0}/", "http:\\\\{0}\\x" })
        {
            using var witness = new Witness();
            var answer = await ByRdap(string.Format(System.Globalization.CultureInfo.InvariantCulture, url, $"{host}:{witness.Port}"), Resolving());
            Assert.Contains("RDAP did not help: ", answer.Message, StringComparison.Ordinal);
            Assert.False(witness.SawSomebody, url);
        }
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/", "Not allowed to reach 169.254.169.254: it is an address that only an asset that names it may reach.")]
    [InlineData("http://[fd00:ec2::254]/", "it is an address that only an asset that names it may reach.")]
    [InlineData("http://[fe80::1]/", "it is an address that only an asset that names it may reach.")]
    [InlineData("http://127.0.0.2/", "Not allowed to reach 127.0.0.2: it is an address that only an asset that names it may reach.")]
    [InlineData("gopher://rdap.example/", "The list of RDAP servers names no http or https address for this ending; none was asked.")]
    [InlineData("file:///etc/passwd", "The list of RDAP servers names no http or https address for this ending; none was asked.")]
    [InlineData("ldap://127.0.0.2/", "The list of RDAP servers names no http or https address for this ending; none was asked.")]
    [InlineData("//127.0.0.2/", "The list of RDAP servers names no http or https address for this ending; none was asked.")]
    [InlineData("rdap", "The list of RDAP servers names no http or https address for this ending; none was asked.")]
    public async Task T11_RdapServerOfTheList_IsRefusedWithASentence(string url, string sentence) =>
        Assert.Contains(sentence, (await ByRdap(url, new WayOutOptions())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.2:{0}/x")]
    [InlineData("https://127.0.0.2:{0}/x")]
    [InlineData("http://inside.example:{0}/x")]
    public async Task T11_RdapServerThatRedirectsInside_IsNotFollowed(string form)
    {
        using var witness = new Witness();
        var to = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, witness.Port);
        await using var rdap = new Peer((stream, ct) => Redirect(stream, 302, to, ct));
        var answer = await ByRdap($"http://127.0.0.1:{rdap.Port}/", Resolving());

        Assert.Equal(1, rdap.Received);
        Assert.Contains("RDAP did not help: Not allowed to reach", answer.Message, StringComparison.Ordinal);
        Assert.False(witness.SawSomebody);
    }

    /// <summary>Our own server, on an address that the asset names for another of its ports.</summary>
    [Fact]
    public async Task T11_OwnPort_IsRefusedOnNamedHostsToo_ButForOneNamedWithThisPort()
    {
        var looks = 0;
        await using var own = new Peer(Peer.Silent);
        var options = new WayOutOptions { OwnPorts = () => looks++ < 2 ? [own.Port] : [own.Port, 1] };
        var answer = await ByRdap($"http://127.0.0.1:{own.Port}/", options);
        Assert.Contains($"Not allowed to reach 127.0.0.1:{own.Port}: this server itself listens there, and the asset does not name this host with this port.", answer.Message, StringComparison.Ordinal);
        Assert.Equal(0, own.Received);

        using var factory = new WayOutFactory(options);
        await using var stream = await factory.For(new WayOutScope("a", [$"http://127.0.0.1:{own.Port}/"])).Connect("127.0.0.1", own.Port, null, TestContext.Current.CancellationToken);
        var chosen = await Assert.ThrowsAsync<WayOutException>(() => factory.For(new WayOutScope("a", ["127.0.0.1"])).Connect("127.0.0.1", 1, null, TestContext.Current.CancellationToken));
        Assert.Equal(FaultKind.NotAllowed, chosen.Fault.Where);
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task T11_Redirect_IsNotFollowed(string host)
    {
        foreach (var status in new[] { 301, 302, 303, 307, 308 })
        {
            using var witness = new Witness();
            await using var peer = new Peer((stream, ct) => Redirect(stream, status, $"http://{host}:{witness.Port}/x", ct));
            var url = $"http://127.0.0.1:{peer.Port}";
            var shodan = await Calling.Run(new ShodanConnector(), "query ip", new { ip = "8.8.8.8" }, new { api_key = "key-canary", base_url = url }, Resolving());
            var ticket = await Calling.Run(new ServiceNowConnector(), "get ticket", new { id = "INC0010001" }, new { url, username = "u", password = "p-canary" }, Resolving());

            Assert.False(shodan.Success);
            Assert.False(ticket.Success);
            Assert.False(witness.SawSomebody, $"{status} {host}");
        }
    }

    [Theory]
    [InlineData("//127.0.0.2:{0}/x")]
    [InlineData("http://user:password@127.0.0.2:{0}/")]
    [InlineData("http:\\\\127.0.0.2:{0}\\x")]
    [InlineData("https://127.0.0.2:{0}/")]
    [InlineData("gopher://127.0.0.2:{0}/")]
    [InlineData("ftp://127.0.0.2:{0}/")]
    [InlineData("http://127.0.0.1@127.0.0.2:{0}/")]
    public async Task T11_RedirectInAnotherForm_IsNotFollowed(string form)
    {
        using var witness = new Witness();
        using var authority = new Authority();
        using var certificate = authority.For("127.0.0.1");
        var to = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, witness.Port);
        await using var plain = new Peer((stream, ct) => Redirect(stream, 302, to, ct));
        await using var secured = new Peer((stream, ct) => Redirect(stream, 307, to, ct), certificate);
        Assert.False((await Calling.Run(new ShodanConnector(), "test connectivity", new { }, new { api_key = "key-canary", base_url = $"http://127.0.0.1:{plain.Port}" })).Success);
        Assert.False((await Calling.Run(new ServiceNowConnector(), "create ticket", new { short_description = "x" }, new { url = $"http://127.0.0.1:{plain.Port}", username = "u", password = "p-canary" })).Success);
        Assert.False((await Calling.Run(
            new SplunkConnector(), "run query", new { query = "index=main" }, new { device = "127.0.0.1", port = secured.Port, username = "u", password = "p-canary", verify_server_cert = true, ca_certificate = authority.Pem })).Success);
        Assert.True(plain.Received > 0 && secured.Received > 0);
        Assert.False(witness.SawSomebody);
    }

    [Fact]
    public async Task T11_LinkToTheNextPage_IsNotFollowed()
    {
        using var witness = new Witness();
        await using var peer = new Peer(async (stream, ct) =>
        {
            await Request(stream, ct);
            const string body = "{\"result\":[{\"sys_id\":\"0123456789abcdef0123456789abcdef\",\"number\":\"INC0010001\"}]}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLink: <http://127.0.0.2:{witness.Port}/next>; rel=\"next\"\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), ct);
        });
        await Calling.Run(new ServiceNowConnector(), "get ticket", new { id = "INC0010001" }, new { url = $"http://127.0.0.1:{peer.Port}", username = "u", password = "p-canary" });
        Assert.True(peer.Received > 0);
        Assert.False(witness.SawSomebody);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task T11_LdapReferral_IsNotFollowed(bool atBind)
    {
        using var witness = new Witness();
        await using var peer = new Peer(async (stream, ct) =>
        {
            var buffer = new byte[8192];
            for (var message = 1; await stream.ReadAsync(buffer, ct) > 0; message++)
            {
                // The first byte came alone.
                if (message == 1)
                {
                    _ = await stream.ReadAsync(buffer, ct);
                }

                await stream.WriteAsync(Result(message, tag: message == 1 ? 1 : 5, code: atBind || message > 1 ? 10 : 0, $"ldap://127.0.0.2:{witness.Port}/DC=x"), ct);
            }
        });
        var answer = await Calling.Run(
            new WindowsServerConnector(), "get attributes", new { principals = "mallory", attributes = "mail" },
            new { server = "127.0.0.1", port = peer.Port, force_ssl = false, username = "u@halden.example", password = "p-canary" });

        Assert.False(answer.Success);
        Assert.True(peer.Received > 0);
        Assert.False(witness.SawSomebody);
    }

    /// <summary>A domain that WHOIS says nothing of, with a list of RDAP servers that names this one for it.</summary>
    private static async Task<ActionAnswer> ByRdap(string url, WayOutOptions options)
    {
        await using var whois = new Peer(async (stream, ct) => await stream.WriteAsync("% nothing here\n"u8.ToArray(), ct));
        await using var list = new Peer(async (stream, ct) =>
        {
            await Request(stream, ct);
            var body = JsonSerializer.Serialize(new { services = new[] { new[] { new[] { "com" }, new[] { url } } } });
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), ct);
        });
        var answer = await Calling.Run(new WhoisConnector(), "whois domain", new { domain = "example.com" }, new { server = "127.0.0.1", port = whois.Port, rdap_bootstrap = $"http://127.0.0.1:{list.Port}/dns.json" }, options);
        Assert.Equal((1, 1), (whois.Received, list.Received));
        return answer;
    }

    /// <summary>The names of the tests lead inside; a second look would lead there as well, whatever the first said.</summary>
    private static WayOutOptions Resolving()
    {
        var looks = 0;
        return new WayOutOptions { Resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Parse(looks++ == 0 ? "169.254.169.254" : "127.0.0.2")]) };
    }

    private static async Task Redirect(Stream stream, int status, string to, CancellationToken ct)
    {
        await Request(stream, ct);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Moved\r\nLocation: {IdnSafe(to)}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), ct);
    }

    private static string IdnSafe(string text) => text.Any(c => c > 127) ? Uri.EscapeDataString(text).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal) : text;

    /// <summary>Reads the head of a request; a body, if there is one, may stay where it is.</summary>
    private static async Task Request(Stream stream, CancellationToken ct)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(buffer, ct) is > 0 and var read)
        {
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
    }

    private static byte[] Result(int message, int tag, int code, string referral)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(message);
            using (writer.PushSequence(new Asn1Tag(TagClass.Application, tag)))
            {
                writer.WriteEnumeratedValue((Code)code);
                writer.WriteOctetString([]);
                writer.WriteOctetString([]);
                if (code == 10)
                {
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
                    {
                        writer.WriteOctetString(Encoding.ASCII.GetBytes(referral));
                    }
                }
            }
        }

        return writer.Encode();
    }

    private enum Code
    {
        Success = 0,
        Referral = 10,
    }
}
