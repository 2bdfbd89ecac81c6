using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Tests.Postgres;

namespace Vedette.Program.Tests;

/// <summary>What is backed up while a server runs is restored elsewhere, and nothing leaves there before a person lets it.</summary>
public sealed class BackupTests(SharedPostgres shared) : ProgramTest
{
    private string File => Beside("backup.zip");

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task BackedUpWhileItServes_RestoredElsewhere_StartsStoppedAndGoesOnWhenLetGo(bool fromDatabase, bool toDatabase)
    {
        await using var lab = await Lab.Lab.Start(new LabOptions(), Ct);
        var (from, to) = (await Store(fromDatabase), await Store(toDatabase));
        var stories = new SplunkAlerts("a", TimeProvider.System);
        var tells = WithTicket(stories).Take(3).ToList();
        long container, file;
        string before;
        await using (var server = await RunningProgram.Serve(Data, ["--lab", lab.Url], With(FirstCredentials, from)))
        {
            using var client = server.Client(Token);
            container = (await new SplunkPusher(client, Token, stories).Push(tells[0], Ct)).ContainerId;
            await lab.TicketsReached(1, Ct);
            await NothingOpen(client);
            using var attached = await client.PostAsJsonAsync("/rest/container_attachment", new { container_id = container, file_name = "proof.txt", file_content = Convert.ToBase64String("what was found"u8) }, Ct);
            file = (await attached.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("id").GetInt64();
            before = (await Json(client, $"/rest/container/{container}")).GetRawText();

            var backup = await Program.Run(["backup", File, "--data", Data], environment: With([], from));
            Assert.Equal("", backup.Complained);
            Assert.Equal(0, backup.Status);
            Assert.Contains("It holds no key. Keep a copy of", backup.Said, StringComparison.Ordinal);
            // What is done after it is not in it.
            await new SplunkPusher(client, Token, stories).Push(tells[1], Ct);
            await lab.TicketsReached(2, Ct);
            await server.Kill();
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Empty(Directory.GetDirectories(Data, "backup-*"));
        await HoldsNoKey();

        var elsewhere = Beside("elsewhere");
        var restored = await Program.Run(["restore", File, "--data", elsewhere], environment: With([], to));
        Assert.Equal("", restored.Complained);
        Assert.Contains("Put the key file with key ", restored.Said, StringComparison.Ordinal);
        Assert.Contains("vedette resume", restored.Said, StringComparison.Ordinal);
        var twice = await Program.Run(["restore", File, "--data", elsewhere], environment: With([], to));
        Assert.Equal(1, twice.Status);
        Assert.Contains("There is a store in ", twice.Complained, StringComparison.Ordinal);

        System.IO.File.Copy(Path.Combine(Data, "secrets.key"), Path.Combine(elsewhere, "secrets.key"));
        await using var second = await RunningProgram.Serve(elsewhere, ["--lab", lab.Url], With(FirstCredentials, to));
        await second.Line("The stop switch is on: no action leaves (restored from backup of ");
        using var there = second.Client(Token);
        Assert.Equal(before, (await Json(there, $"/rest/container/{container}")).GetRawText());
        Assert.Equal(1, (await Json(there, "/rest/container")).GetProperty("count").GetInt64());
        Assert.Equal("what was found", await there.GetStringAsync($"/rest/download_attachment?id={file}", Ct));

        await new SplunkPusher(there, Token, stories).Push(tells[2], Ct);
        await second.Line("waits: the stop switch is on");
        using var control = new HttpClient { BaseAddress = new Uri(lab.Url) };
        Assert.Equal(2, (await control.GetFromJsonAsync<JsonElement>("/_lab/tickets", Ct)).GetArrayLength());
        var resumed = await Program.Run(["resume", "--data", elsewhere, "--user", "admin", "--reason", "looked"], Password + "\n");
        Assert.Equal(0, resumed.Status);
        await lab.TicketsReached(3, Ct);
        await NothingOpen(there);

        var verified = await Program.Run(["audit", "verify", "--data", elsewhere], environment: With([], to));
        Assert.Contains("The record holds: ", verified.Said, StringComparison.Ordinal);
        using var admin = Admin(second.Url);
        Assert.Equal(["stopped", "released"], (await Record(admin, "stop_switch")).Select(row => row.GetProperty("ACTION").GetString()));
    }

    [Fact]
    public async Task DamagedBackup_IsRefusedAndLeavesNothing()
    {
        await StoreThere();
        Assert.Equal(0, (await Program.Run(["backup", File, "--data", Data])).Status);
        var whole = await System.IO.File.ReadAllBytesAsync(File, Ct);
        // In the middle, where the rows of the record are; and cut off.
        var at = whole.AsSpan().IndexOf("rows/audit.jsonl"u8) + 60;
        foreach (var damaged in new[] { [.. whole[..at], (byte)(whole[at] ^ 1), .. whole[(at + 1)..]], whole[..(whole.Length / 2)] })
        {
            var file = Beside("damaged.zip");
            await System.IO.File.WriteAllBytesAsync(file, damaged, Ct);
            var ended = await Program.Run(["restore", file, "--data", Beside("elsewhere")]);
            Assert.Equal(1, ended.Status);
            Assert.Contains(file, ended.Complained, StringComparison.Ordinal);
            Assert.False(System.IO.File.Exists(Path.Combine(Beside("elsewhere"), "vedette.db")));
        }

        Assert.Equal(1, (await Program.Run(["backup", File, "--data", Data])).Status);
        Assert.Equal(whole, await System.IO.File.ReadAllBytesAsync(File, Ct));
    }

    private async Task<string?> Store(bool database) => database ? await (await shared.Cluster).NewDatabase() : null;

    private static Dictionary<string, string> With(Dictionary<string, string> environment, string? store)
    {
        var with = new Dictionary<string, string>(environment);
        if (store is not null)
        {
            with["VEDETTE_STORE"] = store;
        }

        return with;
    }

    /// <summary>Looked for in what is in the parts, not in their packed form.</summary>
    private async Task HoldsNoKey()
    {
        var key = await System.IO.File.ReadAllBytesAsync(Path.Combine(Data, "secrets.key"), Ct);
        await using var zip = await System.IO.Compression.ZipFile.OpenReadAsync(File, Ct);
        foreach (var entry in zip.Entries)
        {
            Assert.DoesNotContain(".key", entry.FullName, StringComparison.Ordinal);
            using var part = new MemoryStream();
            await using (var packed = await entry.OpenAsync(Ct))
            {
                await packed.CopyToAsync(part, Ct);
            }

            foreach (var form in new[] { key, Encoding.ASCII.GetBytes(Convert.ToBase64String(key)), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(key)) })
            {
                Assert.True(part.ToArray().AsSpan().IndexOf(form) < 0, entry.FullName);
            }
        }
    }
}
