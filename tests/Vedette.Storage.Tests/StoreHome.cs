using Microsoft.Data.Sqlite;
using Npgsql;
using Vedette.Storage.Postgres;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;
using Vedette.Storage.Writing;
using Vedette.Tests.Postgres;

namespace Vedette.Storage.Tests;

/// <summary>Where a store is, and a way into it past the store.</summary>
public abstract class StoreHome : IAsyncDisposable
{
    public abstract Task<OneWriterStore> Open(TimeSpan? longestRead = null);

    /// <summary>Somebody who can write the database.</summary>
    public abstract Task Sql(string statement);

    public abstract Task DropTrigger(string trigger, string table);

    /// <summary>Name and type of each column, and <c>null</c> where nothing may be in it.</summary>
    public abstract Task<List<string>> ColumnsOf(string table);

    internal abstract string TypeOf(ColumnKind kind);

    public abstract ValueTask DisposeAsync();
}

public sealed class SqliteHome : StoreHome
{
    public SqliteHome() => Options = () => new SqliteStoreOptions { Folder = Folder };

    public string Root { get; } = Directory.CreateTempSubdirectory("vedette-store-").FullName;

    public string Folder => System.IO.Path.Combine(Root, "data");

    public string File => System.IO.Path.Combine(Folder, "vedette.db");

    public Func<SqliteStoreOptions> Options { get; set; }

    public override async Task<OneWriterStore> Open(TimeSpan? longestRead = null) =>
        await SqliteStore.Open(longestRead is { } longest ? Options() with { LongestRead = longest } : Options(), TestContext.Current.CancellationToken);

    public override Task Sql(string statement)
    {
        using var connection = Connections.Writing(File, 1 << 20);
        Connections.Execute(connection, statement);
        return Task.CompletedTask;
    }

    public override Task DropTrigger(string trigger, string table) => Sql($"DROP TRIGGER {trigger}");

    public override Task<List<string>> ColumnsOf(string table)
    {
        using var connection = Connections.Reading(File);
        using var strict = new Statement(connection, "SELECT strict FROM pragma_table_list WHERE name = ?1");
        strict.Bind(1, table);
        Assert.Equal(1, strict.RunNumber());
        using var statement = new Statement(connection, "SELECT name, type, \"notnull\" FROM pragma_table_info(?1)");
        statement.Bind(1, table);
        var stored = new List<string>();
        while (statement.Step())
            stored.Add($"{statement.Text(0)} {statement.Text(1)} {(statement.Number(2) == 0 && statement.Text(0) != "id" ? "null" : "")}".TrimEnd());
        return Task.FromResult(stored);
    }

    internal override string TypeOf(ColumnKind kind) => kind switch { ColumnKind.Text => "TEXT", ColumnKind.Bytes => "BLOB", _ => "INTEGER" };

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }
}

public sealed class PostgresHome(SharedPostgres shared) : StoreHome
{
    public string ConnectionString { get; private set; } = "";

    public Func<PostgresStoreOptions, PostgresStoreOptions> Options { get; set; } = options => options;

    public async Task<PostgresStoreOptions> Where()
    {
        if (ConnectionString.Length == 0)
            ConnectionString = await (await shared.Cluster).NewDatabase();
        return Options(new PostgresStoreOptions { Address = PostgresAddress.Parse(ConnectionString) });
    }

    public override async Task<OneWriterStore> Open(TimeSpan? longestRead = null)
    {
        var options = await Where();
        return await PostgresStore.Open(longestRead is { } longest ? options with { LongestRead = longest } : options, TestContext.Current.CancellationToken);
    }

    public override async Task Sql(string statement)
    {
        await using var connection = await Connect();
#pragma warning disable CA2100 // The text stands in a test.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public override Task DropTrigger(string trigger, string table) => Sql($"DROP TRIGGER {trigger} ON {table}");

    public override async Task<List<string>> ColumnsOf(string table)
    {
        await using var connection = await Connect();
        await using var command = new NpgsqlCommand("SELECT column_name || ' ' || data_type || COALESCE(' ' || collation_name, '') || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END FROM information_schema.columns WHERE table_name = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        await using var reader = await command.ExecuteReaderAsync();
        var stored = new List<string>();
        while (await reader.ReadAsync())
            stored.Add(reader.GetString(0));
        return stored;
    }

    internal override string TypeOf(ColumnKind kind) => kind switch { ColumnKind.Text => "text C", ColumnKind.Bytes => "bytea", _ => "bigint" };

    public override async ValueTask DisposeAsync()
    {
        if (ConnectionString.Length > 0)
            await (await shared.Cluster).Drop(ConnectionString);
    }

    private async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
