using System.Text.Json.Nodes;

namespace Vedette.Connectors.Whois;

/// <summary>What the answers about an address say: its nets, in the layouts of ARIN and of the RPSL registries.</summary>
internal sealed record WhoisNet(JsonObject Data, JsonObject Summary)
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["netrange"] = "range", ["inetnum"] = "range", ["inet6num"] = "range", ["cidr"] = "cidr", ["route"] = "cidr", ["netname"] = "name", ["nethandle"] = "handle",
        ["descr"] = "description", ["orgname"] = "description", ["organization"] = "description", ["country"] = "country", ["city"] = "city", ["stateprov"] = "state",
        ["address"] = "address", ["postalcode"] = "postal_code", ["regdate"] = "created", ["created"] = "created", ["updated"] = "updated", ["last-modified"] = "updated",
    };

    public static WhoisNet Read(string ip, IReadOnlyList<(string Server, string Text)> answers)
    {
        var nets = new JsonArray();
        JsonObject? net = null;
        string? asn = null;
        foreach (var line in answers.SelectMany(answer => answer.Text.Split('\n')).Select(line => line.Trim()))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.StartsWith('%') || line.StartsWith('#'))
            {
                continue;
            }

            var (key, value) = (line[..colon].Trim(), line[(colon + 1)..].Trim());
            if (key.Equals("origin", StringComparison.OrdinalIgnoreCase) || key.Equals("originas", StringComparison.OrdinalIgnoreCase))
            {
                asn ??= value.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? value[2..] : value;
            }

            if (!Keys.TryGetValue(key, out var name) || value.Length == 0)
            {
                continue;
            }

            if (name == "range")
            {
                nets.Add(net = []);
            }

            if (net is not null && !net.ContainsKey(name))
            {
                net[name] = value;
            }
        }

        var country = nets.Select(one => (string?)one!["country"]).FirstOrDefault(one => one is not null);
        var summary = new JsonObject();
        if (asn is { Length: > 0 })
        {
            summary["asn"] = asn;
        }

        if (country is not null)
        {
            summary["country_code"] = country;
        }

        summary["nets"] = new JsonArray([.. nets.Select(one => (JsonNode)new JsonObject { ["range"] = one!["range"]?.DeepClone(), ["address"] = one["address"]?.DeepClone() })]);
        return new WhoisNet(
            new JsonObject { ["query"] = ip, ["asn"] = asn, ["asn_country_code"] = country, ["nets"] = nets, ["raw"] = null, ["nir"] = null, ["referral"] = null, ["raw_referral"] = null },
            summary);
    }
}
