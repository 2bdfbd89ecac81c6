using Npgsql;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Postgres;

/// <summary>Brings a database to the schema of this version: forward only, each step in one transaction, by the one who holds the store.</summary>
internal static class PostgresMigrations
{
    public static void Run(NpgsqlConnection connection, PostgresAddress address, IReadOnlyList<Migration> migrations, TimeProvider time)
    {
        Execute(connection, "CREATE TABLE IF NOT EXISTS \"schema_version\" (\"version\" BIGINT PRIMARY KEY, \"name\" TEXT NOT NULL, \"applied_at\" BIGINT NOT NULL)");
        var has = Version(connection);
        var last = migrations.Count == 0 ? 0 : migrations[^1].Number;
        if (has > last)
            throw new StoreException($"{Capital(address)} has schema {has}; this version of Vedette knows up to {last}. Start the newer version, or restore a backup made before its migration.");
        foreach (var migration in migrations.Where(m => m.Number > has))
            Apply(connection, migration, time);
    }

    public static long Version(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT COALESCE(MAX(\"version\"), 0) FROM \"schema_version\"", connection);
        return (long)command.ExecuteScalar()!;
    }

    public static string Capital(PostgresAddress address) => $"T{address.ToString()[1..]}";

    public static void Execute(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // The text is a resource or a constant of this assembly.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static void Apply(NpgsqlConnection connection, Migration migration, TimeProvider time)
    {
        using var transaction = connection.BeginTransaction();
        Execute(connection, migration.Sql);
        using var note = new NpgsqlCommand("INSERT INTO \"schema_version\" VALUES ($1, $2, $3)", connection);
        var values = new Values(note.Parameters);
        values.Add(migration.Number);
        values.Add(migration.Name);
        values.Add(Table.ToMicroseconds(time.GetUtcNow()));
        note.ExecuteNonQuery();
        transaction.Commit();
    }
}
