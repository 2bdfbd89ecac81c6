using System.Globalization;
using System.Text.Json;

namespace Vedette.Lab.Shodan;

/// <param name="Vulnerabilities">CVE and whether it was verified.</param>
internal sealed record SeenService(int Port, string Product, string Version, string Banner, IReadOnlyDictionary<string, bool> Vulnerabilities);

/// <summary>An address as Shodan saw it.</summary>
internal sealed record SeenHost(string Address, string Country, string CountryCode, string Organisation, string Asn, string[] HostNames, string[] Tags, IReadOnlyList<SeenService> Services)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("ip_str", Address);
        json.WriteString("country_name", Country);
        json.WriteString("country_code", CountryCode);
        json.WriteString("org", Organisation);
        json.WriteString("isp", Organisation);
        json.WriteString("asn", Asn);
        json.WriteNull("os");
        json.Property("hostnames", HostNames);
        json.Property("tags", Tags);
        json.WriteStartArray("ports");
        foreach (var service in Services)
        {
            json.WriteNumberValue(service.Port);
        }

        json.WriteEndArray();
        json.Property("vulns", Services.SelectMany(service => service.Vulnerabilities.Keys).Distinct());
        json.WriteString("last_update", "2026-11-20T03:12:44.018273");
        json.WriteStartArray("data");
        WriteBanners(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public void WriteBanners(Utf8JsonWriter json)
    {
        foreach (var service in Services)
        {
            json.WriteStartObject();
            json.WriteString("ip_str", Address);
            json.WriteNumber("port", service.Port);
            json.WriteString("transport", "tcp");
            json.WriteString("product", service.Product);
            json.WriteString("version", service.Version);
            json.WriteString("data", service.Banner);
            json.WriteString("timestamp", "2026-11-20T03:12:44.018273");
            json.WriteString("org", Organisation);
            json.WriteString("isp", Organisation);
            json.WriteString("asn", Asn);
            json.WriteNull("os");
            json.WriteNumber("hash", service.Banner.Length * 7919L);
            json.Property("hostnames", HostNames);
            json.Property("tags", Tags);
            json.WriteStartObject("location");
            json.WriteString("country_name", Country);
            json.WriteString("country_code", CountryCode);
            json.WriteEndObject();
            if (service.Port is 443 or 8443)
            {
                // Longer than 64 bits, as real serial numbers are.
                json.WriteStartObject("ssl");
                json.WriteStartObject("cert");
                json.WritePropertyName("serial");
                json.WriteRawValue("1157920892373161954235709850086879078532699");
                json.WriteBoolean("expired", false);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            if (service.Vulnerabilities.Count > 0)
            {
                json.WriteStartObject("vulns");
                foreach (var (cve, verified) in service.Vulnerabilities)
                {
                    json.WriteStartObject(cve);
                    json.WriteNumber("cvss", 9.8);
                    json.WriteBoolean("verified", verified);
                    json.WriteString("summary", string.Create(CultureInfo.InvariantCulture, $"A remote attacker may run code through {service.Product}."));
                    json.WriteEndObject();
                }

                json.WriteEndObject();
            }

            json.WriteEndObject();
        }
    }
}

/// <summary>The addresses Shodan knows.</summary>
internal static class SeenHosts
{
    private static readonly Dictionary<string, bool> None = [];

    public static IReadOnlyDictionary<string, SeenHost> All { get; } = new[]
    {
        new SeenHost("198.51.100.77", "Netherlands", "NL", "Quickhost Systems", "AS64500", ["cdn-telemetry.example.net"], [],
        [
            new(22, "OpenSSH", "7.4", "SSH-2.0-OpenSSH_7.4\r\n", None),
            new(443, "nginx", "1.14.0", "HTTP/1.1 200 OK\r\nServer: nginx/1.14.0\r\n", new Dictionary<string, bool> { ["CVE-2021-23017"] = true }),
            new(8443, "Jetty", "9.4.11", "HTTP/1.1 404 Not Found\r\nServer: Jetty(9.4.11)\r\n\u0000", new Dictionary<string, bool> { ["CVE-2019-10241"] = false }),
        ]),
        new SeenHost("203.0.113.20", "United States", "US", "Wide Edge Network", "AS64501", ["static.example.com", "edge20.wide-edge.example"], ["cdn", "cloud"], [new(443, "", "", "HTTP/1.1 403 Forbidden\r\n", None)]),
        new SeenHost("203.0.113.64", "Germany", "DE", "Dateihafen GmbH", "AS64502", ["files.example.org"], [], [new(443, "Apache httpd", "2.4.57", "HTTP/1.1 200 OK\r\nServer: Apache/2.4.57\r\n", None)]),
        new SeenHost("198.51.100.140", "Romania", "RO", "Quickhost Systems", "AS64500", [], ["self-signed"], [new(8443, "nginx", "1.18.0", "HTTP/1.1 200 OK\r\nServer: nginx/1.18.0\r\n", None)]),
    }.ToDictionary(host => host.Address);
}
