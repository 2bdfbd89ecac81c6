using System.Formats.Asn1;
using System.Net;
using System.Text;
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
            var answer = await Calling.Run(new WhoisConnector(), "whois domain", new { domain = "example.com" }, new { server = "127.0.0.1", port = peer.Port }, Resolving());

            Assert.False(witness.SawSomebody, referral);
            Assert.Equal(1, peer.Received);
            Assert.NotNull(answer);
        }
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
