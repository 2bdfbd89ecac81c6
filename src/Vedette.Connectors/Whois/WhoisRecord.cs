using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vedette.Connectors.Whois;

/// <summary>What the answers about a domain say, in the field's data paths: every value a list, but for those in contacts.</summary>
internal sealed partial record WhoisRecord(JsonArray Data, JsonObject Summary, string Message)
{
    private static readonly SearchValues<string> NoMatch = SearchValues.Create(
    [
        "no match for", "not found", "no entries found", "no data found", "domain not found", "no object found", "status: free", "is available for registration", "no matching record",
        "has not been registered", "no match!!",
    ], StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a record says when it was made, words of absence in its legal text mean nothing.</summary>
    private static readonly SearchValues<string> SaysWhen = SearchValues.Create(["creation date", "registered on", "created on"], StringComparison.OrdinalIgnoreCase);

    private static readonly string[] Contacts = ["registrant", "tech", "admin", "billing"];

    private static readonly Dictionary<string, string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["registry domain id"] = "id", ["domain id"] = "id",
        ["registrar"] = "registrar", ["sponsoring registrar"] = "registrar",
        ["registrar whois server"] = "whois_server",
        ["domain status"] = "status", ["status"] = "status", ["state"] = "status", ["registration status"] = "status",
        ["creation date"] = "creation_date", ["created"] = "creation_date", ["created on"] = "creation_date", ["registered on"] = "creation_date", ["registered"] = "creation_date", ["domain registration date"] = "creation_date",
        ["registered date"] = "creation_date", ["connected date"] = "creation_date",
        ["registry expiry date"] = "expiration_date", ["registrar registration expiration date"] = "expiration_date", ["expiry date"] = "expiration_date", ["expires"] = "expiration_date", ["expires on"] = "expiration_date", ["paid-till"] = "expiration_date",
        ["updated date"] = "updated_date", ["last updated"] = "updated_date", ["last update"] = "updated_date", ["changed"] = "updated_date",
        ["name server"] = "nameservers", ["nserver"] = "nameservers", ["nameserver"] = "nameservers", ["name servers"] = "nameservers",
    };

