using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Vedette.Lab.Company;

namespace Vedette.Lab.Alerts;

/// <summary>Raises the alert <em>Suspicious outbound connection</em> and pushes it as the Splunk side does: the container first, then its artifact.</summary>
public sealed class SplunkPush(HttpClient server, string token)
{
    /// <summary>Pushes the alert; different <paramref name="index"/>es are different hosts, users and destinations.</summary>
    /// <returns>The ids the server answered.</returns>
    public async Task<(long Container, long Artifact)> Send(int index, CancellationToken ct = default)
    {
        var (container, artifact) = Alert(index);
        var containerId = await Post("/rest/container", container(0), ct);
        return (containerId, await Post("/rest/artifact", artifact(containerId), ct));
    }

    /// <summary>The bodies of the two requests; the second takes the id the first was answered with.</summary>
    public static (Func<long, string> Container, Func<long, string> Artifact) Alert(int index)
    {
        var computer = Halden.AlertSources[index % Halden.AlertSources.Count];
        var destination = Destinations.All[index / Halden.AlertSources.Count % Destinations.All.Length];
        var now = DateTimeOffset.UtcNow;
        var eventId = $"{Guid.NewGuid():N}@@notable@@{index}";
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return (
            _ => JsonSerializer.Serialize(new
            {
                name = "Suspicious outbound connection",
                description = $"{computer.Name} sent {destination.BytesOut / 1_000_000} MB to a destination first seen today",
                label = "events",
                severity = "medium",
                sensitivity = "amber",
                source_data_identifier = eventId,
                start_time = time,
                run_automation = false,
                tags = new[] { "splunk", "exfiltration" },
                data = new { sid = $"scheduler__admin__search__{index}", search_name = "Suspicious outbound connection", owner = "admin", app = "SplunkEnterpriseSecuritySuite" },
            }),
            containerId => JsonSerializer.Serialize(new
            {
                container_id = containerId,
                name = "Outbound connection",
                label = "event",
                type = "network",
                severity = "medium",
                source_data_identifier = $"{eventId}-0",
                start_time = time,
                run_automation = true,
                cef = new Dictionary<string, string>
                {
                    ["sourceAddress"] = computer.Address,
                    ["sourceHostName"] = computer.Name.ToLowerInvariant(),
                    ["sourceUserId"] = computer.User,
                    ["destinationAddress"] = destination.Address,
                    ["destinationHostName"] = destination.Host,
                    ["destinationDnsDomain"] = destination.Host,
                    ["destinationPort"] = destination.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ["requestURL"] = $"https://{destination.Host}{destination.Path}",
                    ["transportProtocol"] = "tcp",
                    ["act"] = "allowed",
                    ["deviceDirection"] = "1",
                    ["bytesOut"] = destination.BytesOut.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ["deviceHostname"] = "fw-edge-02",
                    ["cat"] = "exfiltration",
                    ["event_id"] = eventId,
                },
            }));
    }

    private async Task<long> Post(string path, string body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("ph-auth-token", token);
        using var response = await server.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.True
            ? answer.RootElement.GetProperty("id").GetInt64()
            : throw new InvalidOperationException($"The server did not take the alert at {path}: {(int)response.StatusCode} {text}");
    }
}
