using System.Globalization;

namespace Vedette.Lab.Company;

/// <param name="Host">The name the machine connected to.</param>
/// <param name="Domain">The registrable domain of the host.</param>
/// <param name="Path">The path of the request that stood out.</param>
/// <param name="BytesOut">How much the machine sent.</param>
internal sealed record Destination(string Host, string Domain, string Address, int Port, string Path, long BytesOut, string Story);

/// <summary>Where the machines of the company connect to: one of each kind an analyst meets.</summary>
internal static class Destinations
{
    internal const string YoungDomain = "example.net";
    internal const string OldCdnDomain = "example.com";
    internal const string DatelessDomain = "example.org";
    internal const string UnregisteredDomain = "halden-login.test";
    internal const string OwnDomain = "halden.example";
    internal const string QuietDomain = "weigh-cloud.example";

    private const string OwnPrefix = "load-";
    private const string OwnSuffix = ".example";

    internal static readonly Destination[] All =
    [
        new("cdn-telemetry.example.net", YoungDomain, "198.51.100.77", 443, "/g/beat?id=41", 48_211_377, "registered six days ago, address serves nothing else"),
        new("static.example.com", OldCdnDomain, "203.0.113.20", 443, "/assets/upload/7f", 31_904_112, "CDN of nine years, address shared by many"),
        new("files.example.org", DatelessDomain, "203.0.113.64", 443, "/drop/new", 12_044_871, "the registry gives no creation date"),
        new("sso.halden-login.test", UnregisteredDomain, "198.51.100.140", 8443, "/saml/acs", 2_310_554, "nobody registered it"),
        new("portal.halden.example", OwnDomain, "192.0.2.10", 443, "/api/v2/orders/export", 22_870_090, "our own portal"),
        new("ingest.weigh-cloud.example", QuietDomain, "203.0.113.201", 443, "/v1/readings", 9_118_243, "Shodan never saw the address"),
    ];

    /// <summary>The young destination under a domain of its own: what load is made of, where no alert may be the repeat of another.</summary>
    internal static Destination Distinct(int index)
    {
        var domain = string.Create(CultureInfo.InvariantCulture, $"{OwnPrefix}{index}{OwnSuffix}");
        return All[0] with { Host = "cdn-telemetry." + domain, Domain = domain };
    }

    internal static bool IsDistinct(string domain) =>
        domain.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase) && domain.EndsWith(OwnSuffix, StringComparison.OrdinalIgnoreCase)
        && int.TryParse(domain.AsSpan(OwnPrefix.Length..^OwnSuffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
