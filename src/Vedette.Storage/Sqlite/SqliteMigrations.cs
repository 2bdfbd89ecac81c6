using Microsoft.Data.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Sqlite;

/// <summary>Brings a database to the schema of this version: forward only, each step in one transaction, after a copy of the file.</summary>
internal static class SqliteMigrations
{
    public static void Run(SqliteConnection connection, string file, IReadOnlyList<Migration> migrations, TimeProvider time)
    {
        Connections.Execute(
            connection,
            "CREATE TABLE IF NOT EXISTS \"schema_version\" (\"version\" INTEGER PRIMARY KEY, \"name\" TEXT NOT NULL, \"applied_at\" INTEGER NOT NULL) STRICT");
        var has = Version(connection);
        var last = migrations.Count == 0 ? 0 : migrations[^1].Number;
        if (has > last)
        {
            throw new StoreException(
                $"The database {file} has schema {has}; this version of Vedette knows up to {last}. Start the newer version, or restore the copy made before its migration.");
        }

        if (has > 0 && has < last)
            Copy(connection, $"{file}.before-{migrations.First(m => m.Number > has).Number:0000}-{time.GetUtcNow():yyyyMMddHHmmss}");
        foreach (var migration in migrations.Where(m => m.Number > has))
            Apply(connection, migration, time);
    }

    private static long Version(SqliteConnection connection)
    {
        using var statement = new Statement(connection, "SELECT COALESCE(MAX(\"version\"), 0) FROM \"schema_version\"");
        return statement.RunNumber()!.Value;
    }

    private static void Apply(SqliteConnection connection, Migration migration, TimeProvider time)
    {
        using var transaction = connection.BeginTransaction();
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The text is a resource of this assembly.
        command.CommandText = migration.Sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        using (var note = new Statement(connection, "INSERT INTO \"schema_version\" VALUES (?1, ?2, ?3)"))
        {
            note.Bind(1, migration.Number);
            note.Bind(2, migration.Name);
            note.Bind(3, Table.ToMicroseconds(time.GetUtcNow()));
            note.Run();
        }

        transaction.Commit();
    }

    private static void Copy(SqliteConnection connection, string to)
    {
        // The file is there first with the right mode; SQLite fills an empty one.
        Folder.MakeFile(to);
        using var statement = new Statement(connection, "VACUUM INTO ?1");
        statement.Bind(1, to);
        statement.Run();
    }
}
