using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.WindowsServer;

/// <summary>Windows Server as the directory knows it: computers and accounts of Active Directory, over LDAP.</summary>
public sealed class WindowsServerConnector() : BuiltInConnector("windows_server.json")
{
    private protected override Task<ActionAnswer> Act(ActionCall call, Secrets secrets, CancellationToken ct) => call.Action switch
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
        await using var ldap = await LdapClient.Bind(call, ct);
        var found = await ldap.Search(
            await ldap.NamingContext(ct),
            LdapFilter.All(
                LdapFilter.Equal("objectClass", "computer"),
                LdapFilter.Any(LdapFilter.Equal("name", host), LdapFilter.Equal("dNSHostName", host), LdapFilter.Equal("sAMAccountName", host + "$"), LdapFilter.Equal("distinguishedName", host))),
            call.Text("fields") is { Length: > 0 } fields and not "all" ? fields.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [],
            ct);
        return found.Count switch
        {
            0 => ActionAnswer.Failed("Search on AD for machine name failed", new Fault(FaultKind.Refused)),
            1 => new ActionAnswer { Success = true, Data = new JsonArray(Item(found[0])), Summary = Summary(found[0]) },
            _ => ActionAnswer.Failed($"Multiple DNs found for machine '{host}', please specify full DN to avoid ambiguity", new Fault(FaultKind.Refused)),
        };
    }

    private static async Task<ActionAnswer> Accounts(ActionCall call, CancellationToken ct)
    {
        var principals = call.Required("principals").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var attributes = call.Required("attributes").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        await using var ldap = await LdapClient.Bind(call, ct);
        var found = await ldap.Search(
            await ldap.NamingContext(ct),
            LdapFilter.Any([.. principals.SelectMany(one => new[] { LdapFilter.Equal("userPrincipalName", one), LdapFilter.Equal("sAMAccountName", one), LdapFilter.Equal("distinguishedName", one) })]),
            attributes,
            ct);
        var entries = new JsonArray([.. found.Select(entry => (JsonNode)new JsonObject
        {
            ["dn"] = entry.Name,
            ["attributes"] = new JsonObject(attributes.Select(name => KeyValuePair.Create(name, entry.Attributes.TryGetValue(name, out var values) ? (JsonNode?)AdValue.Typed(name, values) : new JsonArray()))),
        })]);
        return new ActionAnswer { Success = true, Data = new JsonArray(new JsonObject { ["entries"] = entries }), Summary = new JsonObject { ["total_objects"] = found.Count } };
    }

    /// <summary>Every attribute in lower case, one text each, several values joined by semicolons.</summary>
    private static JsonObject Item(LdapEntry entry) => new(entry.Attributes
        .Select(attribute => KeyValuePair.Create(attribute.Key.ToLowerInvariant(), (JsonNode?)string.Join(';', attribute.Value.Select(value => AdValue.Text(attribute.Key, value)))))
        .Append(KeyValuePair.Create("distinguishedname", (JsonNode?)entry.Name))
        .DistinctBy(pair => pair.Key));

    private static JsonObject Summary(LdapEntry entry)
    {
        var (system, version) = (entry.First("operatingSystem"), entry.First("operatingSystemVersion"));
        return new JsonObject
        {
            ["os"] = version is null ? system : $"{system} [{version}]",
            ["state"] = int.TryParse(entry.First("userAccountControl"), CultureInfo.InvariantCulture, out var flags) ? (flags & 2) != 0 ? "Disabled" : "Enabled" : "Data missing",
            ["bad_password_count"] = entry.First("badPwdCount") ?? "0",
            ["last_logon"] = AdValue.When(entry.First("lastLogonTimestamp")),
            ["password_last_set"] = AdValue.When(entry.First("pwdLastSet")),
        };
    }
}
