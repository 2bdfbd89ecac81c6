using System.Net;
using System.Text.Json.Nodes;
using Vedette.Lab.Alerts;

namespace Vedette.Lab.Tests;

public sealed class AlertsTests
{
    [Fact]
    public void FirstAlert_IsTheWorkstationSendingToTheYoungDomain()
    {
        var cef = new SplunkAlerts("t", new ManualClock()).Artifact(0, 7)["cef"]!;

        Assert.Equal("10.20.14.57", (string?)cef["sourceAddress"]);
        Assert.Equal("jdoe", (string?)cef["sourceUserId"]);
        Assert.Equal("198.51.100.77", (string?)cef["destinationAddress"]);
        Assert.Equal("cdn-telemetry.example.net", (string?)cef["destinationDnsDomain"]);
        Assert.All(cef.AsObject(), field => Assert.Equal(System.Text.Json.JsonValueKind.String, field.Value!.GetValueKind()));
    }

    [Fact]
    public void Stories_AreAllDifferentAndSoAreTheirIdentifiers()
    {
        var alerts = new SplunkAlerts("t", new ManualClock());
        var all = Enumerable.Range(0, SplunkAlerts.Stories).ToList();

        Assert.Equal(60, all.Select(index => (string?)alerts.Container(index)["description"]).Distinct().Count());
        Assert.Equal(60, all.Select(alerts.SourceDataIdentifier).Distinct().Count());
    }

    [Fact]
    public async Task Pusher_PostsTheContainerThenTheArtifactThatStartsAutomation()
    {
        using var server = new RecordingServer();
        using var http = new HttpClient(server) { BaseAddress = new("http://soar.example/") };

        var pushed = await new SplunkPusher(http, "token-1", new("t", new ManualClock())).Push(0, RunningLab.Ct);

        Assert.Equal(new PushedAlert(1207, 8801), pushed);
        Assert.Equal(["/rest/container", "/rest/artifact"], server.Seen.Select(each => each.Path));
        Assert.All(server.Seen, each => Assert.Equal("token-1", each.Token));
        Assert.False((bool)server.Seen[0].Body["run_automation"]!);
        Assert.True((bool)server.Seen[1].Body["run_automation"]!);
        Assert.Equal(1207, (long)server.Seen[1].Body["container_id"]!);
    }

    private sealed class RecordingServer : HttpMessageHandler
    {
        internal List<(string Path, string Token, JsonNode Body)> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            Seen.Add((request.RequestUri!.AbsolutePath, request.Headers.GetValues("ph-auth-token").Single(), body));
            return new(HttpStatusCode.OK) { Content = new StringContent($$"""{"success": true, "id": {{(Seen.Count == 1 ? 1207 : 8801)}}}""") };
        }
    }
}
