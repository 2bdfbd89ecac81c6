using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Vedette.Lab.Alerts;

namespace Vedette.Program.Tests;

/// <summary>A folder and credentials of its own for each test.</summary>
public abstract class ProgramTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vedette-test-");

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    protected string Password { get; } = $"word-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";

    /// <summary>The data folder; not there before the first start.</summary>
    protected string Data => Path.Combine(_folder.FullName, "data");

    protected string Beside(string name) => Path.Combine(_folder.FullName, name);

    protected Dictionary<string, string> FirstCredentials => new() { ["VEDETTE_AUTOMATION_TOKEN"] = Token, ["VEDETTE_ADMIN_PASSWORD"] = Password };

    internal Task<RunningProgram> Serve(params string[] more) => RunningProgram.Serve(Data, more, FirstCredentials);

    /// <summary>A store as a first start leaves it.</summary>
    internal async Task StoreThere()
    {
        await using var server = await Serve();
    }

    internal Task<Ended> AsAdmin(params string[] args) => Program.Run([.. args, "--data", Data, "--user", "admin"], Password + "\n");

    internal Task<Ended> ByToken(params string[] args) => Program.Run([.. args, "--data", Data], environment: new Dictionary<string, string> { ["VEDETTE_AUTOMATION_TOKEN"] = Token });

    /// <summary>The administrator, signed in by name and password.</summary>
    protected HttpClient Admin(Uri url, string? password = null)
    {
        var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password ?? Password}")));
        return client;
    }

    internal static async Task<JsonElement> Json(HttpClient client, string path) => await client.GetFromJsonAsync<JsonElement>(path, Ct);

    /// <summary>The stories of these alerts that end with a ticket.</summary>
    internal static IEnumerable<int> WithTicket(SplunkAlerts stories) => Enumerable.Range(0, SplunkAlerts.Stories)
        .Where(i => !((string)stories.Artifact(i, 0)["cef"]!["destinationDnsDomain"]!).EndsWith("halden.example", StringComparison.Ordinal));

    /// <summary>Ends when no run is under way or waits for its turn.</summary>
    internal static async Task NothingOpen(HttpClient client)
    {
        while ((await Json(client, "/rest/playbook_run?_filter_status__in=[\"pending\",\"running\"]")).GetProperty("count").GetInt64() > 0)
        {
            await Task.Yield();
        }
    }

    /// <summary>The rows of the record about objects of this kind, oldest first.</summary>
    internal static async Task<List<JsonElement>> Record(HttpClient client, string about) =>
        [.. (await Json(client, "/rest/audit?administration")).EnumerateArray().Where(row => row.GetProperty("OBJECT TYPE").GetString() == about)];

    /// <summary>Somebody who can write the database, past the store.</summary>
    protected void Sql(params string[] statements)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Data, "vedette.db"), Pooling = false }.ConnectionString);
        connection.Open();
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text stands in this test.
            command.CommandText = statement;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => _folder.Delete(recursive: true);
}
