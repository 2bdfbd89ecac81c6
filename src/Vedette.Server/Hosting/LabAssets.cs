using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Storage;

namespace Vedette.Server.Hosting;

/// <summary>Points assets at the stand-ins of a lab, which tells its addresses and credentials itself.</summary>
internal sealed class LabAssets(IStore store, IApps apps)
{
    public async Task Set(Uri lab, CancellationToken ct)
    {
        if (!IPAddress.TryParse(lab.Host, out var address) ? lab.Host != "localhost" : !IPAddress.IsLoopback(address))
        {
            throw new SetupException($"A lab is only taken on loopback; {lab} is elsewhere.");
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        JsonElement systems;
        try
        {
            systems = JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(new Uri(lab, "/_lab/systems"), ct));
        }
        catch (HttpRequestException exception)
        {
            throw new SetupException($"There is no lab at {lab}: {exception.Message}. Start one with: vedette lab --port {lab.Port}", exception);
        }

        var credentials = systems.GetProperty("credentials");
        await Asset("splunk", "91883aa8-9c81-470b-97a1-5d8f7995f560", new()
        {
            ["device"] = Value(systems, "splunk", "url"),
            ["username"] = Value(credentials, "splunk", "username"),
            ["password"] = Value(credentials, "splunk", "password"),
        });
        await Asset("windows_server", "a5730e5d-a396-4695-92c2-35ff391aaf45", new()
        {
            ["server"] = Value(systems, "ldap", "host"),
            ["port"] = Value(systems, "ldap", "port"),
            ["force_ssl"] = false,
            ["username"] = Value(credentials, "ldap", "username"),
            ["password"] = Value(credentials, "ldap", "password"),
        });
        await Asset("whois", "e6723c2e-06ef-415a-8098-62c46c1cb71f", new()
        {
            ["server"] = Value(systems, "whois", "host"),
            ["port"] = Value(systems, "whois", "port"),
            // All of the lab's servers are on one address, so their referrals name ports.
            ["referral_servers"] = string.Join(", ", systems.GetProperty("whois").GetProperty("servers").EnumerateObject().Select(server => server.Value.GetString())),
            // Who breaks the lab's WHOIS means to see it broken.
            ["rdap_bootstrap"] = "none",
            // The lab's first server also tells the network of an address.
            ["asn_server"] = $"{Value(systems, "whois", "host")}:{Value(systems, "whois", "port")}",
        });
        await Asset("shodan", "e0e7f2cb-2826-42e4-a4ae-2a2cbe64802c", new()
        {
            ["base_url"] = Value(systems, "shodan", "url"),
            ["api_key"] = Value(credentials, "shodan", "api_key"),
        });
        await Asset("servicenow", "a590c3bc-ca41-4a0e-b063-8066ca868794", new()
        {
            ["url"] = Value(systems, "servicenow", "url"),
            ["username"] = Value(credentials, "servicenow", "username"),
            ["password"] = Value(credentials, "servicenow", "password"),
            // Longer than the lab's work ever takes.
            ["landed_within_seconds"] = 6,
        });
    }

    private static JsonNode? Value(JsonElement of, string system, string key) => JsonNode.Parse(of.GetProperty(system).GetProperty(key).GetRawText());

    private async Task Asset(string name, string app, JsonObject configuration)
    {
        // The lab has no owner whose plan could be exceeded.
        configuration["requests_per_second"] = 0;
        var known = (await apps.Catalogue()).Assets.FirstOrDefault(asset => asset.Name == name);
        var draft = new AssetDraft
        {
            Name = name,
            // An asset keeps its app; naming it again counts as asking for another.
            App = known is null ? new AppChoice(Guid: app) : null,
            Configuration = JsonSerializer.SerializeToElement(configuration),
            Description = "A stand-in of the lab",
            Tags = ["lab"],
            Concurrency = 200,
        };
        var outcome = await Units.Decide(store, async unit => known is null
            ? await apps.CreateAsset(unit, Caller.Platform, draft)
            : await apps.ChangeAsset(unit, Caller.Platform, new Model.AssetId(known.Id), draft));
        if (outcome.Refused)
        {
            throw new SetupException($"The asset {name} of the lab was not made: {outcome.Refusal.Message}");
        }
    }
}
