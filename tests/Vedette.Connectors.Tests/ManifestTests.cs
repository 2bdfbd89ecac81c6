using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Connectors.ServiceNow;
using Vedette.Connectors.Shodan;
using Vedette.Connectors.Splunk;
using Vedette.Connectors.Whois;
using Vedette.Connectors.WindowsServer;
using Vedette.Lab;
using Vedette.Sdk;

namespace Vedette.Connectors.Tests;

/// <summary>
/// Our manifests against those of the original apps, of which <c>Originals/</c> holds what playbooks depend on. Every difference stands
/// below with its reason; one that is not there, or is no longer one, fails.
/// </summary>
public sealed class ManifestTests
{
    private const string NoVault = "connectors have no way into the vault";
    private const string OldVersions = "only versions before 2.0 of the original gave it";
    private const string Profile = "what the profile of a device needs beside the original's paths";

    private static readonly Dictionary<string, string> Deliberate = new()
    {
        ["servicenow: create ticket lacks parameter vault_id"] = NoVault,
        ["servicenow: create ticket lacks output action_result.parameter.vault_id"] = NoVault,
        ["servicenow: update ticket lacks parameter vault_id"] = NoVault,
        ["servicenow: update ticket lacks output action_result.parameter.vault_id"] = NoVault,
        ["whois: whois ip lacks output action_result.data.*.nets.*.abuse_emails"] = OldVersions,
        ["whois: whois ip lacks output action_result.data.*.nets.*.misc_emails"] = OldVersions,
        ["whois: whois ip lacks output action_result.data.*.nets.*.tech_emails"] = OldVersions,
        ["whois: whois domain adds output action_result.summary.creation_date"] = "a playbook asks how young a domain is, and would have to read a list of texts",
        ["whois: whois domain adds output action_result.summary.registered"] = "the original's message is the same for a domain nobody holds and for a silent registry",
        ["windows_server: get system attributes adds output action_result.data.*.description"] = Profile,
        ["windows_server: get system attributes adds output action_result.data.*.guid"] = Profile,
        ["windows_server: get system attributes adds output action_result.data.*.managedby"] = Profile,
        ["windows_server: get system attributes adds output action_result.data.*.memberof"] = Profile,
        ["windows_server: get system attributes adds output action_result.data.*.sid"] = Profile,
        ["windows_server: get attributes parameter principals is string required {user name}, not string required"] = "so that the console offers the action on a user name",
    };

    /// <summary>The original's manifest says string; its data holds the number that Shodan gives, and so does ours.</summary>
    private const string WrittenDownWrong = "action_result.data.*.ip is not string";

    public static TheoryData<string> Names => new("splunk", "windows_server", "whois", "shodan", "servicenow");

