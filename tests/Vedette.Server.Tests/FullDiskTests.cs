using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Lab;
using Vedette.Lab.Alerts;

namespace Vedette.Server.Tests;

/// <summary>
/// The disk is full while the server works: its files are kept from growing by the operating system, which fails its writes as a full disk
/// does, and needs no administrator.
/// </summary>
public sealed class FullDiskTests
{
    [Fact(Timeout = 60_000)]
    public async Task DiskFull_NothingHalfIsStoredAndTheServerGoesOnWhenThereIsRoom()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var site = await Place.Open();

        await Room(site.Server, false);
        var refused = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => site.Client.PostAsJsonAsync(
            "/rest/container", new { name = $"lost {i}", label = "events", artifacts = new[] { new { cef = new { a = "b" } } } }, ct)));
        await site.Server.Logged("The store could not write");

        foreach (var response in refused)
        {
            Assert.Equal(503, (int)response.StatusCode);
            Assert.Equal(
                "The store cannot write at the moment (is the disk full?). Nothing was stored; try again later.",
                (await response.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("message").GetString());
            response.Dispose();
        }

        Assert.Equal(0, await site.Count("container"));
        Assert.Equal(0, await site.Count("artifact"));
        await Room(site.Server, true);
        using var taken = await site.Client.PostAsJsonAsync("/rest/container", new { name = "kept", label = "events" }, ct);
        Assert.Equal(200, (int)taken.StatusCode);
        await site.Push("a");
        await site.Lab.TicketsReached(1, ct);
        await site.NothingOpen();
    }

    [Fact(Timeout = 60_000)]
    public async Task DiskFullDuringARun_TheRunWaitsAndEndsWithOneTicket()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var site = await Place.Open();
        using var slow = new StringContent("""{"system":"servicenow","latency_ms":300}""");
        (await site.Control.PostAsync("/_lab/behaviour", slow, ct)).EnsureSuccessStatusCode();
        var container = await site.Push("a");
        while ((await site.Control.GetFromJsonAsync<JsonElement>("/_lab/calls", ct)).GetProperty("servicenow").GetInt64() == 0)
        {
            await Task.Yield();
        }

        // The call is on its way: its answer finds a disk that is full.
        await Room(site.Server, false);
        await site.Server.Logged("waits for the store to write again");
        await Room(site.Server, true);
        await site.NothingOpen();

        Assert.Equal(1, (await site.Control.GetFromJsonAsync<JsonElement>("/_lab/tickets", ct)).GetArrayLength());
        var run = (await site.Client.GetFromJsonAsync<JsonElement>($"/rest/container/{container}/playbook_runs", ct)).GetProperty("data")[0];
        Assert.Equal("success", run.GetProperty("status").GetString());
    }

    /// <summary>Lets the server's files grow, or none beyond what any of them has.</summary>
    private static async Task Room(ServerProcess server, bool much)
    {
        using var set = Process.Start("prlimit", ["--pid", server.Pid.ToString(CultureInfo.InvariantCulture), $"--fsize={(much ? "unlimited" : "4096")}:"]);
        await set.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, set.ExitCode);
    }

    private sealed class Place : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

        private Place(Lab.Lab lab) => (Lab, Control) = (lab, new HttpClient { BaseAddress = new Uri(lab.Url) });

        private static CancellationToken Ct => TestContext.Current.CancellationToken;

        public Lab.Lab Lab { get; }

        public HttpClient Control { get; }

        public ServerProcess Server { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        public static async Task<Place> Open()
        {
            var place = new Place(await Vedette.Lab.Lab.Start(new LabOptions(), TestContext.Current.CancellationToken));
            place.Server = await ServerProcess.Start(place._folder, new Uri(place.Lab.Url), place._token, "Warning");
            place.Client = new HttpClient { BaseAddress = place.Server.Url };
            place.Client.DefaultRequestHeaders.Add("ph-auth-token", place._token);
            return place;
        }

        public async Task<long> Push(string batch) => (await new SplunkPusher(Client, _token, new SplunkAlerts(batch, TimeProvider.System)).Push(0, Ct)).ContainerId;

        public async Task<long> Count(string type) => (await Client.GetFromJsonAsync<JsonElement>($"/rest/{type}", Ct)).GetProperty("count").GetInt64();

        public async Task NothingOpen()
        {
            while ((await Client.GetFromJsonAsync<JsonElement>("/rest/playbook_run?_filter_status__in=[\"pending\",\"running\"]", Ct)).GetProperty("count").GetInt64() > 0)
            {
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            Server.Dispose();
            Control.Dispose();
            await Lab.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
