using System.Text.Json;
using Vedette.Tests.Postgres;

namespace Vedette.Program.Tests;

/// <summary>Which store serve takes, how it is told, and that its password is told nowhere.</summary>
public sealed class StoreTests(SharedPostgres shared) : ProgramTest
{
    private const string Name = "VEDETTE_STORE";

    [Fact]
    public async Task T13_PasswordOfTheDatabase_IsNowhere()
    {
        var cluster = await shared.Cluster;
        var store = await cluster.NewDatabase();
        var with = new Dictionary<string, string>(FirstCredentials) { [Name] = store };
        var said = new List<string>();
        await using (var server = await RunningProgram.Serve(Data, ["--log-level", "Trace"], with))
        {
            said.Add((await AsAdmin("status")).All);
            said.Add((await Program.Run(["doctor", "--data", Data], environment: with)).All);
            // In use: who holds it is named.
            var second = await Program.Run(["serve", "--data", Beside("other")], environment: with);
            Assert.Equal(1, second.Status);
            Assert.Contains($"is in use by vedette on {Environment.MachineName}, process {server.Id}", second.Complained, StringComparison.Ordinal);
            said.Add(second.All);
            said.Add((await Program.Run(["backup", Beside("b.zip"), "--data", Data], environment: with)).All);
            await cluster.EndSessions(store);
            await server.Line("The store can be reached again.");
            using var admin = Admin(server.Url);
            said.Add((await Json(admin, "/rest/system_info")).GetRawText());
            said.Add(server.Said);
        }

        foreach (var command in new[] { "settings", "doctor", "audit verify" })
        {
            said.Add((await Program.Run([.. command.Split(' '), "--data", Data], environment: with)).All);
        }

        foreach (var wrong in new[] { store + "x", store + ";x", $"Password={cluster.Password}", store.Replace("Database=", "Database=no-", StringComparison.Ordinal), store.Replace("Host=", "Host=/nowhere", StringComparison.Ordinal), store.Replace("Host=", "SSL Mode=Disable;Host=db.example,", StringComparison.Ordinal) })
        {
            foreach (var command in new[] { "serve", "doctor" })
            {
                var ended = await Program.Run([command, "--data", Beside("third"), "--urls", "http://127.0.0.1:0"], environment: new Dictionary<string, string> { [Name] = wrong });
                Assert.Equal(1, ended.Status);
                said.Add(ended.All);
            }
        }

        Assert.All(said, text => Assert.DoesNotContain(cluster.Password, text, StringComparison.Ordinal));
        foreach (var file in Directory.EnumerateFiles(Beside(""), "*", SearchOption.AllDirectories))
        {
            Assert.True((await File.ReadAllBytesAsync(file, Ct)).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(cluster.Password)) < 0, file);
        }
    }

    [Fact]
    public async Task OnTheCommandLine_IsRefusedAndNotRepeated()
    {
        foreach (var args in new[] { new[] { "serve", "--store", "Host=h;Password=canary-1" }, ["serve", "--store=Host=h;Password=canary-1"], ["migrate", "--from", Data, "--to", "Host=h;Password=canary-1"] })
        {
            var ended = await Program.Run(args);
            Assert.Equal(1, ended.Status);
            Assert.Contains("every user of this machine could read in the list of processes", ended.Complained, StringComparison.Ordinal);
            Assert.DoesNotContain("canary", ended.All, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task InTheSettingsFile_CountsForServeAndCommands_AndTheFileIsForItsOwner()
    {
        var store = await (await shared.Cluster).NewDatabase();
        Directory.CreateDirectory(Data);
        var file = Path.Combine(Data, "settings.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { store }), Ct);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var open = await Program.Run(["serve", "--data", Data]);
        Assert.Equal(1, open.Status);
        Assert.Contains($"{file} holds \"store\", which may hold a password, and others may read it. Close it: chmod 600", open.Complained, StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await StoreThere();
        Assert.False(File.Exists(Path.Combine(Data, "vedette.db")));
        Assert.Contains("The record holds: ", (await Program.Run(["audit", "verify", "--data", Data])).Said, StringComparison.Ordinal);
        Assert.Equal(0, (await AsAdmin("stop", "--reason", "no server here")).Status);
        await using var server = await Serve();
        await server.Line("The stop switch is on: no action leaves (no server here).");
    }

    [Fact]
    public async Task Doctor_SaysWhichStoreWhetherItIsReachedAndWhatToDo()
    {
        var cluster = await shared.Cluster;
        var store = await cluster.NewDatabase();
        var with = new Dictionary<string, string> { [Name] = store };
        var empty = await Program.Run(["doctor", "--data", Data, "--urls", "http://127.0.0.1:0"], environment: with);
        Assert.Contains($"The store is the PostgreSQL database {PostgresCluster.Name(store)} on the socket in ", empty.Said, StringComparison.Ordinal);
        Assert.Contains("reached", empty.Said, StringComparison.Ordinal);
        Assert.Contains("There is no store in", empty.Said, StringComparison.Ordinal);

        var down = await Program.Run(["doctor", "--data", Data, "--urls", "http://127.0.0.1:0"], environment: new Dictionary<string, string> { [Name] = store.Replace("Host=", "Host=/nowhere", StringComparison.Ordinal) });
        Assert.Equal(1, down.Status);
        Assert.Contains("cannot be reached", down.Said, StringComparison.Ordinal);
        Assert.Contains("See that the server runs and that the address in the connection string is right.", down.Said, StringComparison.Ordinal);

        await cluster.Sql(PostgresCluster.Name(store), "ALTER SCHEMA public OWNER TO postgres", "REVOKE ALL ON SCHEMA public FROM PUBLIC", "GRANT USAGE ON SCHEMA public TO PUBLIC");
        var poor = await Program.Run(["doctor", "--data", Data, "--urls", "http://127.0.0.1:0"], environment: with);
        Assert.Equal(1, poor.Status);
        Assert.Contains("does not let its user make tables. Make the user the owner of the database, or grant USAGE and CREATE on its schema.", poor.Said, StringComparison.Ordinal);
    }
}