    [Theory]
    [MemberData(nameof(Names))]
    public void Manifest_PromisesWhatTheOriginalDoes_ButForWhatIsListed(string name)
    {
        var ours = BuiltInConnectors.All().Single(connector => Named(connector) == name).Manifest;
        var originals = Read(Path.Combine(AppContext.BaseDirectory, "Originals", name + ".txt"));
        var differences = originals.SelectMany(action => Differences(action.Key, action.Value, ours)).Select(difference => $"{name}: {difference}").ToList();
        Assert.Equal(Deliberate.Keys.Where(key => key.StartsWith(name + ":", StringComparison.Ordinal)).Order(StringComparer.Ordinal), differences.Order(StringComparer.Ordinal));
        Assert.Equal(originals.Keys.Order(StringComparer.Ordinal), ours.Actions.Select(action => action.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>Every asset can be slowed down in the same way; only Shodan and WHOIS have a limit where nobody said one.</summary>
    [Theory]
    [InlineData("splunk", 0)]
    [InlineData("windows_server", 0)]
    [InlineData("whois", 2)]
    [InlineData("shodan", 1)]
    [InlineData("servicenow", 0)]
    public void Manifest_HasALimitOfRequestsPerSecond(string name, int otherwise)
    {
        var field = BuiltInConnectors.All().Single(connector => Named(connector) == name).Manifest.Configuration.Single(one => one.Name == "requests_per_second");
        Assert.Equal(("numeric", otherwise), (field.Type, field.Default!.Value.GetInt32()));
        Assert.Contains("0 for no limit", field.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("splunk", "run query", """{"query":"index=netfw src_host=wks-0417"}""")]
    [InlineData("windows_server", "get system attributes", """{"hostname":"wks-0417"}""")]
    [InlineData("windows_server", "get attributes", """{"principals":"jdoe","attributes":"*"}""")]
    [InlineData("whois", "whois domain", """{"domain":"example.net"}""")]
    [InlineData("whois", "whois ip", """{"ip":"198.51.100.77"}""")]
    [InlineData("shodan", "query ip", """{"ip":"198.51.100.77"}""")]
    [InlineData("shodan", "query domain", """{"domain":"example.net"}""")]
    [InlineData("servicenow", "create ticket", """{"short_description":"x"}""")]
    public async Task Answer_HoldsTheTypesItsManifestNames(string name, string action, string parameters)
    {
        await using var lab = await AtTheLab.Start();
        var connector = BuiltInConnectors.All().Single(one => Named(one) == name);
        var answer = await lab.Run(connector, action, JsonSerializer.Deserialize<JsonElement>(parameters), Settings(lab, name));
        Assert.True(answer.Success, answer.Message);
        Assert.NotEmpty(answer.Data);
        var wrong = new List<string>();
        foreach (var (path, type) in Outputs(connector.Manifest, action))
        {
            var root = path.StartsWith("action_result.data.*.", StringComparison.Ordinal) ? ("action_result.data.*.", (JsonNode)answer.Data)
                : path.StartsWith("action_result.summary.", StringComparison.Ordinal) ? ("action_result.summary.", answer.Summary) : ("", null!);
            if (root.Item1.Length > 0)
            {
                var steps = (root.Item2 is JsonArray ? "*." : "") + path[root.Item1.Length..];
                wrong.AddRange(At(root.Item2, steps.Split('.')).Where(node => !Fits(node, type)).Select(node => $"{path} is not {type}: {node.ToJsonString()}"));
            }
        }

        Assert.DoesNotContain(wrong, one => !one.StartsWith(WrittenDownWrong, StringComparison.Ordinal));
    }

    private static Dictionary<string, object?> Settings(AtTheLab lab, string name) => name switch
    {
        "splunk" => new() { ["device"] = lab.Lab.SplunkUrl, ["api_token"] = LabCredentials.SplunkToken },
        "windows_server" => new()
        {
            ["server"] = lab.Lab.LdapHost, ["port"] = lab.Lab.LdapPort, ["force_ssl"] = false, ["username"] = LabCredentials.LdapUser, ["password"] = LabCredentials.LdapPassword,
        },
        "whois" => new() { ["server"] = lab.Lab.WhoisHost, ["port"] = lab.Lab.WhoisPort, ["asn_server"] = $"{lab.Lab.WhoisHost}:{lab.Lab.WhoisPort}", ["referral_servers"] = lab.Lab.WhoisServers },
        "shodan" => new() { ["base_url"] = lab.Lab.ShodanUrl, ["api_key"] = LabCredentials.ShodanKey },
        _ => new() { ["url"] = lab.Lab.ServiceNowUrl, ["username"] = LabCredentials.ServiceNowUser, ["password"] = LabCredentials.ServiceNowPassword },
    };

    private static IEnumerable<JsonNode> At(JsonNode? node, ReadOnlyMemory<string> steps) => (node, steps.Length) switch
    {
        (null, _) => [],
        (_, 0) => [node],
        (JsonArray items, _) when steps.Span[0] == "*" => items.SelectMany(item => At(item, steps[1..])),
        (JsonObject members, _) when steps.Span[0] == "*" => members.SelectMany(member => At(member.Value, steps[1..])),
        (JsonObject members, _) => members.TryGetPropertyValue(steps.Span[0], out var inner) ? At(inner, steps[1..]) : [],
        _ => [],
    };

    /// <summary>The field's manifests write down lists and objects as strings, and the lists with or without a star.</summary>
    private static bool Fits(JsonNode node, string type) => node is JsonArray or JsonObject ? type == "string" : node.GetValueKind() switch
    {
        JsonValueKind.Number => type == "numeric",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "string",
    };

    private static IEnumerable<string> Differences(string name, Original original, Manifest ours)
    {
        if (ours.Find(name) is not { } action)
        {
            yield break;
        }

        if (action.Identifier != original.Identifier || action.Type != original.Type || action.ReadOnly != original.Reads)
        {
            yield return $"{name} is {action.Identifier} {action.Type} {(action.ReadOnly ? "reads" : "writes")}";
        }

        var parameters = action.Parameters.ToDictionary(
            one => one.Name, one => $"{one.Type} {(one.Required ? "required" : "optional")}{string.Concat(one.Contains.Select(type => $" {{{type}}}"))}");
        foreach (var (parameter, form) in original.Parameters)
        {
            if (!parameters.TryGetValue(parameter, out var own))
            {
                yield return $"{name} lacks parameter {parameter}";
            }
            else if (own != form)
            {
                yield return $"{name} parameter {parameter} is {own}, not {form}";
            }
        }

        foreach (var extra in parameters.Keys.Except(original.Parameters.Keys))
        {
            yield return $"{name} adds parameter {extra}";
        }

        // An action without any output has none written down, in either app.
        var outputs = Outputs(ours, name);
        foreach (var (path, type) in original.Outputs)
        {
            if (!outputs.TryGetValue(path, out var own))
            {
                yield return $"{name} lacks output {path}";
            }
            else if (own != type)
            {
                yield return $"{name} output {path} is {own}, not {type}";
            }
        }

        foreach (var extra in outputs.Keys.Except(original.Outputs.Keys))
        {
            yield return $"{name} adds output {extra}";
        }
    }

    private static Dictionary<string, string> Outputs(Manifest manifest, string action) => manifest.Json.GetProperty("actions").EnumerateArray()
        .Single(one => one.GetProperty("action").GetString() == action).GetProperty("output").EnumerateArray()
        .ToDictionary(one => one.GetProperty("data_path").GetString()!, one => one.GetProperty("data_type").GetString()!);

    private static Dictionary<string, Original> Read(string file)
    {
        Dictionary<string, Original> actions = [];
        Original? action = null;
        foreach (var line in File.ReadAllLines(file).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var (head, tail) = (line[..line.IndexOf(": ", StringComparison.Ordinal)].Trim(), line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..]);
            var (kind, name) = (head.Split(' ', 2)[0], head.Split(' ', 2)[1]);
            switch (kind)
            {
                case "action":
                    var words = tail.Split(' ', 2);
                    action = actions[name] = new Original(words[0], words[1][..words[1].LastIndexOf(' ')], words[1].EndsWith(" reads", StringComparison.Ordinal), [], []);
                    break;
                case "parameter":
                    action!.Parameters.Add(name, tail);
                    break;
                default:
                    action!.Outputs[name] = tail.Split(" {")[0];
                    break;
            }
        }

        return actions;
    }

    private static string Named(IConnector connector) => connector switch
    {
        SplunkConnector => "splunk",
        WindowsServerConnector => "windows_server",
        WhoisConnector => "whois",
        ShodanConnector => "shodan",
        ServiceNowConnector => "servicenow",
        _ => throw new InvalidOperationException($"No name for {connector}."),
    };

    private sealed record Original(string Identifier, string Type, bool Reads, Dictionary<string, string> Parameters, Dictionary<string, string> Outputs);
}
