using System.Net;
using Vedette.Lab.Company;

namespace Vedette.Lab.Whois;

/// <summary>What the registries know. Ages are relative to the start of the lab, so that a young domain stays young.</summary>
internal sealed class Registrations
{
    internal static readonly string[] KnownTlds = ["com", "net", "org", "example", "test", "uk", "jp"];

    private static readonly Contact Redacted = new(
        null, "Privacy Service of Hostpile Registrar", "REDACTED FOR PRIVACY", "REDACTED FOR PRIVACY", "Capital Region", "REDACTED FOR PRIVACY",
        "IS", null, null);

    private readonly Dictionary<string, Registration> _domains;

    internal Registrations(DateTimeOffset now)
    {
        Registration[] all =
        [
            new(Destinations.YoungDomain, "2986417510_DOMAIN_NET-VRSN", "Hostpile Registrar Ltd.", "abuse@hostpile.example",
                now.AddDays(-6), now.AddDays(-6), now.AddDays(359), ["clientTransferProhibited", "addPeriod"],
                ["NS1.HOSTPILE.EXAMPLE", "NS2.HOSTPILE.EXAMPLE"], Redacted),
            new(Destinations.OldCdnDomain, "1873410021_DOMAIN_COM-VRSN", "Marble Names, Inc.", "abuse@marblenames.example",
                now.AddDays(-9 * 365 - 40), now.AddDays(-120), now.AddDays(700),
                ["clientDeleteProhibited", "clientTransferProhibited", "serverUpdateProhibited"],
                ["A.NS.BROADRIVER.EXAMPLE", "B.NS.BROADRIVER.EXAMPLE"],
                new("Domain Administrator", "Broad River CDN, Inc.", "1 Delivery Way", "Ashburn", "VA", "20147", "US", "+1.5715550100",
                    "domains@broadriver.example")),
            new(Destinations.DatelessDomain, "D402200000006912345-LROR", "Quiet Names SARL", "abuse@quietnames.example",
                null, null, null, ["ok"], ["NS.QUARRY.EXAMPLE", "NS2.QUARRY.EXAMPLE"], null),
            new(Destinations.OwnDomain, "HALDEN-EX", "Marble Names, Inc.", "abuse@marblenames.example",
                now.AddDays(-14 * 365), now.AddDays(-30), now.AddDays(400), ["clientTransferProhibited"],
                ["NS1.HALDEN.EXAMPLE", "NS2.HALDEN.EXAMPLE"],
                new("Hostmaster", "Halden Instruments AG", "Waagengasse 4", "Zürich", "ZH", "8005", "CH", "+41.445550123", "hostmaster@halden.example")),
            new(Destinations.QuietDomain, "WEIGHCLOUD-EX", "Quiet Names SARL", "abuse@quietnames.example",
                now.AddDays(-410), now.AddDays(-45), now.AddDays(320), ["clientTransferProhibited"],
                ["NS1.WEIGH-CLOUD.EXAMPLE", "NS2.WEIGH-CLOUD.EXAMPLE"],
                new(null, "Weigh Cloud Oy", "Mittakatu 9", "Tampere", "", "33100", "FI", null, null)),
            new("example.co.uk", "", "Thames Names Ltd [Tag = THAMES]", "abuse@thamesnames.example",
                now.AddDays(-9000), now.AddDays(-200), now.AddDays(130), ["Registered until expiry date."],
                ["ns1.thamesnames.example", "ns2.thamesnames.example"],
                new("Gauge & Dial Ltd", "", "7 Lock Lane", "Reading", "Berkshire", "RG1 1AA", "United Kingdom", null, null)),
            new("example.jp", "", "", "", now.AddDays(-8000), now.AddDays(-300), now.AddDays(65), ["Active"],
                ["ns1.hakari.example", "ns2.hakari.example"],
                new("Hakari K.K.", "", "1-2-3 Hakari", "Tokyo", "", "100-0001", "JP", "03-5550-0123", "nic@hakari.example")),
        ];
        _domains = all.ToDictionary(each => each.Domain, StringComparer.OrdinalIgnoreCase);
    }

    internal static Network[] Networks { get; } =
    [
        new("198.51.100.0/24", "198.51.100.0", "198.51.100.255", "POLARLEAF-NL-2", "PL4411-RIPE", "Polar Leaf Hosting B.V.",
            "Kabelweg 100, 1014 BB Amsterdam", "NL", "ripencc", "2019-05-14", 64511, "POLARLEAF-AS", "abuse@polarleaf.example"),
        new("203.0.113.0/25", "203.0.113.0", "203.0.113.127", "BROADRIVER-EDGE", "BR2001-RIPE", "Broad River CDN, Inc.",
            "1 Delivery Way, Ashburn VA 20147", "US", "arin", "2014-11-03", 64505, "BROADRIVER-AS", "abuse@broadriver.example"),
        new("203.0.113.128/25", "203.0.113.128", "203.0.113.255", "WEIGHCLOUD-1", "WC77-RIPE", "Weigh Cloud Oy",
            "Mittakatu 9, 33100 Tampere", "FI", "ripencc", "2023-02-20", 64509, "WEIGHCLOUD-AS", "noc@weigh-cloud.example"),
        new("192.0.2.0/24", "192.0.2.0", "192.0.2.255", "HALDEN-NET", "HI12-RIPE", "Halden Instruments AG",
            "Waagengasse 4, 8005 Zürich", "CH", "ripencc", "2011-06-09", 64500, "HALDEN-AS", "abuse@halden.example"),
    ];

    internal Registration? Find(string domain)
    {
        var name = domain.TrimEnd('.');
        return Destinations.IsDistinct(name) ? _domains[Destinations.YoungDomain] with { Domain = name } : _domains.GetValueOrDefault(name);
    }

    internal static Network? Find(IPAddress address) => Array.Find(Networks, network => network.Holds(address));
}
