using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Vedette.Lab.Alerts;

public readonly record struct PushedAlert(long ContainerId, long ArtifactId);

/// <summary>Splunk's side of forwarding an alert: the container without automation, then the artifact that starts it.</summary>
/// <param name="http">With the server's URL as its base address; the caller owns it.</param>
/// <param name="token">Goes with each request as <c>ph-auth-token</c>.</param>
public sealed class SplunkPusher(HttpClient http, string token, SplunkAlerts alerts)
{
    public async Task<PushedAlert> Push(int index, CancellationToken ct)
    {
        var container = await Post("rest/container", alerts.Container(index), ct);
        var artifact = await Post("rest/artifact", alerts.Artifact(index, container), ct);
        return new(container, artifact);
    }

    private async Task<long> Post(string path, JsonObject body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("ph-auth-token", token);
        using var response = await http.SendAsync(request, ct);
        var text = await response.Content.ReadAsStringAsync(ct);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{path} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        }

        var answer = JsonNode.Parse(text) as JsonObject;
        // A duplicate names the record that is there already: a push that is repeated goes on with it.
        return answer?["id"]?.GetValue<long>() ?? answer?["existing_container_id"]?.GetValue<long>()
            ?? answer?["existing_artifact_id"]?.GetValue<long>()
            ?? throw new HttpRequestException($"{path} answered without an id: {text}");
    }
}
