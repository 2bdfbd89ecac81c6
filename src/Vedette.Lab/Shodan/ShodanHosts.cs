namespace Vedette.Lab.Shodan;

internal sealed record Vulnerability(string Cve, double Cvss, string Summary, bool Verified);

/// <param name="CertificateName">The subject of the certificate shown, or null for a service without TLS.</param>
internal sealed record Banner(
    int Port, string Module, string Product, string? Version, string Text, string? CertificateName, Vulnerability[] Vulnerabilities);

internal sealed record ShodanHost(
    string Address, string[] Hostnames, string[] Domains, string Org, string Asn, string CountryCode, string Country, string City,
    double Latitude, double Longitude, string[] Tags, Banner[] Banners);

/// <summary>What Shodan knows of the destinations. 203.0.113.201 is missing on purpose.</summary>
internal static class ShodanHosts
{
    internal static readonly ShodanHost[] All =
    [
        new("198.51.100.77", ["cdn-telemetry.example.net"], ["example.net"], "Polar Leaf Hosting", "AS64511", "NL", "Netherlands",
            "Amsterdam", 52.374, 4.8897, ["self-signed"],
            [
                new(22, "ssh", "OpenSSH", "8.4p1", "SSH-2.0-OpenSSH_8.4p1 Debian-5+deb11u1\nKey type: ecdsa-sha2-nistp256\n", null,
                    [new("CVE-2023-38408", 9.8, "Remote code execution through a forwarded ssh-agent.", false)]),
                new(443, "https", "nginx", "1.18.0", "HTTP/1.1 404 Not Found\r\nServer: nginx/1.18.0\r\nContent-Length: 0\r\n\r\n",
                    "cdn-telemetry.example.net",
                    [new("CVE-2021-23017", 7.7, "A crafted DNS answer overwrites one byte in the resolver of nginx.", true)]),
                new(8443, "https", "Golang net/http server", null, "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n\u0000bea\u0142on", "localhost", []),
            ]),
        new("203.0.113.20", ["static.example.com", "img.example.com", "cdn.example.org"], ["example.com", "example.org"],
            "Broad River CDN", "AS64505", "US", "United States", "Ashburn", 39.0437, -77.4875, ["cdn"],
            [
                new(80, "http", "Broad River edge", null, "HTTP/1.1 301 Moved Permanently\r\nServer: bre\r\n\r\n", null, []),
                new(443, "https", "Broad River edge", null, "HTTP/1.1 200 OK\r\nServer: bre\r\nCache-Control: public\r\n\r\n", "*.example.com", []),
            ]),
        new("203.0.113.64", ["files.example.org"], ["example.org"], "Quarry Cloud", "AS64507", "DE", "Germany", "Frankfurt am Main",
            50.1109, 8.6821, ["cloud"],
            [new(443, "https", "Apache httpd", "2.4.57", "HTTP/1.1 200 OK\r\nServer: Apache/2.4.57\r\n\r\n", "files.example.org", [])]),
        new("198.51.100.140", [], [], "Polar Leaf Hosting", "AS64511", "NL", "Netherlands", "Amsterdam", 52.374, 4.8897, [],
            [new(8443, "https", "nginx", "1.24.0", "HTTP/1.1 200 OK\r\nServer: nginx/1.24.0\r\n\r\n<title>Sign in</title>", "sso.halden-login.test", [])]),
        new("192.0.2.10", ["portal.halden.example"], ["halden.example"], "Halden Instruments", "AS64500", "CH", "Switzerland", "Zürich",
            47.3769, 8.5417, [],
            [new(443, "https", "Microsoft IIS httpd", "10.0", "HTTP/1.1 302 Found\r\nServer: Microsoft-IIS/10.0\r\n\r\n", "portal.halden.example", [])]),
    ];
}
