using System.Net;
using System.Net.Sockets;
using Vedette.Lab;
using Vedette.Sdk;

namespace Vedette.Connectors.Tests;

/// <summary>
/// Each of the five against its stand-in that misbehaves: the facts a retry reads, and a message that says which system, what happened
/// and what to do, without a secret. WHOIS has no credentials, no TLS, no HTML, and no way to tell that an answer was cut.
/// </summary>
public sealed class FailureTests
{
    private const string Canary = "wrong-canary with a space ";

    private static readonly string[] Secrets =
        [LabCredentials.SplunkPassword, LabCredentials.LdapPassword, LabCredentials.ShodanKey, LabCredentials.ServiceNowPassword, Canary.Trim(), "canary"];

    public static TheoryData<string, string, FaultKind, int?> Misbehaviours => new()
    {
        { "splunk", "429", FaultKind.SlowDown, 7 },
        { "splunk", "500", FaultKind.OutOfOrder, null },
        { "splunk", "503", FaultKind.OutOfOrder, 7 },
        { "splunk", "html", FaultKind.Unreadable, null },
        { "splunk", "cut", FaultKind.Broken, null },
        { "splunk", "reset", FaultKind.Broken, null },
        { "splunk", "echo", FaultKind.Unauthorized, null },
        { "shodan", "429", FaultKind.SlowDown, 7 },
        { "shodan", "500", FaultKind.OutOfOrder, null },
        { "shodan", "503", FaultKind.OutOfOrder, 7 },
        { "shodan", "html", FaultKind.Unreadable, null },
        { "shodan", "cut", FaultKind.Broken, null },
        { "shodan", "reset", FaultKind.Broken, null },
        { "shodan", "echo", FaultKind.Refused, null },
        { "servicenow", "429", FaultKind.SlowDown, 7 },
        { "servicenow", "500", FaultKind.OutOfOrder, null },
        { "servicenow", "503", FaultKind.OutOfOrder, 7 },
        { "servicenow", "html", FaultKind.Unreadable, null },
        { "servicenow", "cut", FaultKind.Broken, null },
        { "servicenow", "reset", FaultKind.Broken, null },
        { "servicenow", "echo", FaultKind.Refused, null },
        { "ldap", "429", FaultKind.SlowDown, null },
        { "ldap", "500", FaultKind.OutOfOrder, null },
        { "ldap", "cut", FaultKind.Broken, null },
        { "ldap", "reset", FaultKind.Broken, null },
        { "whois", "429", FaultKind.SlowDown, null },
        { "whois", "500", FaultKind.OutOfOrder, null },
        { "whois", "reset", FaultKind.Broken, null },
    };

    [Theory]
    [MemberData(nameof(Misbehaviours))]
    public async Task T13_SystemMisbehaves_ReaderLearnsWhichWhatAndWhatToDo(string system, string fail, FaultKind where, int? retryAfter)
    {
        await using var lab = await AtTheLab.Start();
        await lab.Behave(new { system, fail, retry_after = 7 });
        var answer = await Ask(lab, system, Well(lab, system));
        Told(answer, system, where);
        Assert.Equal(retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null, answer.Fault!.RetryAfter);
    }

    [Theory]
    [InlineData("splunk")]
    [InlineData("shodan")]
    [InlineData("servicenow")]
    [InlineData("ldap")]
    [InlineData("whois")]
    public async Task SystemIsSlow_EndOfTheTimeEndsTheWork(string system)
    {
        await using var lab = await AtTheLab.Start();
        await lab.Behave(new { system, latency_ms = 3_600_000 });
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var asking = Ask(lab, system, Well(lab, system), time.Token);
        await lab.Called(system);
        await time.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await lab.HungUp(system);
    }

    [Theory]
    [InlineData("splunk")]
    [InlineData("shodan")]
    [InlineData("servicenow")]
    [InlineData("ldap")]
    [InlineData("whois")]
    public async Task NobodyListens_IsNotReached(string system)
    {
        await using var lab = await AtTheLab.Start();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var settings = Well(lab, system);
        foreach (var (name, value) in new (string, object)[] { ("device", $"http://127.0.0.1:{port}/"), ("base_url", $"http://127.0.0.1:{port}/"), ("url", $"http://127.0.0.1:{port}"), ("port", port) })
        {
            if (settings.ContainsKey(name))
            {
                settings[name] = value;
            }
        }

        Told(await Ask(lab, system, settings), system, FaultKind.NotReached);
    }

    [Theory]
    [InlineData("splunk", "password")]
    [InlineData("splunk", "api_token")]
    [InlineData("shodan", "api_key")]
    [InlineData("servicenow", "password")]
    [InlineData("ldap", "password")]
    public async Task T13_WrongCredentials_AreSaidToBeAndNotShown(string system, string field)
    {
        await using var lab = await AtTheLab.Start();
        var settings = Well(lab, system);
        settings[field] = field == "api_token" ? "canary-token" : Canary;
        Told(await Ask(lab, system, settings), system, FaultKind.Unauthorized);
    }

