using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace Vedette.Tests.Postgres;

/// <summary>A PostgreSQL server of its own, in a folder of its own, on a socket in it; started when it is first asked for.</summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>The role that owns every database made here, and may nothing else.</summary>
    private const string Owner = "vedette";

    private static readonly string Programs = FindPrograms();

    private readonly string _folder;
    private readonly string _password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    private PostgresCluster(string folder) => _folder = folder;

    /// <summary>The owner's password: to be found nowhere.</summary>
    public string Password => _password;

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "data");

    public static async Task<PostgresCluster> Start()
    {
        // The name of a socket is short: not below a temporary folder with a long name.
        var cluster = new PostgresCluster(Folder());
        var words = Path.Combine(cluster._folder, "password");
        await File.WriteAllTextAsync(words, cluster._password);
        if (IsRoot)
        {
            await Run("chown", "-R", "postgres", cluster._folder);
        }

        await cluster.RunAsOwner("initdb", "-D", cluster.Data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth=scram-sha-256", $"--pwfile={words}", "--no-sync");
        await File.AppendAllTextAsync(Path.Combine(cluster.Data, "postgresql.conf"), $"""

            listen_addresses = ''
            unix_socket_directories = '{cluster._folder}'
            max_connections = 400
            shared_buffers = 64MB
            fsync = off
            full_page_writes = off
            """);
        await cluster.Up();
        await cluster.Sql("postgres", $"CREATE ROLE {Owner} LOGIN PASSWORD '{cluster._password}'");
        return cluster;
    }

    public Task Up() => RunAsOwner("pg_ctl", "start", "-w", "-D", Data, "-l", Path.Combine(_folder, "log"));

    /// <param name="mode"><c>fast</c> breaks off what runs, <c>immediate</c> is as if the server was killed.</param>
    public Task Down(string mode) => RunAsOwner("pg_ctl", "stop", "-w", "-D", Data, "-m", mode);

    /// <summary>A new, empty database: its connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"t{Guid.NewGuid():N}";
        await Sql("postgres", $"CREATE DATABASE {name} OWNER {Owner} ENCODING 'UTF8' TEMPLATE template0");
        return $"Host={_folder};Database={name};Username={Owner};Password={_password}";
    }

    public Task Drop(string connectionString) => Sql("postgres", $"DROP DATABASE IF EXISTS {Name(connectionString)} WITH (FORCE)");

    /// <summary>Ends every session of a database as if its network was cut.</summary>
    public Task EndSessions(string connectionString) => Sql("postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Name(connectionString)}'");

    /// <summary>Carries out statements as the server's administrator.</summary>
    public async Task Sql(string database, params string[] statements)
    {
        await using var connection = new NpgsqlConnection($"Host={_folder};Database={database};Username=postgres;Password={_password};Pooling=false");
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
#pragma warning disable CA2100 // The text stands in a test.
            await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }

    public static string Name(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database!;

    public async ValueTask DisposeAsync()
    {
        await Down("immediate");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>In memory where there is room: a database for every test is gigabytes, and a disk that writes them back holds up everybody for minutes.</summary>
    private static string Folder()
    {
        const string memory = "/dev/shm";
        const long room = 4L << 30;
        return OperatingSystem.IsLinux() && Directory.Exists(memory) && new DriveInfo(memory).AvailableFreeSpace > room
            ? Directory.CreateDirectory(Path.Combine(memory, $"vedette-pg-{Guid.NewGuid().ToString("N")[..12]}"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName
            : Directory.CreateTempSubdirectory("vedette-pg-").FullName;
    }

    private async Task RunAsOwner(string program, params string[] arguments)
    {
        var whole = Path.Combine(Programs, program);
        await (IsRoot ? Run("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", whole, .. arguments]) : Run(whole, arguments));
    }

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.StandardInput.Close();
        // A server that goes on keeps none of these open: what it says is in its log.
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await said}{await complained}");
        }
    }

    /// <summary>The newest that is installed, where Debian puts it, else whatever is found by name.</summary>
    private static string FindPrograms() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(Directory.Exists) ?? "";
}
