using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Whois;

/// <summary>RDAP over the same registrations, with its own bootstrap files so that a client can start from here.</summary>
internal sealed class RdapStandIn(Registrations registrations, Func<string> baseUrl) : IHttpStandIn
{
    private const string MediaType = "application/rdap+json";

    public LabSystem System => LabSystem.Rdap;

    public (string ContentType, string Body) Error(int status, string text) =>
        (MediaType, Wire.JsonText(json => WriteError(json, status, text)));

    public Task Answer(HttpContext context, string path, Mishap mishap) => path.Split('/', 2) switch
    {
        ["domain", var name] => registrations.Find(name) is { } found
            ? Wire.Json(context, 200, json => Domain(json, found), MediaType)
            : NotFound(context),
        ["ip", var text] => !IPAddress.TryParse(text.Split('/')[0], out var address) ? Refuse(context, 400, "The address cannot be read.")
            : Registrations.Find(address) is { } network ? Wire.Json(context, 200, json => Net(json, network), MediaType)
            : NotFound(context),
        ["autnum", var number] => Registrations.Networks.FirstOrDefault(each => $"{each.Asn}" == number) is { } network
            ? Wire.Json(context, 200, json => Autnum(json, network), MediaType)
            : NotFound(context),
        ["help"] => Wire.Json(context, 200, Help, MediaType),
        ["dns.json"] => Bootstrap(context, Registrations.KnownTlds),
        ["ipv4.json"] => Bootstrap(context, [.. Registrations.Networks.Select(network => network.Prefix)]),
        ["asn.json"] => Bootstrap(context, ["64496-64511"]),
        ["ipv6.json"] => Bootstrap(context, []),
        _ => NotFound(context),
    };

