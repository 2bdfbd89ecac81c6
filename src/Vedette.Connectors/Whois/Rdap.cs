using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.Whois;

/// <param name="Text">Empty where RDAP did not help.</param>
/// <param name="Note">Why it did not; empty where there is nothing to say.</param>
internal sealed record RdapAnswer(string Server, string Text, string Note)
{
    public static RdapAnswer Nothing { get; } = new("", "", "");

    public bool Helped => Text.Length > 0;
}

/// <summary>
/// RDAP, where WHOIS says nothing: many registries have closed port 43, and many firewalls have. What it tells is read as the pairs of a
/// WHOIS answer, so that both fill the same data paths.
/// </summary>
internal static class Rdap
{
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(8);

    private static readonly (string Role, string Kind)[] Kinds = [("registrant", "Registrant"), ("administrative", "Admin"), ("technical", "Tech"), ("billing", "Billing")];

    public static bool IsFrom(string text) => text.StartsWith('{');

    /// <returns>The answer; one that did not help where RDAP is off, does not serve this ending, may not be asked where it is, or did not answer either.</returns>
    public static async Task<RdapAnswer> Ask(ActionCall call, string domain, CancellationToken ct)
    {
        if (call.Asset.Text("rdap_bootstrap") is not { } bootstrap || bootstrap.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return RdapAnswer.Nothing;
        }

        var server = "";
        try
        {
            var text = await WhoisChain.Within(call, AnsweredWithin, async token =>
            {
                var known = await Get(call, Address(bootstrap.Trim()) ?? throw CallException.BadInput("The asset's 'rdap_bootstrap' is not an http or https address."), token);
                if (!known.Ok)
                {
                    throw new CallException(known.Fault, $"The list of RDAP servers came with status {known.Status}.");
                }

                if (Base(known.Json("The list of RDAP servers"), domain) is not { } root)
                {
                    return "";
                }

                server = root.Host;
                var reply = await Get(call, new Uri(root, $"domain/{Uri.EscapeDataString(domain)}"), token);
                // Often without a body, so these words stand for it.
                return reply.Status == 404 ? $"Domain not found: {domain} (RDAP, status 404)"
                    : reply.Ok && reply.Json(server) is JsonObject ? reply.Text
                    : throw new CallException(reply.Fault, $"{server} answered over RDAP with status {reply.Status}.");
            }, ct);
            return new RdapAnswer(server, text, "");
        }
        catch (Exception e) when (e is WayOutException or CallException { Fault.Where: not FaultKind.BadInput })
        {
            ct.ThrowIfCancellationRequested();
            var note = $"RDAP did not help: {e.Message}";
            call.Progress(note);
            return new RdapAnswer(server, "", note);
        }
    }

    /// <summary>The answer as a registrar would write it for WHOIS.</summary>
    public static IEnumerable<(string Key, string Value)> Pairs(string text)
    {
        var domain = JsonNode.Parse(text)!.AsObject();
        List<(string Key, string? Value)> pairs = [("Registry Domain ID", Word(domain, "handle")), ("Registrar WHOIS Server", Word(domain, "port43"))];
        pairs.AddRange(Texts(domain["status"]).Select(words => ("Domain Status", (string?)Epp(words))));
        pairs.AddRange(Objects(domain["nameservers"]).Select(server => ("Name Server", Word(server, "ldhName"))));
        pairs.AddRange(Objects(domain["events"]).Select(one => (Word(one, "eventAction") switch
        {
            "registration" => "Creation Date",
            "expiration" => "Registry Expiry Date",
            "last changed" => "Updated Date",
            _ => "",
        }, Word(one, "eventDate"))));
        foreach (var entity in Objects(domain["entities"]))
        {
            var roles = Texts(entity["roles"]).ToHashSet(StringComparer.Ordinal);
            if (roles.Contains("registrar"))
            {
                pairs.Add(("Registrar", Card(entity, "fn")));
                pairs.AddRange(Objects(entity["entities"]).Where(inner => Texts(inner["roles"]).Contains("abuse")).Select(inner => ("Registrar Abuse Contact Email", Card(inner, "email"))));
            }

            foreach (var (_, kind) in Kinds.Where(each => roles.Contains(each.Role)))
            {
                pairs.AddRange(Contact(kind, entity));
            }
        }

        return pairs.Where(pair => pair.Key.Length > 0 && !string.IsNullOrWhiteSpace(pair.Value)).Select(pair => (pair.Key, pair.Value!));
    }

