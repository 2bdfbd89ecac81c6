using System.Net.Http.Json;
using System.Text.Json;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Tests.Postgres;

namespace Vedette.Program.Tests;

/// <summary>An installation is moved from SQLite to PostgreSQL and back, in the middle of its work.</summary>
public sealed class MigrateTests(SharedPostgres shared) : ProgramTest
{
    private const int Alerts = 3;

    [Fact]
    public async Task KilledInTheMiddleMovedAndMovedBack_EachAlertHasOneTicketAndTheRecordHolds()
    {
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        using var control = new HttpClient { BaseAddress = new Uri(lab.Url) };
        using var slow = new StringContent("""{"system":"servicenow","latency_ms":150}""");
        (await control.PostAsync("/_lab/behaviour", slow, Ct)).EnsureSuccessStatusCode();
        var store = await (await shared.Cluster).NewDatabase();
        var with = new Dictionary<string, string> { ["VEDETTE_STORE"] = store };
        await using (var first = await Serve("--lab", lab.Url))
        {
            await Push(first, "a");
            await lab.TicketsReached(1, Ct);
            await first.Kill();
        }

        var moved = await Program.Run(["migrate", "--from", Data, "--to", "env:VEDETTE_STORE"], environment: with);
        Assert.Equal("", moved.Complained);
        Assert.Equal(0, moved.Status);
        Assert.Contains("read back, all are as they were", moved.Said, StringComparison.Ordinal);
        Assert.Contains("The record holds there: ", moved.Said, StringComparison.Ordinal);

        // Nobody goes on with the old one by mistake.
        var old = await Program.Run(["serve", "--data", Data, "--urls", "http://127.0.0.1:0"]);
        Assert.Equal(1, old.Status);
        Assert.Contains($"The store of {Data} was moved to PostgreSQL.", old.Complained, StringComparison.Ordinal);

        await using (var second = await RunningProgram.Serve(Data, ["--lab", lab.Url], new Dictionary<string, string>(FirstCredentials) { ["VEDETTE_STORE"] = store }))
        {
            await lab.TicketsReached(Alerts, Ct);
            await NothingOpen(second);
            await Push(second, "other");
            await second.Kill();
        }

        var file = Beside("connection");
        await File.WriteAllTextAsync(file, store + "\n", Ct);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var back = await Program.Run(["migrate", "--from", $"file:{file}", "--to", Data]);
        Assert.Equal("", back.Complained);
        Assert.Equal(0, back.Status);
        var again = await Program.Run(["serve", "--data", Beside("new"), "--urls", "http://127.0.0.1:0"], environment: with);
        Assert.Equal(1, again.Status);
        Assert.Contains("was moved to the SQLite store in", again.Complained, StringComparison.Ordinal);

        await using var third = await Serve("--lab", lab.Url);
        await NothingOpen(third);
        var tickets = await control.GetFromJsonAsync<JsonElement>("/_lab/tickets", Ct);
        Assert.Equal(tickets.GetArrayLength(), tickets.EnumerateArray().Select(ticket => ticket.GetProperty("correlation_id").GetString()).Distinct().Count());
        Assert.Equal(Alerts, tickets.GetArrayLength());
        Assert.Contains("The record holds: ", (await Program.Run(["audit", "verify", "--data", Data])).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeMoved_IsSaidAndStaysAsItWas()
    {
        var store = await (await shared.Cluster).NewDatabase();
        var with = new Dictionary<string, string> { ["VEDETTE_STORE"] = store };
        await using (var server = await Serve())
        {
            var busy = await Program.Run(["migrate", "--from", Data, "--to", "env:VEDETTE_STORE"], environment: with);
            Assert.Equal(1, busy.Status);
            Assert.Contains($"The data folder {Data} is in use by another process", busy.Complained, StringComparison.Ordinal);
            await server.Kill();
        }

        var unset = await Program.Run(["migrate", "--from", Data, "--to", "env:NOT_SET"]);
        Assert.Contains("There is no NOT_SET in the environment.", unset.Complained, StringComparison.Ordinal);
        // Empty and beside a store in a file: it is not begun in silence.
        var beside = await Program.Run(["serve", "--data", Data, "--urls", "http://127.0.0.1:0"], environment: with);
        Assert.Contains("Move it there first (vedette migrate)", beside.Complained, StringComparison.Ordinal);

        await using (await RunningProgram.Serve(Beside("other"), [], new Dictionary<string, string>(FirstCredentials) { ["VEDETTE_STORE"] = store }))
        {
        }

        var full = await Program.Run(["migrate", "--from", Data, "--to", "env:VEDETTE_STORE"], environment: with);
        Assert.Equal(1, full.Status);
        Assert.Contains("Name a database that is empty.", full.Complained, StringComparison.Ordinal);
        await using var goesOn = await Serve();
    }

    private async Task Push(RunningProgram server, string batch)
    {
        using var client = server.Client(Token);
        var stories = new SplunkAlerts(batch, TimeProvider.System);
        await Task.WhenAll(WithTicket(stories).Take(Alerts).Select(i => new SplunkPusher(client, Token, stories).Push(i, Ct)));
    }

    private async Task NothingOpen(RunningProgram server)
    {
        using var client = server.Client(Token);
        await NothingOpen(client);
    }
}