    private Task Bootstrap(HttpContext context, string[] covered) => Wire.Json(context, 200, json =>
    {
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteString("publication", "2026-01-01T00:00:00Z");
        json.WriteStartArray("services");
        json.WriteStartArray();
        Strings(json, covered);
        Strings(json, [baseUrl() + "/"]);
        json.WriteEndArray();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Domain(Utf8JsonWriter json, Registration domain)
    {
        json.WriteStartObject();
        Conformance(json);
        json.WriteString("objectClassName", "domain");
        json.WriteString("handle", domain.Handle);
        json.WriteString("ldhName", domain.Domain.ToUpperInvariant());
        json.Property("status", domain.Statuses.Select(Words));
        json.WriteStartArray("events");
        Event(json, "registration", domain.CreatedAt);
        Event(json, "expiration", domain.ExpiresAt);
        Event(json, "last changed", domain.UpdatedAt);
        json.WriteEndArray();
        json.WriteStartArray("entities");
        Entity(json, "REG-1", ["registrar"], domain.Registrar, null,
            () => Entity(json, "REG-1-ABUSE", ["abuse"], "Abuse desk", domain.AbuseEmail, null));
        if (domain.Registrant is { } registrant)
        {
            Entity(json, "CONTACT-1", ["registrant"], registrant.Name ?? registrant.Organization, registrant.Email, null, registrant);
        }

        json.WriteEndArray();
        json.WriteStartArray("nameservers");
        foreach (var server in domain.NameServers)
        {
            json.WriteStartObject();
            json.WriteString("objectClassName", "nameserver");
            json.WriteString("ldhName", server);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("secureDNS");
        json.WriteBoolean("delegationSigned", false);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Net(Utf8JsonWriter json, Network network)
    {
        json.WriteStartObject();
        Conformance(json);
        json.WriteString("objectClassName", "ip network");
        json.WriteString("handle", network.Handle);
        json.WriteString("startAddress", network.First);
        json.WriteString("endAddress", network.Last);
        json.WriteString("ipVersion", "v4");
        json.WriteString("name", network.Name);
        json.WriteString("type", "ASSIGNED PA");
        json.WriteString("country", network.Country);
        json.WriteStartArray("cidr0_cidrs");
        json.WriteStartObject();
        json.WriteString("v4prefix", network.First);
        json.WriteNumber("length", IPNetwork.Parse(network.Prefix).PrefixLength);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("arin_originas0_originautnums");
        json.WriteNumberValue(network.Asn);
        json.WriteEndArray();
        Holder(json, network);
        json.WriteEndObject();
    }

    private static void Autnum(Utf8JsonWriter json, Network network)
    {
        json.WriteStartObject();
        Conformance(json);
        json.WriteString("objectClassName", "autnum");
        json.WriteString("handle", $"AS{network.Asn}");
        json.WriteNumber("startAutnum", network.Asn);
        json.WriteNumber("endAutnum", network.Asn);
        json.WriteString("name", network.AsName);
        json.WriteString("country", network.Country);
        Holder(json, network);
        json.WriteEndObject();
    }

    private static void Holder(Utf8JsonWriter json, Network network)
    {
        json.WriteStartArray("events");
        json.WriteStartObject();
        json.WriteString("eventAction", "registration");
        json.WriteString("eventDate", network.Allocated + "T09:00:00Z");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("entities");
        Entity(json, network.Handle, ["registrant"], network.Organization, null,
            () => Entity(json, network.Handle + "-ABUSE", ["abuse"], "Abuse desk", network.AbuseEmail, null), label: network.Address);
        json.WriteEndArray();
    }

    private static void Entity(
        Utf8JsonWriter json, string handle, string[] roles, string name, string? email, Action? inner, Contact? contact = null,
        string? label = null)
    {
        json.WriteStartObject();
        json.WriteString("objectClassName", "entity");
        json.WriteString("handle", handle);
        json.Property("roles", roles);
        json.WriteStartArray("vcardArray");
        json.WriteStringValue("vcard");
        json.WriteStartArray();
        Card(json, "version", "4.0");
        Card(json, "fn", name);
        if (contact is not null)
        {
            Card(json, "org", contact.Organization);
            json.WriteStartArray();
            json.WriteStringValue("adr");
            json.WriteStartObject();
            json.WriteEndObject();
            json.WriteStringValue("text");
            Strings(json, ["", "", contact.Street, contact.City, contact.State, contact.PostalCode, contact.Country]);
            json.WriteEndArray();
        }
        else if (label is not null)
        {
            json.WriteStartArray();
            json.WriteStringValue("adr");
            json.WriteStartObject();
            json.WriteString("label", label);
            json.WriteEndObject();
            json.WriteStringValue("text");
            Strings(json, ["", "", "", "", "", "", ""]);
            json.WriteEndArray();
        }

        if (email is not null)
        {
            Card(json, "email", email);
        }

        json.WriteEndArray();
        json.WriteEndArray();
        if (inner is not null)
        {
            json.WriteStartArray("entities");
            inner();
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Card(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray();
        json.WriteStringValue(name);
        json.WriteStartObject();
        json.WriteEndObject();
        json.WriteStringValue("text");
        json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Event(Utf8JsonWriter json, string action, DateTimeOffset? at)
    {
        if (at is null)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("eventAction", action);
        json.WriteString("eventDate", WhoisText.Stamp(at.Value));
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>RDAP spells an EPP status in words: clientTransferProhibited is "client transfer prohibited".</summary>
    private static string Words(string status) => status == "ok" ? "active"
        : string.Concat(status.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));

    private static void Conformance(Utf8JsonWriter json) => json.Property("rdapConformance", ["rdap_level_0", "cidr0"]);

    private static void Help(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        Conformance(json);
        json.WriteEndObject();
    }

    private static Task NotFound(HttpContext context) => Refuse(context, 404, "The object is not in this registry.");

    private static Task Refuse(HttpContext context, int status, string text) =>
        Wire.Json(context, status, json => WriteError(json, status, text), MediaType);

    private static void WriteError(Utf8JsonWriter json, int status, string text)
    {
        json.WriteStartObject();
        json.WriteNumber("errorCode", status);
        json.WriteString("title", status switch { 404 => "Not Found", 429 => "Too Many Requests", 500 => "Internal Server Error", _ => "Bad Request" });
        json.Property("description", [text]);
        json.WriteEndObject();
    }
}
