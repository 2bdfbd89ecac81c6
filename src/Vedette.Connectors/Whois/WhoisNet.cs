using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vedette.Connectors.Whois;

/// <summary>What the answers about an address say: its nets, in the layouts of ARIN and of the RPSL registries, and its network (AS).</summary>
internal sealed partial record WhoisNet(JsonObject Data, JsonObject Summary, string Message)
{
    private static readonly string[] Fields = ["cidr", "name", "handle", "range", "description", "country", "state", "city", "address", "postal_code", "emails", "created", "updated"];

    private static readonly Dictionary<string, string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["netrange"] = "range", ["inetnum"] = "range", ["inet6num"] = "range", ["cidr"] = "cidr", ["route"] = "cidr", ["route6"] = "cidr", ["netname"] = "name", ["nethandle"] = "handle",
        ["nic-hdl"] = "handle", ["descr"] = "description", ["orgname"] = "description", ["organization"] = "description", ["country"] = "country", ["city"] = "city", ["stateprov"] = "state",
        ["address"] = "address", ["postalcode"] = "postal_code", ["regdate"] = "created", ["created"] = "created", ["updated"] = "updated", ["last-modified"] = "updated",
    };

    public static WhoisNet Read(string ip, WhoisAnswers answers, Origin origin)
    {
        // The last that knows a net is the closest to it: a root's answer is about the block it has given away.
        var read = answers.All.Select(answer => Nets(answer.Text)).ToList();
        var nets = read.LastOrDefault(one => one.Nets.Count > 0).Nets ?? [];
        var asn = origin.Asn ?? read.Select(one => one.Asn).LastOrDefault(one => one is not null);
        var country = origin.Country ?? nets.Select(one => (string?)one["country"]).FirstOrDefault(one => one is not null);
        var summary = new JsonObject();
        var message = new List<string>();
        Add("registry", "Registry", origin.Registry);
        Add("asn", "ASN", asn);
        Add("country_code", "Country", country);
        if (nets.Count > 0)
        {
            summary["nets"] = new JsonArray([.. nets.Select(one => (JsonNode)new JsonObject { ["range"] = one["range"]?.DeepClone(), ["address"] = one["address"]?.DeepClone() })]);
            message.Add("Nets:");
            message.AddRange(nets.SelectMany(one => new[] { $"Range: {one["range"]}", $"Address: {one["address"]}" }));
        }

        if (message.Count == 0)
        {
            message.Add("Whois query successful, but, no registry told anything about this address.");
        }

        var data = new JsonObject
        {
            ["query"] = ip, ["asn"] = asn, ["asn_cidr"] = origin.Cidr, ["asn_country_code"] = country, ["asn_date"] = origin.Date, ["asn_description"] = origin.Description,
            ["asn_registry"] = origin.Registry, ["nets"] = new JsonArray([.. nets]), ["raw"] = null, ["nir"] = null, ["referral"] = null, ["raw_referral"] = null,
        };
        return new WhoisNet(data, summary, string.Join('\n', message));

        void Add(string key, string label, string? value)
        {
            if (value is not null)
            {
                summary[key] = value;
                message.Add($"{label}: {value}");
            }
        }
    }

    private static (List<JsonObject> Nets, string? Asn) Nets(string text)
    {
        List<JsonObject> nets = [];
        string? asn = null;
        var before = "";
        foreach (var (key, value) in WhoisLines.Pairs(text))
        {
            if (key.Equals("origin", StringComparison.OrdinalIgnoreCase) || key.Equals("originas", StringComparison.OrdinalIgnoreCase))
            {
                asn ??= value.StartsWith("AS", StringComparison.OrdinalIgnoreCase) ? value[2..] : value;
            }

            var goesOn = key == before;
            before = key;
            if (!Keys.TryGetValue(key, out var name))
            {
                continue;
            }

            if (name == "range")
            {
                nets.Add(new JsonObject(Fields.Select(field => KeyValuePair.Create(field, (JsonNode?)null))));
            }

            if (nets is not [.., var net])
            {
                continue;
            }

            if (net[name] is null)
            {
                net[name] = value;
            }
            else if (goesOn && name is "address" or "description")
            {
                // An address of several lines, each with the key before it.
                net[name] = $"{net[name]}\n{value}";
            }
        }

        var emails = Email().Matches(text).Select(match => match.Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        foreach (var net in nets)
        {
            net["cidr"] ??= Cidr.Of(net["range"]!.ToString());
            // Answers do not say which person belongs to which net.
            net["emails"] = emails.Count > 0 ? new JsonArray([.. emails.Select(one => (JsonNode)one)]) : null;
        }

        return (nets, asn);
    }

    [GeneratedRegex(@"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")]
    private static partial Regex Email();
}
