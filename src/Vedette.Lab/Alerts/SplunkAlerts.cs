using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Lab.Company;

namespace Vedette.Lab.Alerts;

/// <summary>
/// The alert <em>Suspicious outbound connection</em> as a Splunk search hands it over. An index chooses machine, person and
/// destination, so the same index always tells the same story; index 0 is WKS-0417 sending to the young domain.
/// </summary>
/// <param name="batch">Keeps the identifiers of one round apart from those of another.</param>
/// <param name="distinct">Each alert goes to a domain of its own, so that none is the repeat of another: for load.</param>
public sealed class SplunkAlerts(string batch, TimeProvider clock, bool distinct = false)
{
    public const string Name = "Suspicious outbound connection";

    /// <summary>After so many indexes the stories repeat, with identifiers of their own.</summary>
    public static int Stories { get; } = Halden.AlertSources.Count * Destinations.All.Length;

    public string SourceDataIdentifier(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{batch}{index:x8}@@notable@@{(uint)index * 2654435761u:x8}");

    /// <summary>The body of <c>POST /rest/container</c>.</summary>
    public JsonObject Container(int index)
    {
        var (computer, destination) = Story(index);
        var megabytes = (destination.BytesOut / 1_048_576).ToString(CultureInfo.InvariantCulture);
        return new()
        {
            ["name"] = Name,
            ["description"] = $"{computer.Name.ToLowerInvariant()} sent {megabytes} MB to {destination.Host}, a destination first seen today",
            ["label"] = "events",
            ["severity"] = Severity(computer, destination),
            ["sensitivity"] = "amber",
            ["status"] = "new",
            ["source_data_identifier"] = SourceDataIdentifier(index),
            ["start_time"] = Stamp("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
            ["tags"] = new JsonArray("splunk", "exfiltration"),
            ["run_automation"] = false,
            ["data"] = new JsonObject
            {
                ["sid"] = $"scheduler__admin__search__RMD5_at_{clock.GetUtcNow().ToUnixTimeSeconds()}_{index}",
                ["search_name"] = "Threat - " + Name,
                ["owner"] = "admin",
                ["app"] = "SplunkEnterpriseSecuritySuite",
            },
        };
    }

    /// <summary>The body of <c>POST /rest/artifact</c>, the one that starts the playbooks. Splunk's values are strings throughout.</summary>
    public JsonObject Artifact(int index, long containerId)
    {
        var (computer, destination) = Story(index);
        var id = SourceDataIdentifier(index);
        var sent = destination.BytesOut.ToString(CultureInfo.InvariantCulture);
        var fromPort = (49_152 + (index * 37 + 3970) % 16_000).ToString(CultureInfo.InvariantCulture);
        var toPort = destination.Port.ToString(CultureInfo.InvariantCulture);
        var severity = Severity(computer, destination);
        return new()
        {
            ["container_id"] = containerId,
            ["name"] = "Outbound connection",
            ["label"] = "event",
            ["type"] = "network",
            ["severity"] = severity,
            ["source_data_identifier"] = id + "-0",
            ["start_time"] = Stamp("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
            ["run_automation"] = true,
            ["cef"] = new JsonObject
            {
                ["sourceAddress"] = computer.Address,
                ["sourceHostName"] = computer.Name.ToLowerInvariant(),
                ["sourcePort"] = fromPort,
                ["sourceUserId"] = computer.User,
                ["destinationAddress"] = destination.Address,
                ["destinationHostName"] = destination.Host,
                ["destinationDnsDomain"] = destination.Host,
                ["destinationPort"] = toPort,
                ["requestURL"] = $"https://{destination.Host}{destination.Path}",
                ["requestMethod"] = "POST",
                ["transportProtocol"] = "tcp",
                ["app"] = "ssl",
                ["act"] = "allowed",
                ["deviceDirection"] = "1",
                ["bytesOut"] = sent,
                ["bytesIn"] = "90214",
                ["deviceHostname"] = "fw-edge-02",
                ["startTime"] = Stamp("yyyy-MM-dd'T'HH:mm:ss'Z'"),
                ["cat"] = "exfiltration",
                ["event_id"] = id,
                ["risk_score"] = severity switch { "high" => "76", "medium" => "48", _ => "21" },
                ["urgency"] = severity,
            },
            ["cef_types"] = new JsonObject
            {
                ["event_id"] = new JsonArray("splunk notable event id"),
                ["destinationHostName"] = new JsonArray("domain", "host name"),
            },
            ["data"] = new JsonObject
            {
                ["_raw"] = $"fw-edge-02 allow tcp {computer.Address}:{fromPort} -> {destination.Address}:{toPort} sent={sent}",
            },
        };
    }

    /// <summary>Every pair of machine and destination comes once before any comes again.</summary>
    private (Computer Computer, Destination Destination) Story(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var machines = Halden.AlertSources.Count;
        var round = index / machines;
        var destination = distinct ? Destinations.Distinct(index) : Destinations.All[(index + round) % Destinations.All.Length];
        return (Halden.AlertSources[index % machines], destination);
    }

    private string Severity(Computer computer, Destination destination) => destination.Domain switch
    {
        Destinations.OwnDomain => "low",
        _ when computer.Kind is ComputerKind.DomainController or ComputerKind.Server => "high",
        Destinations.YoungDomain or Destinations.UnregisteredDomain => "high",
        _ when distinct => "high",
        _ => "medium",
    };

    private string Stamp(string format) => clock.GetUtcNow().UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
