using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.WindowsServer;

/// <summary>Windows Server as the directory knows it: computers and accounts of Active Directory, over LDAP.</summary>
public sealed class WindowsServerConnector() : BuiltInConnector("windows_server.json")
{
    private const int Disabled = 0x2;

    private static readonly string[] OfSummary =
    [
        "operatingSystem", "operatingSystemVersion", "operatingSystemServicePack", "userAccountControl", "badPwdCount", "lastLogon", "lastLogonTimestamp",
        "pwdLastSet", "objectSid", "objectGUID",
    ];

    private protected override Task<ActionAnswer> Act(ActionCall call, CancellationToken ct) => call.Action switch
    {
        "test connectivity" => TestConnectivity(call, ct),
        "get system attributes" => System(call, ct),
        "get attributes" => Accounts(call, ct),
        _ => Task.FromResult(NoSuchAction(call)),
    };

    private static async Task<ActionAnswer> TestConnectivity(ActionCall call, CancellationToken ct)
    {
        await using var ldap = await LdapClient.Bind(call, ct);
        call.Progress("Connected and signed in.");
        call.Progress($"The directory is {await ldap.NamingContext(ct)}.");
        return Done("Test Connectivity Passed");
    }

    private static async Task<ActionAnswer> System(ActionCall call, CancellationToken ct)
    {
        var host = call.Required("hostname");
        var fields = Fields(call.Text("fields"));
        await using var ldap = await LdapClient.Bind(call, ct);
        var found = await ldap.Search(
            await ldap.NamingContext(ct),
            LdapFilter.All(
                LdapFilter.Equal("objectCategory", "computer"),
                LdapFilter.Equal("objectClass", "computer"),
                LdapFilter.Any(LdapFilter.Equal("name", host), LdapFilter.Equal("dNSHostName", host), LdapFilter.Equal("distinguishedName", host))),
            // The summary needs its own, whatever was asked for.
            fields.Count == 0 ? [] : [.. fields.Union(OfSummary, StringComparer.OrdinalIgnoreCase)],
            ct);
        return found.Count switch
        {
            0 => ActionAnswer.Failed("Search on AD for machine name failed", new Fault(FaultKind.Refused)),
            1 => new ActionAnswer { Success = true, Data = new JsonArray(Item(found[0], fields)), Summary = Summary(found[0]) },
            _ => ActionAnswer.Failed($"Multiple DNs found for machine '{host}', please specify full DN to avoid ambiguity", new Fault(FaultKind.Refused)),
        };
    }

    private static async Task<ActionAnswer> Accounts(ActionCall call, CancellationToken ct)
    {
        var principals = Parts(call, "principals");
        var attributes = Parts(call, "attributes");
        await using var ldap = await LdapClient.Bind(call, ct);
        var found = await ldap.Search(
            await ldap.NamingContext(ct),
            LdapFilter.Any([.. principals.SelectMany(one => new[] { LdapFilter.Equal("userPrincipalName", one), LdapFilter.Equal("sAMAccountName", one), LdapFilter.Equal("distinguishedName", one) })]),
            attributes,
            ct);
        var entries = new JsonArray([.. found.Select(entry => (JsonNode)new JsonObject { ["dn"] = entry.Name, ["attributes"] = Attributes(entry, attributes) })]);
        return new ActionAnswer { Success = true, Data = new JsonArray(new JsonObject { ["entries"] = entries }), Summary = new JsonObject { ["total_objects"] = found.Count } };
    }

    private static IReadOnlyList<string> Fields(string? fields)
    {
        var asked = (fields ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return asked.Contains("all", StringComparer.OrdinalIgnoreCase) || asked.Contains("*") ? [] : asked;
    }

    private static string[] Parts(ActionCall call, string name) =>
        call.Required(name).Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } parts ? parts : throw Inputs.Invalid(name);

    /// <summary>In the directory's own spelling where it has the attribute; asked for and absent: an empty list.</summary>
    private static JsonObject Attributes(LdapEntry entry, string[] asked)
    {
        var attributes = new JsonObject();
        foreach (var (name, values) in entry.Attributes.Where(attribute => attribute.Value.Count > 0))
        {
            attributes[name] = AdValue.Typed(name, values);
        }

        foreach (var name in asked.Where(name => name is not ("*" or "+") && !attributes.Any(has => has.Key.Equals(name, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            attributes[name] = new JsonArray();
        }

        return attributes;
    }

    /// <summary>Every attribute in lower case, one text each, several values joined by semicolons; who it is also in readable form.</summary>
    private static JsonObject Item(LdapEntry entry, IReadOnlyList<string> fields)
    {
        var item = new JsonObject();
        foreach (var (name, values) in entry.Attributes)
        {
            if (fields.Count == 0 || fields.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                item[name.ToLowerInvariant()] = string.Join(';', values.Select(value => AdValue.Raw(name, value)));
            }
        }

        item["distinguishedname"] = entry.Name;
        if (AdValue.Sid(entry.Bytes("objectSid")) is { } sid)
        {
            item["sid"] = sid;
        }

        if (AdValue.Guid(entry.Bytes("objectGUID")) is { } guid)
        {
            item["guid"] = guid;
        }

        return item;
    }

    private static JsonObject Summary(LdapEntry entry)
    {
        var summary = new JsonObject
        {
            ["state"] = int.TryParse(entry.First("userAccountControl"), CultureInfo.InvariantCulture, out var flags) ? (flags & Disabled) != 0 ? "Disabled" : "Enabled" : "Data missing",
            ["bad_password_count"] = entry.First("badPwdCount") ?? "0",
            // lastLogon is one controller's own, and exact there; the stamp is what all of them know, up to two weeks late.
            ["last_logon"] = AdValue.When(entry.First("lastLogonTimestamp") ?? entry.First("lastLogon")),
            ["password_last_set"] = AdValue.When(entry.First("pwdLastSet")),
        };
        if (entry.First("operatingSystem") is { } system)
        {
            var version = entry.First("operatingSystemVersion") is { } number ? $" [{number}]" : "";
            var pack = entry.First("operatingSystemServicePack") is { } name ? $" {name}" : "";
            summary["os"] = system + version + pack;
        }

        return summary;
    }
}
