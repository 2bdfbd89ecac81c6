using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Threats;

/// <summary>A listening socket stands where a secret must not go; it counts who comes.</summary>
public sealed class T10_SecretSentElsewhereTests
{
    /// <param name="value">A number stands for the port of the witness, as PORT does in a text.</param>
    [Theory]
    [InlineData("splunk", "device", "https://127.0.0.1:PORT")]
    [InlineData("splunk", "port", 0)]
    [InlineData("splunk", "verify_server_cert", false)]
    [InlineData("splunk", "ca_certificate", "another authority")]
    [InlineData("windows_server", "server", "localhost")]
    [InlineData("windows_server", "port", 0)]
    [InlineData("windows_server", "ssl_port", 0)]
    [InlineData("windows_server", "force_ssl", true)]
    [InlineData("windows_server", "validate_ssl_cert", false)]
    [InlineData("windows_server", "ca_certificate", "another authority")]
    [InlineData("shodan", "base_url", "http://127.0.0.1:PORT/")]
    [InlineData("shodan", "verify_server_cert", false)]
    [InlineData("servicenow", "url", "http://127.0.0.1:PORT")]
    [InlineData("servicenow", "url", "https://localhost:PORT")]
    [InlineData("servicenow", "verify_server_cert", false)]
    [InlineData("servicenow", "ca_certificate", "another authority")]
    public async Task T10_AddressChanged_SecretIsClearedAndTestSendsNothing(string name, string setting, object value)
    {
        using var witness = new Witness();
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var (id, configuration) = await Asset(admin, name);
        var before = await Calls(site);
        configuration[setting] = value is int ? witness.Port : value is string text ? text.Replace("PORT", $"{witness.Port}", StringComparison.Ordinal) : JsonValue.Create((bool)value);

        var changed = await admin.Said(HttpMethod.Post, $"/rest/asset/{id}", new { configuration });
        var test = await admin.Said(HttpMethod.Post, $"/rest/asset/{id}/test", new { });

        Assert.Contains("enter again", changed.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(test.TryGetProperty("failed", out _), test.ToString());
        Assert.False(witness.SawSomebody);
        Assert.Equal(before, await Calls(site));
        Assert.DoesNotContain("salt:", (await admin.Said(HttpMethod.Get, $"/rest/asset/{id}")).ToString(), StringComparison.Ordinal);
        var audit = (await admin.Said(HttpMethod.Get, $"/rest/audit?_filter_object=\"asset\"&_filter_act=\"changed\"&_filter_object_id={id}")).ToString();
        Assert.Contains(setting, audit, StringComparison.Ordinal);
        Assert.Contains("secrets_cleared", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T10_MaskOfAnotherAssetOrAMadeUpOne_IsNoSecret()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var (_, splunk) = await Asset(admin, "splunk");
        var (id, configuration) = await Asset(admin, "servicenow");
        foreach (var mask in new[] { (string)splunk["password"]!, "salt:0123456789abcdef01234567", "salt:" })
        {
            configuration["password"] = mask;
            var refused = await admin.Said(HttpMethod.Post, $"/rest/asset/{id}", new { configuration });
            Assert.Equal("bad_settings", refused.GetProperty("code").GetString());
        }

        Assert.True((await admin.Said(HttpMethod.Post, $"/rest/asset/{id}/test", new { })).TryGetProperty("success", out _));
    }

    [Fact]
    public async Task T10_AddressWithAUserInIt_IsRefused()
    {
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var (id, configuration) = await Asset(admin, "servicenow");
        configuration["url"] = "https://soar:a-password@servicenow.example";
        var refused = await admin.Said(HttpMethod.Post, $"/rest/asset/{id}", new { configuration });

        Assert.Contains("own fields", refused.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-password", refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Somebody who can write the database: with the rows he can copy ciphertext, but not open it anywhere else.</summary>
    [Fact]
    public async Task T10_CiphertextOrAddressChangedInTheDatabase_OpensNothingAndSendsNothing()
    {
        using var witness = new Witness();
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var store = site.Server.Store;
        var ct = TestContext.Current.CancellationToken;
        var rows = (await store.Select<AssetRow>(new Query(), ct)).ToDictionary(row => row.Name);
        var shodan = JsonNode.Parse(rows["shodan"].Secrets)!["api_key"]!.DeepClone();
        var moved = JsonNode.Parse(rows["servicenow"].Configuration)!;
        moved["url"] = $"http://127.0.0.1:{witness.Port}";
        var unit = new Unit();
        unit.Update<AssetRow>(rows["splunk"].Id, null, (nameof(AssetRow.Secrets), new JsonObject { ["password"] = JsonNode.Parse(rows["servicenow"].Secrets)!["password"]!.DeepClone() }.ToJsonString()));
        unit.Update<AssetRow>(rows["windows_server"].Id, null, (nameof(AssetRow.Secrets), new JsonObject { ["password"] = shodan }.ToJsonString()));
        unit.Update<AssetRow>(rows["servicenow"].Id, null, (nameof(AssetRow.Configuration), moved.ToJsonString()));
        Assert.True((await store.Commit(unit, ct)).IsDone);
        // A change of any asset has the server read them all anew.
        await admin.Said(HttpMethod.Post, $"/rest/asset/{rows["whois"].Id}", new { description = "read again" });
        var before = await Calls(site);

        foreach (var name in new[] { "splunk", "windows_server", "servicenow" })
        {
            var test = await admin.Said(HttpMethod.Post, $"/rest/asset/{rows[name].Id}/test", new { });
            Assert.Contains("enter it again", test.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.False(witness.SawSomebody);
        Assert.Equal(before, await Calls(site));
    }

    [Fact]
    public async Task T10_NoParameterOfAnAction_LeadsCredentialsToAnotherHostOrPath()
    {
        using var witness = new Witness();
        await using var site = await Site.Open();
        using var admin = site.AsAdmin();
        var elsewhere = new[] { "PLACE", "http://PLACE/x", "//PLACE/x", "@PLACE/x", "../../../../PLACE", "..%2f..%2fx", "x/../../../y", "x?y=z", "x#y", "\\\\PLACE\\x", "x:y@PLACE", "x\r\nHost: PLACE" }
            .Select(text => text.Replace("PLACE", $"127.0.0.1:{witness.Port}", StringComparison.Ordinal)).ToList();
        var actions = new (string Asset, string Action, string[] Parameters, string Path)[]
        {
            ("servicenow", "get ticket", ["table", "id"], "/servicenow/api/now/"),
            ("servicenow", "create ticket", ["table", "short_description"], "/servicenow/api/now/"),
            ("servicenow", "update ticket", ["table", "id"], "/servicenow/api/now/"),
            ("shodan", "query ip", ["ip"], "/shodan/shodan/host/"),
            ("shodan", "query domain", ["domain"], "/shodan/shodan/host/"),
            ("splunk", "run query", ["query"], "/splunk/services"),
            ("splunk", "post data", ["host", "index", "source"], "/splunk/services"),
            ("windows_server", "get system attributes", ["hostname"], ""),
            ("whois", "whois domain", ["domain"], ""),
            ("whois", "whois ip", ["ip"], ""),
        };
        foreach (var (asset, action, parameters, _) in actions)
        {
            var sets = parameters.SelectMany(parameter => elsewhere.Select(text => new JsonObject
            {
                ["id"] = "INC0010001", ["table"] = "incident", ["short_description"] = "x", ["description"] = "x", ["fields"] = "{}", ["data"] = "x", [parameter] = text,
            })).ToArray();
            var asked = await admin.Said(HttpMethod.Post, "/rest/action_run", new { action, targets = new[] { new { assets = new[] { asset }, parameters = sets } } });
            Assert.True(asked.TryGetProperty("action_run_id", out _), asked.ToString());
        }

        while ((await admin.Said(HttpMethod.Get, "/rest/action_run?_filter_status=\"pending\"")).GetProperty("count").GetInt64() > 0)
        {
            await Task.Yield();
        }

        Assert.False(witness.SawSomebody);
        using var lab = new HttpClient { BaseAddress = new Uri(site.Lab.Url) };
        var requests = (await lab.Said(HttpMethod.Get, "/_lab/requests")).EnumerateArray().Select(seen => seen.GetProperty("path").GetString()!).ToList();
        Assert.NotEmpty(requests);
        Assert.All(requests.Where(path => !path.StartsWith("/rdap/", StringComparison.Ordinal)), path => Assert.Contains(actions, action => action.Path.Length > 0 && path.StartsWith(action.Path, StringComparison.Ordinal)));
    }

    private static async Task<(long Id, JsonObject Configuration)> Asset(HttpClient admin, string name)
    {
        var found = (await admin.Said(HttpMethod.Get, $"/rest/asset?_filter_name=\"{name}\"")).GetProperty("data")[0];
        return (found.GetProperty("id").GetInt64(), JsonNode.Parse(found.GetProperty("configuration").GetRawText())!.AsObject());
    }

    private static async Task<string> Calls(Site site)
    {
        using var lab = new HttpClient { BaseAddress = new Uri(site.Lab.Url) };
        return (await lab.Said(HttpMethod.Get, "/_lab/calls")).ToString();
    }

    /// <summary>Listens and never answers: a connection stays in its queue, so it is seen also when its caller has gone.</summary>
    private sealed class Witness : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Witness() => _listener.Start();

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public bool SawSomebody => _listener.Pending();

        public void Dispose() => _listener.Dispose();
    }
}
