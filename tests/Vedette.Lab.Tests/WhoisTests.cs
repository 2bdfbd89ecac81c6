using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Vedette.Lab.Tests;

public sealed partial class WhoisTests
{
    [Fact]
    public async Task YoungDomain_IsReferredFromIanaToTheRegistryToTheRegistrar()
    {
        await using var lab = await RunningLab.Start();

        var iana = await lab.Whois(lab.Lab.WhoisPort, "example.net");
        var registry = await lab.Whois(Port(iana, "refer"), "=example.net");
        var registrar = await lab.Whois(Port(registry, "Registrar WHOIS Server"), "example.net");

        var created = DateTimeOffset.Parse(Created().Match(registry).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(6, (DateTimeOffset.UtcNow - created).TotalDays, 0.1);
        Assert.Contains("Registrant Organization: Privacy Service", registrar);
    }

    [Theory]
    [InlineData("nobody.net", "No match for \"NOBODY.NET\".")]
    [InlineData("halden-login.test", "No Data Found")]
    [InlineData("nobody.org", "Domain not found.")]
    public async Task UnregisteredDomain_IsToldInTheRegistrysWords(string domain, string expected)
    {
        await using var lab = await RunningLab.Start();

        var iana = await lab.Whois(lab.Lab.WhoisPort, domain);

        Assert.StartsWith(expected, await lab.Whois(Port(iana, "refer"), domain), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatelessDomain_HasNoCreationDate()
    {
        await using var lab = await RunningLab.Start();

        var registry = await lab.Whois(Port(await lab.Whois(lab.Lab.WhoisPort, "example.org"), "refer"), "example.org");

        Assert.Contains("Domain Name: EXAMPLE.ORG", registry);
        Assert.DoesNotMatch(Created(), registry);
    }

    [Fact]
    public async Task Address_IsAnsweredByTheRirAndByTheAsMapping()
    {
        await using var lab = await RunningLab.Start();

        var rir = await lab.Whois(Port(await lab.Whois(lab.Lab.WhoisPort, "198.51.100.77"), "refer"), "-B 198.51.100.77");
        var mapping = await lab.Whois(lab.Lab.WhoisPort, " -r -a -c -p -f 198.51.100.77");

        Assert.Contains("inetnum:        198.51.100.0 - 198.51.100.255", rir);
        Assert.Equal(["64511", "198.51.100.77", "198.51.100.0/24", "NL", "ripencc", "2019-05-14"],
            mapping.Split('|').Take(6).Select(part => part.Trim()));
    }

    [Fact]
    public async Task Misbehaviour_IsRateLimitTextHalfAnAnswerOrAReset()
    {
        await using var lab = await RunningLab.Start();
        var whole = await lab.Whois(lab.Lab.WhoisPort, "example.net");

        await lab.Behave("""{"system":"whois","fail":"429"}""");
        Assert.StartsWith("Query rate limit exceeded", await lab.Whois(lab.Lab.WhoisPort, "example.net"), StringComparison.Ordinal);
        await lab.Behave("""{"system":"whois","fail":"cut"}""");
        Assert.Equal(whole[..(whole.Length / 2)], await lab.Whois(lab.Lab.WhoisPort, "example.net"));
        await lab.Behave("""{"system":"whois","fail":"reset"}""");
        await Assert.ThrowsAsync<IOException>(() => lab.Whois(lab.Lab.WhoisPort, "example.net"));
    }

    [Fact]
    public async Task Rdap_TellsTheSameAsWhois()
    {
        await using var lab = await RunningLab.Start(new() { Clock = new ManualClock() });

        var bootstrap = await lab.Json($"{lab.Lab.RdapUrl}/dns.json");
        var baseUrl = (string)bootstrap["services"]![0]![1]![0]!;
        var domain = await lab.Json(baseUrl + "domain/example.net");
        var network = await lab.Json(baseUrl + "ip/198.51.100.77");
        using var missing = await lab.Get(baseUrl + "domain/halden-login.test");

        Assert.Equal("2026-02-26T09:15:22Z", (string?)domain["events"]![0]!["eventDate"]);
        Assert.Equal("client transfer prohibited", (string?)domain["status"]![0]);
        Assert.Equal("POLARLEAF-NL-2", (string?)network["name"]);
        Assert.Equal("application/rdap+json", missing.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    private static int Port(string answer, string field) =>
        int.Parse(Regex.Match(answer, Regex.Escape(field) + @":\s+127\.0\.0\.1:(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Creation Date: (\S+)")]
    private static partial Regex Created();
}