    /// <summary>The lab's own password with a space behind it is another password.</summary>
    [Theory]
    [InlineData("splunk", "password")]
    [InlineData("shodan", "api_key")]
    [InlineData("servicenow", "password")]
    [InlineData("ldap", "password")]
    public async Task T13_SpacesAroundASecret_BelongToIt(string system, string field)
    {
        await using var lab = await AtTheLab.Start();
        var settings = Well(lab, system);
        Assert.True((await Ask(lab, system, settings)).Success);
        settings[field] += " ";
        Told(await Ask(lab, system, settings), system, FaultKind.Unauthorized);
    }

    [Theory]
    [InlineData("splunk", "password", "username")]
    [InlineData("shodan", "api_key", "api_key")]
    [InlineData("servicenow", "password", "authorization credentials")]
    [InlineData("ldap", "password", "password")]
    public async Task BlankSecret_IsRefusedBeforeAnythingIsSent(string system, string field, string named)
    {
        await using var lab = await AtTheLab.Start();
        var settings = Well(lab, system);
        settings[field] = " \t";
        var answer = await Ask(lab, system, settings);
        Assert.Equal(FaultKind.BadInput, answer.Fault!.Where);
        Assert.Contains(named, answer.Message, StringComparison.Ordinal);
        Assert.Equal(0, await lab.Calls(system));
    }

    [Theory]
    [InlineData("splunk", false)]
    [InlineData("shodan", false)]
    [InlineData("servicenow", false)]
    [InlineData("ldap", false)]
    [InlineData("ldap", true)]
    public async Task T12_CertificateOfAStranger_IsNotTrusted_UntilTheAssetSaysSo(string system, bool startTls)
    {
        await using var lab = await AtTheLab.Start();
        var settings = OverTls(lab, system, startTls);
        Told(await Ask(lab, system, settings), system, FaultKind.Untrusted);
        settings["ca_certificate"] = lab.Lab.CertificateAuthority;
        var trusted = await Ask(lab, system, settings);
        Assert.True(trusted.Success, trusted.Message);
        settings["ca_certificate"] = null;
        settings[system == "ldap" ? "validate_ssl_cert" : "verify_server_cert"] = false;
        var unverified = await Ask(lab, system, settings);
        Assert.True(unverified.Success, unverified.Message);
    }

    private static void Told(ActionAnswer answer, string system, FaultKind where)
    {
        Assert.False(answer.Success);
        Assert.Equal(where, answer.Fault!.Where);
        if (where != FaultKind.Refused)
        {
            // What was refused is the other system's own sentence, and nothing is added to it.
            Assert.Contains($"{Connector(system).Manifest.Name}, asset \"of the lab\"", answer.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Secrets, secret => answer.Message.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain("Exception", answer.Message, StringComparison.Ordinal);
    }

    private static Task<ActionAnswer> Ask(AtTheLab lab, string system, Dictionary<string, object?> settings, CancellationToken? ct = null) =>
        lab.Run(Connector(system), "test connectivity", new { }, settings, ct);

    private static IConnector Connector(string system) => BuiltInConnectors.All().Single(one => one.Manifest.Name == system switch
    {
        "splunk" => "Splunk",
        "shodan" => "Shodan",
        "servicenow" => "ServiceNow",
        "ldap" => "Windows Server",
        _ => "WHOIS",
    });

    private static Dictionary<string, object?> Well(AtTheLab lab, string system) => system switch
    {
        "splunk" => new() { ["device"] = lab.Lab.SplunkUrl, ["username"] = LabCredentials.SplunkUser, ["password"] = LabCredentials.SplunkPassword },
        "shodan" => new() { ["base_url"] = lab.Lab.ShodanUrl, ["api_key"] = LabCredentials.ShodanKey },
        "servicenow" => new() { ["url"] = lab.Lab.ServiceNowUrl, ["username"] = LabCredentials.ServiceNowUser, ["password"] = LabCredentials.ServiceNowPassword },
        "ldap" => new()
        {
            ["server"] = lab.Lab.LdapHost, ["port"] = lab.Lab.LdapPort, ["force_ssl"] = false, ["username"] = LabCredentials.LdapUser, ["password"] = LabCredentials.LdapPassword,
        },
        _ => new() { ["server"] = lab.Lab.WhoisHost, ["port"] = lab.Lab.WhoisPort, ["referral_servers"] = lab.Lab.WhoisServers },
    };

    private static Dictionary<string, object?> OverTls(AtTheLab lab, string system, bool startTls)
    {
        var settings = Well(lab, system);
        switch (system)
        {
            case "splunk":
                settings["device"] = $"{lab.Lab.TlsUrl}/splunk";
                break;
            case "shodan":
                settings["base_url"] = $"{lab.Lab.TlsUrl}/shodan";
                break;
            case "servicenow":
                settings["url"] = $"{lab.Lab.TlsUrl}/servicenow";
                break;
            default:
                (settings["force_ssl"], settings["start_tls"], settings["ssl_port"]) = (!startTls, startTls, lab.Lab.LdapsPort);
                break;
        }

        return settings;
    }
}
