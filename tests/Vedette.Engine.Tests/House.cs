using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vedette.Engine.Access;
using Vedette.Engine.Apps;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;
using Vedette.Storage;

namespace Vedette.Engine.Tests;

/// <summary>The rooms access, apps and audit on a real store in a folder of its own, with a clock that stands still until it is told.</summary>
internal sealed class House : IAsyncDisposable
{
    public const string AdminPassword = "correct horse battery";
    public const string FirstToken = "a-token-that-was-handed-over-0123456789";

    private readonly string _folder;
    private readonly ServiceProvider _services;

    private House(string folder, SqliteStore store, Clock time)
    {
        _folder = folder;
        Store = store;
        Time = time;
        var services = new ServiceCollection();
        services.AddSingleton<IStore>(store);
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<ISecretKeys>(Keys);
        services.AddSingleton(new AccessOptions { PasswordRounds = 10, HashesAtOnce = 2 });
        services.AddAccess();
        services.AddApps();
        services.AddAudit();
        _services = services.BuildServiceProvider();
    }

    /// <summary>Ends with the test.</summary>
    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public SqliteStore Store { get; }

    public Clock Time { get; }

    public TestKeys Keys { get; } = new();

    public IAccess Access => _services.GetRequiredService<IAccess>();

    public IApps Apps => _services.GetRequiredService<IApps>();

    public IAudit Audit => _services.GetRequiredService<IAudit>();

    public long Hashes => _services.GetRequiredService<Passwords>().Computed;

    public static async Task<House> Open(bool seeded = true)
    {
        var folder = Directory.CreateTempSubdirectory("vedette-test-").FullName;
        var time = new Clock();
        var house = new House(folder, await SqliteStore.Open(new SqliteStoreOptions { Folder = System.IO.Path.Combine(folder, "data"), TimeProvider = time }), time);
        if (seeded)
        {
            Assert.True((await house.Do(unit => house.Access.FirstStart(unit, AdminPassword, FirstToken))).Seeded);
        }

        return house;
    }

    /// <summary>Opens a unit, goes through a door, commits, and gives what the door answered.</summary>
    public async Task<T> Do<T>(Func<Unit, ValueTask<Outcome<T>>> door)
    {
        var unit = new Unit();
        var outcome = await door(unit);
        Assert.False(outcome.Refused, outcome.Refusal?.Message);
        await Commit(unit);
        return outcome.Value;
    }

    /// <summary>A door that must refuse, and write nothing.</summary>
    public static async Task<Refusal> Refused<T>(Func<Unit, ValueTask<Outcome<T>>> door)
    {
        var unit = new Unit();
        var outcome = await door(unit);
        Assert.True(outcome.Refused, "The door should have refused.");
        Assert.True(unit.Empty, "A refused call writes nothing.");
        return outcome.Refusal;
    }

    public async Task Commit(Unit unit)
    {
        if (!unit.Empty)
        {
            var commit = await Store.Commit(unit);
            Assert.True(commit.IsDone, commit.ToString());
        }
    }

    public async Task<Caller> Admin() => (await Access.ByBasic("admin", AdminPassword, "192.0.2.1")).Value;

    /// <summary>Every file of the store but its lock as Latin-1 text: whatever is in there is found.</summary>
    public string Bytes()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            text.Append(reader.ReadToEnd());
        }

        Assert.Contains("automation", text.ToString(), StringComparison.Ordinal);
        return text.ToString();
    }

    /// <summary>Changes the file behind the store's back, as somebody with the disk could: its guards are taken off first.</summary>
    public void Sql(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(_folder, "data", "vedette.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"DROP TRIGGER audit_is_kept; DROP TRIGGER audit_is_fixed; {statement}";
        Assert.True(command.ExecuteNonQuery() > 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

internal sealed class Clock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Pass(TimeSpan span) => _now += span;
}

internal sealed class TestKeys : ISecretKeys
{
    public SecretKey Current { get; set; } = SecretKey.Draw();

    public SecretKey? Find(string id) => id == Current.Id ? Current : null;
}

/// <summary>An app that is asked for nothing here but its manifest.</summary>
internal sealed class SampleConnector(string version = "1.2.0", string guid = "3f1d6f52-9a7d-4a38-8f42-0a8f6b7c1d11", string portDefault = "8089") : IConnector
{
    public Manifest Manifest { get; } = ManifestReader.Read(Encoding.UTF8.GetBytes($$"""
        {
          "appid": "{{guid}}", "name": "Sample", "app_version": "{{version}}", "product_vendor": "Acme", "product_name": "Sensor",
          "configuration": {
            "host": {"data_type": "string", "required": true},
            "port": {"data_type": "numeric", "default": {{portDefault}}},
            "verify": {"data_type": "boolean", "default": true},
            "user": {"data_type": "string"},
            "password": {"data_type": "password", "required": true},
            "api_key": {"data_type": "password"}
          },
          "actions": [
            {"action": "look up", "identifier": "look_up", "read_only": true},
            {"action": "block ip", "identifier": "block_ip", "read_only": false}
          ],
          "vedette": {"address_settings": ["port", "verify"], "targets": ["host"]}
        }
        """));

    public Task<ActionAnswer> Run(ActionCall call, CancellationToken ct) => throw new InvalidOperationException("Not called in these tests.");
}

internal static class Json
{
    public static JsonElement Of(object value) => JsonSerializer.SerializeToElement(value);
}
