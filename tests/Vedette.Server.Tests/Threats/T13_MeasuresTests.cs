using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Vedette.Engine.Storage;

namespace Vedette.Server.Tests.Threats;

/// <summary>What is measured leaves the house: ids and counts, never what an alert said.</summary>
public sealed class T13_MeasuresTests
{
    private const string Canary = "canary-7f3a91";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task T13_Metrics_NeedASignInAndHoldNothingOfAnAlert()
    {
        await using var collector = new Collector();
        await using var site = await Site.Open(setup: options => options with { Metrics = true, Otlp = collector.Url });
        using var stranger = new HttpClient { BaseAddress = site.Server.Url };
        using var refused = await stranger.GetAsync("/metrics", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.DoesNotContain("vedette_", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);

        var artifact = new { name = Canary, label = "event", cef = new { sourceAddress = "203.0.113.77", fileName = Canary, requestURL = $"https://{Canary}.example/" } };
        using var posted = await site.Client.PostAsJsonAsync("/rest/container", new { name = Canary, label = "events", description = Canary, source_data_identifier = Canary, artifacts = new[] { artifact } }, Ct);
        Assert.Equal(HttpStatusCode.OK, posted.StatusCode);
        using var searched = await site.Client.GetAsync($"/rest/container?_filter_name=\"{Canary}\"&{Canary}=1", Ct);
        using var unknown = await site.Client.GetAsync($"/rest/{Canary}", Ct);
        Assert.Equal("success", (await site.RunEnded(await site.SendAlert())).Status);

        string metrics;
        do
        {
            metrics = await site.Client.GetStringAsync("/metrics", Ct);
        }
        while (!metrics.Contains("vedette_run_duration", StringComparison.Ordinal));

        foreach (var name in new[]
        {
            "\nvedette_alerts_total{outcome=\"new\"} ", "\n# TYPE vedette_turn_duration_seconds histogram\n", "\nvedette_turn_duration_seconds_bucket{outcome=\"success\",le=\"+Inf\"} ",
            "\nvedette_action_duration_seconds_count{status=\"success\",reach=\"records\"} ", "\nvedette_runs_pending 0\n", "\nvedette_outbox 0\n", "\nvedette_disk_free_bytes ", "\nvedette_store_reached 1\n",
        })
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }

        var values = await Values(site);
        await site.Server.DisposeAsync();
        await site.StartServer();
        var sent = collector.All();
        Assert.Contains("automation", sent, StringComparison.Ordinal);
        Assert.Contains("vedette.alerts", sent, StringComparison.Ordinal);
        Assert.All(values, value =>
        {
            Assert.DoesNotContain(value, metrics, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(value, sent, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task T13_MetricsSwitchedOff_AreNotThere()
    {
        await using var site = await Site.Open();

        using var answer = await site.Client.GetAsync("/metrics", Ct);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    /// <summary>The canary, the token, and every text of the alert that went all the way.</summary>
    private static async Task<IReadOnlyList<string>> Values(Site site)
    {
        var values = new List<string> { Canary, "203.0.113.77", site.Token, site.Password };
        foreach (var row in await site.Server.Store.Select<ContainerRow>(new Query(), Ct))
        {
            values.Add(row.Name);
            values.Add(row.SourceDataIdentifier);
        }

        foreach (var row in await site.Server.Store.Select<ArtifactRow>(new Query(), Ct))
        {
            using var cef = System.Text.Json.JsonDocument.Parse(row.Cef);
            values.AddRange(cef.RootElement.EnumerateObject().Select(field => field.Value.ToString()));
        }

        // A short one (a port, "tcp") is in any text by chance.
        return [.. values.Where(value => value.Length > 6).Distinct()];
    }

    /// <summary>Takes whatever is sent to it and keeps it.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<string> _taken = new();
        private readonly Task _work;

        public Collector()
        {
            _listener.Start();
            _work = Take();
        }

        public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public string All() => string.Join('\n', _taken);

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _work;
        }

        private async Task Take()
        {
            var conversations = new List<Task>();
            try
            {
                while (true)
                {
                    conversations.Add(Converse(await _listener.AcceptTcpClientAsync()));
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(conversations);
            }
        }

        /// <summary>One request for each connection: its end is where its length says.</summary>
        private async Task Converse(TcpClient client)
        {
            using (client)
            {
                var stream = client.GetStream();
                var text = new StringBuilder();
                var buffer = new byte[65_536];
                int read;
                while (!Whole(text.ToString()) && (read = await stream.ReadAsync(buffer)) > 0)
                {
                    text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                _taken.Enqueue(text.ToString());
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
        }

        private static bool Whole(string text)
        {
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head < 0)
            {
                return false;
            }

            var length = text[..head].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            return length is null ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) : text.Length >= head + 4 + int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