    /// <summary>Layouts without a kind of contact before each key name only who holds the domain.</summary>
    private static readonly Dictionary<string, string> HolderKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["registrant"] = "name", ["[registrant]"] = "name", ["[organization]"] = "organization", ["registrant's address"] = "street",
    };

    private static readonly Dictionary<string, string> ContactKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["id"] = "handle", ["name"] = "name", ["organization"] = "organization", ["organisation"] = "organization", ["street"] = "street", ["city"] = "city",
        ["state/province"] = "state", ["postal code"] = "postalcode", ["country"] = "country", ["phone"] = "phone", ["fax"] = "fax", ["email"] = "email",
    };

    /// <summary><c>yes</c>, <c>no</c>, or <c>unknown</c>.</summary>
    public string Registered => Summary["registered"]!.ToString();

    public static WhoisRecord Read(string domain, WhoisAnswers answered)
    {
        var answers = answered.All;
        // A root's answer is about the top-level domain: its age must never pass for the age of this one, also when its referral is dead.
        var about = answers.Where(answer => answer.Text.Contains(domain, StringComparison.OrdinalIgnoreCase) || SaysNoMatch(answer.Text)).ToList();
        if (about.Count == 0)
        {
            var nothing = new JsonObject { ["raw"] = Raw(answers), ["contacts"] = NoContacts() };
            return new WhoisRecord(new JsonArray(nothing), new JsonObject { ["domain"] = domain, ["registered"] = "unknown" }, NothingSaid);
        }

        if (SaysNoMatch(about[^1].Text))
        {
            var none = new JsonObject { ["raw"] = Raw(answers), ["contacts"] = NoContacts() };
            return new WhoisRecord(new JsonArray(none), new JsonObject { ["domain"] = domain, ["registered"] = "no" }, NothingSaid);
        }

        var values = new Dictionary<string, List<string>>();
        var contacts = Contacts.ToDictionary(kind => kind, _ => new JsonObject());
        List<string> emails = [];
        foreach (var (key, value) in about.SelectMany(answer => Rdap.IsFrom(answer.Text) ? Rdap.Pairs(answer.Text) : WhoisLines.Pairs(answer.Text)))
        {
            Take(key, value, values, contacts);
            if (key.Contains("mail", StringComparison.OrdinalIgnoreCase) && value.Contains('@', StringComparison.Ordinal))
            {
                emails.Add(value);
            }
        }

        var others = emails.Except(contacts.Values.Select(contact => contact["email"]?.ToString() ?? ""), StringComparer.OrdinalIgnoreCase).ToList();
        if (others.Count > 0)
        {
            values["emails"] = others;
        }

        var item = new JsonObject();
        foreach (var (key, found) in values)
        {
            item[key] = new JsonArray([.. found.Distinct().Select(value => (JsonNode)value)]);
        }

        item["raw"] = Raw(answers);
        item["contacts"] = new JsonObject(contacts.Select(contact => KeyValuePair.Create(contact.Key, contact.Value.Count > 0 ? (JsonNode?)contact.Value : null)));
        var registrant = contacts["registrant"];
        var summary = new JsonObject { ["domain"] = domain };
        foreach (var key in new[] { "organization", "name", "city", "country" })
        {
            if (registrant[key] is { } value)
            {
                summary[key] = value.DeepClone();
            }
        }

        summary["registered"] = values.Count > 0 ? "yes" : "unknown";
        if (values.TryGetValue("creation_date", out var created))
        {
            summary["creation_date"] = created.Min(StringComparer.Ordinal);
        }

        var message = registrant.Count > 0 ? ""
            : contacts.Values.Any(contact => contact.Count > 0) ? "Whois query successful, but, it did not return 'registrant' information in the 'contacts' data."
            : NothingSaid;
        return new WhoisRecord(new JsonArray(item), summary, message);
    }

    private const string NothingSaid = "Whois query successful, but, it did not return any information about 'admin', 'tech', 'registrant', 'billing' in the 'contacts' data.";

    private static bool SaysNoMatch(string text) =>
        !Rdap.IsFrom(text) && text.AsSpan().ContainsAny(NoMatch) && !text.AsSpan().ContainsAny(SaysWhen);

    private static JsonArray Raw(IReadOnlyList<(string Server, string Text)> answers) => new([.. answers.Reverse().Select(answer => (JsonNode)answer.Text.Replace("\0", "", StringComparison.Ordinal))]);

    private static JsonObject NoContacts() => new(Contacts.Select(kind => KeyValuePair.Create(kind, (JsonNode?)null)));

    private static void Take(string key, string value, Dictionary<string, List<string>> values, Dictionary<string, JsonObject> contacts)
    {
        if (Keys.TryGetValue(key.Trim('[', ']'), out var name))
        {
            if (!values.TryGetValue(name, out var list))
            {
                values[name] = list = [];
            }

            list.Add(name switch
            {
                "creation_date" or "expiration_date" or "updated_date" => Date(value),
                // Some give the server's addresses behind its name.
                "nameservers" => value.Split((char[]?)null, 2)[0],
                _ => value,
            });
            return;
        }

        if (Redacted().IsMatch(value))
        {
            return;
        }

        if (HolderKeys.TryGetValue(key, out var own))
        {
            var holder = contacts["registrant"];
            holder[own] = own == "street" && holder[own] is { } before ? $"{before}\n{value}" : value;
            return;
        }

        var space = key.IndexOf(' ', StringComparison.Ordinal);
        if (space > 0 && contacts.TryGetValue(key[..space].ToLowerInvariant(), out var contact) && ContactKeys.TryGetValue(key[(space + 1)..], out var field))
        {
            contact[field] = value;
        }
    }

    /// <summary>Wall clock as ISO, the zone dropped, as the original gives it; what is no date stays as it was written.</summary>
    private static string Date(string text) => DateTimeOffset.TryParse(ZoneWord().Replace(text, ""), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
        ? date.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
        : text;

    [GeneratedRegex(@"\s*\([A-Z]{2,5}\)$")]
    private static partial Regex ZoneWord();

    [GeneratedRegex("redacted|not disclosed|data protected|gdpr masked", RegexOptions.IgnoreCase)]
    private static partial Regex Redacted();
}
