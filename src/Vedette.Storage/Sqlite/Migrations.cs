using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Vedette.Storage.Sqlite;

/// <summary>Brings a database forward to the schema of this program: never back, each step in its own transaction, after a copy of what was there.</summary>
internal static class Migrations
{
    private const string Prefix = "sqlite/";

    public static void Run(SqliteConnection connection, string file, TimeProvider time)
    {
        var steps = typeof(Migrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        Execute(connection, "CREATE TABLE IF NOT EXISTS \"schema_step\" (\"name\" TEXT PRIMARY KEY, \"at\" TEXT NOT NULL) STRICT");
        var done = Names(connection);
        if (done.Except(steps).FirstOrDefault() is { } unknown)
        {
            throw new StoreException($"The database {file} was made by a newer Vedette (it has the step {unknown[Prefix.Length..]}). Start that version, or restore the copy made before it.");
        }

        var open = steps.Except(done).ToList();
        if (done.Count > 0 && open.Count > 0)
        {
            var copy = $"{file}.before-{open[0][Prefix.Length..].Split('_')[0]}-{time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture)}";
            Execute(connection, $"VACUUM INTO '{copy.Replace("'", "''", StringComparison.Ordinal)}'");
            StoreFiles.KeepPrivate(copy);
        }

        foreach (var step in open)
        {
            using var reader = new StreamReader(typeof(Migrations).Assembly.GetManifestResourceStream(step)!);
            Execute(connection, "BEGIN IMMEDIATE");
            Execute(connection, reader.ReadToEnd());
            using (var mark = connection.CreateCommand())
            {
                mark.CommandText = "INSERT INTO \"schema_step\" VALUES ($name, $at)";
                mark.Parameters.AddWithValue("$name", step);
                mark.Parameters.AddWithValue("$at", time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
                mark.ExecuteNonQuery();
            }

            Execute(connection, "COMMIT");
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of this program or one of its own migrations.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static List<string> Names(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"name\" FROM \"schema_step\"";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
