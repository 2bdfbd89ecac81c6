using Vedette.Connectors.ServiceNow;
using Vedette.Connectors.Shodan;
using Vedette.Connectors.Splunk;
using Vedette.Connectors.WindowsServer;
using Vedette.Sdk;

namespace Vedette.Connectors.Tests;

/// <summary>Every connector that speaks TLS, against servers that are not who they should be: not one byte of the protocol leaves.</summary>
public sealed class T12_ListeningInBetweenTests
{
    public static TheoryData<string> Connectors => ["shodan", "servicenow", "splunk", "windows_server"];

    [Theory]
    [MemberData(nameof(Connectors))]
    public async Task T12_WrongName_IsRefused(string connector)
    {
        using var authority = new Authority();
        using var certificate = authority.For("somebody-else.example");
        await using var peer = new Peer(Peer.Silent, certificate);
        var answer = await Test(connector, peer, verify: true, authority.Pem);
        Assert.Equal(FaultKind.Untrusted, answer.Fault!.Where);
        Assert.Equal(0, peer.Received);
    }

    [Theory]
    [MemberData(nameof(Connectors))]
    public async Task T12_Expired_IsRefused(string connector)
    {
        using var authority = new Authority();
        using var certificate = authority.For("127.0.0.1", daysLeft: -1);
        await using var peer = new Peer(Peer.Silent, certificate);
        var answer = await Test(connector, peer, verify: true, authority.Pem);
        Assert.Equal(FaultKind.Untrusted, answer.Fault!.Where);
        Assert.Equal(0, peer.Received);
    }

    [Theory]
    [MemberData(nameof(Connectors))]
    public async Task T12_AuthorityUnknown_IsRefused_ByDefaultAndWithAnotherOne(string connector)
    {
        using var authority = new Authority();
        using var other = new Authority();
        using var certificate = authority.For("127.0.0.1");
        await using var peer = new Peer(Peer.Silent, certificate);
        Assert.Equal(FaultKind.Untrusted, (await Test(connector, peer, verify: null, null)).Fault!.Where);
        Assert.Equal(FaultKind.Untrusted, (await Test(connector, peer, verify: true, other.Pem)).Fault!.Where);
        Assert.Equal(0, peer.Received);
    }

    [Theory]
    [MemberData(nameof(Connectors))]
    public async Task T12_OwnAuthorityOfTheAsset_IsTrusted_AndOffMeansOff(string connector)
    {
        using var authority = new Authority();
        using var right = authority.For("127.0.0.1");
        await using var good = new Peer(Peer.Silent, right);
        Assert.NotEqual(FaultKind.Untrusted, (await Test(connector, good, verify: true, authority.Pem)).Fault!.Where);
        Assert.True(good.Received > 0);

        using var wrong = authority.For("somebody-else.example", daysLeft: -1);
        await using var any = new Peer(Peer.Silent, wrong);
        Assert.NotEqual(FaultKind.Untrusted, (await Test(connector, any, verify: false, null)).Fault!.Where);
        Assert.True(any.Received > 0);
    }

    /// <summary>A plain server where TLS is meant: nothing is said to it in plain.</summary>
    [Theory]
    [MemberData(nameof(Connectors))]
    public async Task T12_NoTlsOnTheOtherSide_NothingIsSaidInPlain(string connector)
    {
        var said = new MemoryStream();
        await using var peer = new Peer(async (stream, ct) =>
        {
            var buffer = new byte[4096];
            said.Write(buffer, 0, await stream.ReadAsync(buffer, ct));
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), ct);
        });
        var answer = await Test(connector, peer, verify: false, null);
        Assert.False(answer.Success);
        Assert.DoesNotContain("canary", System.Text.Encoding.Latin1.GetString(said.ToArray()), StringComparison.Ordinal);
    }

    private static Task<ActionAnswer> Test(string connector, Peer peer, bool? verify, string? authority)
    {
        const string secret = "secret-canary";
        (IConnector Connector, Dictionary<string, object?> Settings) made = connector switch
        {
            "shodan" => (new ShodanConnector(), new() { ["api_key"] = secret, ["base_url"] = $"https://127.0.0.1:{peer.Port}" }),
            "servicenow" => (new ServiceNowConnector(), new() { ["url"] = $"https://127.0.0.1:{peer.Port}", ["username"] = "u", ["password"] = secret }),
            "splunk" => (new SplunkConnector(), new() { ["device"] = "127.0.0.1", ["port"] = peer.Port, ["username"] = "u", ["password"] = secret }),
            _ => (new WindowsServerConnector(), new() { ["server"] = "127.0.0.1", ["ssl_port"] = peer.Port, ["force_ssl"] = true, ["username"] = "u@halden.example", ["password"] = secret }),
        };
        if (verify is { } check)
        {
            made.Settings[connector == "windows_server" ? "validate_ssl_cert" : "verify_server_cert"] = check;
        }
        else if (connector == "splunk")
        {
            // The field's own default is off; ours is in the manifest and is what the engine hands over.
            Assert.True(made.Connector.Manifest.Configuration.Single(field => field.Name == "verify_server_cert").Default is { ValueKind: System.Text.Json.JsonValueKind.True });
        }

        made.Settings["ca_certificate"] = authority;
        return Calling.Run(made.Connector, "test connectivity", new { }, made.Settings);
    }
}