    private static IEnumerable<(string Key, string? Value)> Contact(string kind, JsonObject entity)
    {
        yield return ($"{kind} ID", Word(entity, "handle"));
        yield return ($"{kind} Name", Card(entity, "fn"));
        yield return ($"{kind} Organization", Card(entity, "org"));
        yield return ($"{kind} Email", Card(entity, "email"));
        yield return ($"{kind} Phone", Card(entity, "tel")?.Replace("tel:", "", StringComparison.OrdinalIgnoreCase));
        string[] parts = ["", "", "Street", "City", "State/Province", "Postal Code", "Country"];
        var address = Property(entity, "adr");
        var components = address is [_, _, _, JsonArray list, ..] ? list : [];
        for (var i = 2; i < parts.Length && i < components.Count; i++)
        {
            // A component may be a list of lines.
            yield return ($"{kind} {parts[i]}", components[i] is JsonArray lines ? string.Join('\n', lines.Select(line => line?.ToString())) : components[i]?.ToString());
        }

        if (components.All(part => part is not JsonArray && string.IsNullOrEmpty(part?.ToString())))
        {
            yield return ($"{kind} Street", address is [_, JsonObject labelled, ..] ? Word(labelled, "label") : null);
        }
    }

    /// <summary>The server for the longest ending of the name that the list has, https where there is a choice; null where it has none.</summary>
    /// <exception cref="CallException">It has one, in no way that may be gone.</exception>
    private static Uri? Base(JsonNode bootstrap, string domain)
    {
        var urls = Urls(bootstrap, domain);
        return urls.Count == 0 ? null
            : urls.Select(url => Address(url.EndsWith('/') ? url : url + "/")).FirstOrDefault(url => url is not null)
            ?? throw new CallException(new Fault(FaultKind.NotAllowed), "The list of RDAP servers names no http or https address for this ending; none was asked.");
    }

    private static List<string> Urls(JsonNode bootstrap, string domain) => (bootstrap as JsonObject)?["services"] is not JsonArray services ? [] : services
        .OfType<JsonArray>()
        .Where(service => service.Count == 2)
        .SelectMany(service => Texts(service[0]).Where(ending => $".{domain}".EndsWith($".{ending}", StringComparison.OrdinalIgnoreCase)).Select(ending => (ending.Length, Urls: Texts(service[1]))))
        .OrderByDescending(found => found.Length)
        .SelectMany(found => found.Urls.OrderByDescending(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        .ToList();

    private static Uri? Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private static Task<Reply> Get(ActionCall call, Uri address, CancellationToken ct)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/rdap+json");
        request.Headers.Accept.ParseAdd("application/json");
        return Exchange.Ask(call, request, new TlsCheck(), reading: true, ct);
    }

    /// <summary><c>client transfer prohibited</c> as EPP and WHOIS write it.</summary>
    private static string Epp(string words)
    {
        var name = words == "active" ? "ok" : string.Concat(words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => i == 0 ? word : char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));
        return $"{name} https://icann.org/epp#{name}";
    }

    private static string? Card(JsonObject entity, string property) => Property(entity, property) is [_, _, _, { } value, ..] ? value switch
    {
        JsonArray parts => parts.FirstOrDefault()?.ToString(),
        _ => value.ToString(),
    } : null;

    private static JsonArray? Property(JsonObject entity, string name) => entity["vcardArray"] is JsonArray { Count: > 1 } card && card[1] is JsonArray properties
        ? properties.OfType<JsonArray>().FirstOrDefault(property => property.Count > 3 && property[0]?.ToString() == name)
        : null;

    private static string? Word(JsonObject of, string name) => of[name] is JsonValue value ? value.ToString() : null;

    private static IEnumerable<string> Texts(JsonNode? list) => list is JsonArray items ? items.OfType<JsonValue>().Select(item => item.ToString()) : [];

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => list is JsonArray items ? items.OfType<JsonObject>() : [];
}
