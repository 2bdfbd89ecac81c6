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

        foreach (var system in systems.EnumerateObject())
        {
            var of = system.Value;
            await (system.Name switch
            {
                "splunk" => Asset("splunk", "91883aa8-9c81-470b-97a1-5d8f7995f560", of, ("device", "url"), ("username", "username"), ("password", "password")),
                "ldap" => Asset("windows_server", "a5730e5d-a396-4695-92c2-35ff391aaf45", of, ("server", "host"), ("port", "port"), ("username", "username"), ("password", "password"), ("force_ssl", "tls")),
                "whois" => Asset("whois", "e6723c2e-06ef-415a-8098-62c46c1cb71f", of, ("server", "host"), ("port", "port")),
                "shodan" => Asset("shodan", "e0e7f2cb-2826-42e4-a4ae-2a2cbe64802c", of, ("base_url", "url"), ("api_key", "api_key")),
                "servicenow" => Asset("servicenow", "a590c3bc-ca41-4a0e-b063-8066ca868794", of, ("url", "url"), ("username", "username"), ("password", "password")),
                _ => Task.CompletedTask,
            });
        }
    }

    private async Task Asset(string name, string app, JsonElement system, params (string Setting, string Key)[] settings)
    {
        var configuration = new JsonObject();
        foreach (var (setting, key) in settings)
        {
            configuration[setting] = JsonNode.Parse(system.GetProperty(key).GetRawText());
        }

        await Asset(name, app, configuration);
    }

    private async Task Asset(string name, string app, JsonObject configuration)
    {
        // The lab has no owner whose plan could be exceeded.
        configuration["requests_per_second"] = 0;
        var known = (await apps.Catalogue()).Assets.FirstOrDefault(asset => asset.Name == name);
        var draft = new AssetDraft
        {
            Name = name,
            App = new AppChoice(Guid: app),
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
