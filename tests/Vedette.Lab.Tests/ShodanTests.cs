using System.Net;
using System.Text.Json.Nodes;

namespace Vedette.Lab.Tests;

public sealed class ShodanTests
{
    [Fact]
    public async Task KnownAddress_HasPortsAndVulnerabilitiesOfBothKinds()
    {
        await using var lab = await RunningLab.Start();

        using var answer = await lab.Shodan("shodan/host/198.51.100.77");
        var host = await RunningLab.Body(answer);

        Assert.Equal([22, 443, 8443], host["ports"]!.AsArray().Select(port => (int)port!));
        var verified = host["data"]!.AsArray().Where(banner => banner!["vulns"] is not null)
            .SelectMany(banner => banner!["vulns"]!.AsObject().Select(each => (bool)each.Value!["verified"]!));
        Assert.Equal([false, true], verified);
    }

    [Fact]
    public async Task UnknownAddressAndBadKey_AreRefusedAsShodanDoes()
    {
        await using var lab = await RunningLab.Start();

        using var unknown = await lab.Shodan("shodan/host/203.0.113.201");
        using var badKey = await lab.Shodan("api-info", key: "wrong");

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("""{"error":"No information available for that IP."}""", await unknown.Content.ReadAsStringAsync(RunningLab.Ct));
        Assert.Equal(HttpStatusCode.Unauthorized, badKey.StatusCode);
        Assert.StartsWith("<html>", await badKey.Content.ReadAsStringAsync(RunningLab.Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_FindsByHostname()
    {
        await using var lab = await RunningLab.Start();

        using var found = await lab.Shodan("shodan/host/search?query=hostname:example.net");
        using var nothing = await lab.Shodan("shodan/host/search?query=hostname:nowhere.test");

        Assert.Equal(3, (int)(await RunningLab.Body(found))["total"]!);
        Assert.Equal(0, (int)(await RunningLab.Body(nothing))["total"]!);
    }
}
