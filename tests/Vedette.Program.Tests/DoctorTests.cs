using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Vedette.Program.Tests;

public sealed class DoctorTests : ProgramTest
{
    [Fact]
    public async Task NewMachine_AllIsWell()
    {
        var ended = await Doctor();

        Assert.Equal(0, ended.Status);
        Assert.Contains("All is well.", ended.Said, StringComparison.Ordinal);
        Assert.Contains("at /usr/bin/python3", ended.Said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task BesideARunningServer_AllIsWellAndSaysWhoRuns()
    {
        await using var server = await Serve();

        var ended = await Doctor("--urls", server.Url.GetLeftPart(UriPartial.Authority));

        Assert.Equal(0, ended.Status);
        Assert.Contains($"process {server.Id}", ended.Said, StringComparison.Ordinal);
        Assert.Contains("is taken by the server that runs", ended.Said, StringComparison.Ordinal);
        Assert.Contains("quick check of the database found nothing wrong", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyMissing_IsAFaultWithItsFile()
    {
        await StoreThere();
        File.Delete(Path.Combine(Data, "secrets.key"));

        await Faulty("key", "secrets.key is missing");
    }

    [Fact]
    public async Task T24_KeyOpenToOthers_IsAFaultWithTheCommand()
    {
        await StoreThere();
        File.SetUnixFileMode(Path.Combine(Data, "secrets.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        await Faulty("key", "chmod 600");
    }

    [Fact]
    public async Task T24_DatabaseOpenToOthers_IsShown()
    {
        await StoreThere();
        File.SetUnixFileMode(Path.Combine(Data, "vedette.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        var ended = await Doctor();

        Assert.Contains("look   store", ended.Said, StringComparison.Ordinal);
        Assert.Contains("chmod go=", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DatabaseDamaged_IsAFault()
    {
        await StoreThere();
        Sql("PRAGMA wal_checkpoint(TRUNCATE)");
        await using (var file = new FileStream(Path.Combine(Data, "vedette.db"), FileMode.Open, FileAccess.Write))
        {
            // All but the first page, which names the tables.
            file.Position = 4096;
            await file.WriteAsync(Enumerable.Repeat((byte)0x5a, (int)(file.Length - 4096)).ToArray(), Ct);
        }

        await Faulty("store", "vedette.db");
    }

    [Fact]
    public async Task NewerSchema_IsAFaultThatSaysWhich()
    {
        await StoreThere();
        Sql("INSERT INTO schema_version VALUES (999, 'later', 0)");

        await Faulty("store", "has schema 999");
    }

    [Fact]
    public async Task PortTakenByAnotherProgram_IsAFaultThatNamesIt()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await Faulty("ports", $"127.0.0.1:{port} is taken by another program", "--urls", $"https://127.0.0.1:{port}");
    }

    [Fact]
    public async Task ClockBeforeTheLastEntry_IsAFault()
    {
        await StoreThere();
        Sql("DROP TRIGGER audit_is_fixed", "UPDATE audit SET at = at + 86400000000000 WHERE id = (SELECT MAX(id) FROM audit)");

        await Faulty("clock", "before the last entry of the record");
    }

    [Fact]
    public async Task CertificateThatCannotBeRead_IsAFault()
    {
        await File.WriteAllTextAsync(Beside("tls.pem"), "no certificate", Ct);

        await Faulty("certificate", "tls.pem", "--certificate", Beside("tls.pem"));
    }

    [Fact]
    public async Task T24_DoctorShowsNoSecret()
    {
        await StoreThere();

        var ended = await Program.Run(["doctor", "--data", Data, "--urls", "https://127.0.0.1:0"], environment: FirstCredentials);

        Assert.DoesNotContain(Token, ended.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, ended.All, StringComparison.Ordinal);
    }

    private Task<Ended> Doctor(params string[] more) => Program.Run(["doctor", "--data", Data, .. more.Contains("--urls") ? more : [.. more, "--urls", "https://127.0.0.1:0"]]);

    private async Task Faulty(string area, string sentence, params string[] more)
    {
        var ended = await Doctor([.. more, "--json"]);

        Assert.Equal(1, ended.Status);
        var told = JsonSerializer.Deserialize<JsonElement>(ended.Said);
        Assert.False(told.GetProperty("well").GetBoolean());
        var faults = told.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("state").GetString() == "FIX").ToList();
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Equal(area, fault.GetProperty("area").GetString()));
        Assert.Contains(faults, fault => fault.GetProperty("message").GetString()!.Contains(sentence, StringComparison.Ordinal));
    }
}
