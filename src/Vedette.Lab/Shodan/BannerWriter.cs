using System.Net;
using System.Text.Json;

namespace Vedette.Lab.Shodan;

internal static class BannerWriter
{
    private const string Seen = "2026-03-02T04:17:45.135453";

    internal static void Host(Utf8JsonWriter json, ShodanHost host, bool minify)
    {
        json.WriteStartObject();
        json.WriteString("region_code", "");
        json.Property("tags", host.Tags);
        json.WriteNumber("ip", Number(host.Address));
        json.WriteString("ip_str", host.Address);
        json.Property("domains", host.Domains);
        json.Property("hostnames", host.Hostnames);
        Place(json, host);
        json.WriteString("org", host.Org);
        json.WriteString("isp", host.Org);
        json.WriteString("asn", host.Asn);
        json.WriteNull("os");
        json.WriteString("last_update", Seen);
        json.WriteStartArray("ports");
        foreach (var banner in host.Banners)
        {
            json.WriteNumberValue(banner.Port);
        }

        json.WriteEndArray();
        var vulnerabilities = host.Banners.SelectMany(banner => banner.Vulnerabilities).Select(each => each.Cve).ToArray();
        if (vulnerabilities.Length > 0)
        {
            json.Property("vulns", vulnerabilities);
        }

        if (!minify)
        {
            json.WriteStartArray("data");
            foreach (var banner in host.Banners)
            {
                Banner(json, host, banner);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    internal static void Banner(Utf8JsonWriter json, ShodanHost host, Banner banner)
    {
        json.WriteStartObject();
        json.WriteNumber("ip", Number(host.Address));
        json.WriteString("ip_str", host.Address);
        json.WriteNumber("port", banner.Port);
        json.WriteString("transport", "tcp");
        json.WriteString("data", banner.Text);
        json.WriteString("timestamp", Seen);
        json.WriteNumber("hash", banner.Port * 7919L - 1_402_917_754);
        json.WriteString("org", host.Org);
        json.WriteString("isp", host.Org);
        json.WriteString("asn", host.Asn);
        json.WriteNull("os");
        json.WriteString("product", banner.Product);
        if (banner.Version is not null)
        {
            json.WriteString("version", banner.Version);
        }

        json.Property("hostnames", host.Hostnames);
        json.Property("domains", host.Domains);
        json.WriteStartObject("location");
        Place(json, host);
        json.WriteEndObject();
        json.WriteStartObject("_shodan");
        json.WriteString("id", $"5d0c6a3e-0000-4000-8000-{banner.Port:D12}");
        json.WriteString("module", banner.Module);
        json.WriteString("crawler", "42f86247b760542c0192b61c60405edc5db01d55");
        json.WriteBoolean("ptr", true);
        json.WriteStartObject("options");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("opts");
        json.WriteEndObject();
        if (banner.CertificateName is { } name)
        {
            Tls(json, name);
        }

        if (banner.Vulnerabilities.Length > 0)
        {
            Vulnerabilities(json, banner.Vulnerabilities);
        }

        json.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter json, ShodanHost host)
    {
        json.WriteString("city", host.City);
        json.WriteString("country_code", host.CountryCode);
        json.WriteString("country_name", host.Country);
        json.WriteNumber("latitude", host.Latitude);
        json.WriteNumber("longitude", host.Longitude);
        json.WriteNull("area_code");
        json.WriteNull("postal_code");
        json.WriteNull("dma_code");
    }

    private static void Tls(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject("ssl");
        json.Property("versions", ["TLSv1.2", "TLSv1.3", "-SSLv2", "-SSLv3"]);
        json.WriteStartObject("cert");
        json.WriteString("issued", "20260226101500Z");
        json.WriteString("expires", "20270226101500Z");
        json.WriteBoolean("expired", false);
        json.WriteStartObject("subject");
        json.WriteString("CN", name);
        json.WriteEndObject();
        json.WriteStartObject("issuer");
        json.WriteString("CN", name);
        json.WriteEndObject();
        // Longer than 64 bits, as real serials are: who reads it into a machine number loses it.
        json.WritePropertyName("serial");
        json.WriteRawValue("642189013415673901234567890123456789012345");
        json.WriteString("sig_alg", "sha256WithRSAEncryption");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Vulnerabilities(Utf8JsonWriter json, Vulnerability[] vulnerabilities)
    {
        json.WriteStartObject("vulns");
        foreach (var each in vulnerabilities)
        {
            json.WriteStartObject(each.Cve);
            json.WriteNumber("cvss", each.Cvss);
            json.WriteString("summary", each.Summary);
            json.WriteBoolean("verified", each.Verified);
            json.Property("references", [$"https://nvd.nist.gov/vuln/detail/{each.Cve}"]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static uint Number(string address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(address).GetAddressBytes());
}
