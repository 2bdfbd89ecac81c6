using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vedette.Lab;
using Vedette.Lab.Alerts;

namespace Vedette.Program.Tests;

public sealed class StopSwitchTests : ProgramTest
{
    private const string Waits = "waits: the stop switch is on";

    [Fact]
    public async Task T21_StoppedKilledStartedAgain_NothingLeavesUntilResumedAndAllIsOnRecord()
    {
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        await using (var first = await Serve("--lab", lab.Url))
        {
            Assert.Equal(0, (await AsAdmin("stop", "--reason", "a trial")).Status);
            using var client = first.Client(Token);
            await new SplunkPusher(client, Token, new SplunkAlerts("a", TimeProvider.System)).Push(0, Ct);
            await first.Line(Waits);
            await first.Kill();
        }

        await using var second = await Serve("--lab", lab.Url);
        await second.Line("The stop switch is on: no action leaves (a trial). To go on: vedette resume");
        await second.Line(Waits);
        Assert.Equal(0, await Calls(lab));

        Assert.Equal(0, (await AsAdmin("resume")).Status);

        await lab.TicketsReached(1, Ct);
        var acts = await Acts(second.Url);
        Assert.Equal(["stopped admin a trial", "released admin "], acts);
    }

    [Fact]
    public async Task T21_TokenMayNotMoveTheSwitch_UnlessItsUserMayStop_AndNeverLiftsIt()
    {
        await using var server = await Serve();

        var stop = await ByToken("stop");
        Assert.Equal(1, stop.Status);
        Assert.Contains("does not have permission", stop.Complained, StringComparison.Ordinal);

        await Promote(server.Url);
        Assert.Equal(0, (await ByToken("stop")).Status);
        using var client = server.Client(Token);
        using var lifted = await client.PostAsJsonAsync("/rest/stop_switch", new { stopped = false }, Ct);
        Assert.Equal(HttpStatusCode.Forbidden, lifted.StatusCode);
        Assert.Contains("sign in as a person", await lifted.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.True((await Json(client, "/rest/stop_switch")).GetProperty("stopped").GetBoolean());
    }

    [Fact]
    public async Task T21_StoppedWithoutAServer_TheNextOneStartsStopped()
    {
        await StoreThere();

        Assert.Equal(0, (await AsAdmin("stop", "--reason", "restored from a backup")).Status);

        await using var server = await Serve();
        await server.Line("The stop switch is on: no action leaves (restored from a backup).");
        var status = await AsAdmin("status", "--json");
        Assert.True(JsonSerializer.Deserialize<JsonElement>(status.Said).GetProperty("stopped").GetBoolean());
    }

    [Fact]
    public async Task NoServerAndNoStore_SaysWhereItLooked()
    {
        var ended = await AsAdmin("stop");

        Assert.Equal(1, ended.Status);
        Assert.Contains($"No server runs with the data folder {Data}", ended.Complained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongPassword_IsRefusedWithASentence()
    {
        await using var server = await Serve();

        var ended = await Program.Run(["stop", "--url", server.Url.ToString(), "--user", "admin"], "not-the-password\n");

        Assert.Equal(1, ended.Status);
        Assert.Contains("This was asked as admin.", ended.Complained, StringComparison.Ordinal);
    }

    private static async Task<int> Calls(Lab.Lab lab)
    {
        using var control = new HttpClient { BaseAddress = new Uri(lab.Url) };
        var calls = await control.GetFromJsonAsync<JsonElement>("/_lab/calls", Ct);
        return calls.EnumerateObject().Sum(system => system.Value.GetInt32());
    }

    /// <summary>Makes the user of the token an administrator.</summary>
    private async Task Promote(Uri server)
    {
        using var admin = Admin(server);
        using var changed = await admin.PostAsJsonAsync("/rest/ph_user/2", new { roles = new[] { "Administrator" } }, Ct);
        changed.EnsureSuccessStatusCode();
    }

    private async Task<List<string>> Acts(Uri server)
    {
        using var admin = Admin(server);
        return [.. (await Record(admin, "stop_switch")).Select(row => $"{row.GetProperty("ACTION").GetString()} {row.GetProperty("USER").GetString()} {Reason(row.GetProperty("NEW VALUE"))}")];
    }

    private static string? Reason(JsonElement content) =>
        (content.ValueKind == JsonValueKind.String ? JsonSerializer.Deserialize<JsonElement>(content.GetString()!) : content).GetProperty("reason").GetString();
}
