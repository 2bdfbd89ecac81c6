using Microsoft.Data.Sqlite;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage;

/// <summary>What can be said of a store from outside, without taking or changing it.</summary>
/// <param name="File">The database's file, or which database it is.</param>
/// <param name="Exists">There is a store in it.</param>
/// <param name="InUse">A process holds it.</param>
/// <param name="Schema">Version of the schema; null when it cannot be read.</param>
/// <param name="Fault">Why it cannot be read as it is, and what to do; null when it can.</param>
public sealed record StoreLook(string File, bool Exists, bool InUse, long? Schema, long KnownSchema, string? Fault)
{
    /// <summary>The database could be asked.</summary>
    public bool Reached { get; init; } = true;

    /// <summary>Version of a database server; null for a file.</summary>
    public string? Server { get; init; }

    /// <summary>Who holds it, where the database says so.</summary>
    public string? Holder { get; init; }

    public static StoreLook At(SqliteStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = System.IO.Path.Combine(options.Folder, options.FileName);
        var known = Migration.Embedded("sqlite")[^1].Number;
        var inUse = Folder.IsTaken(options.Folder);
        if (!System.IO.File.Exists(file))
        {
            return new StoreLook(file, false, inUse, null, known, $"There is no store in {options.Folder}: {file} is missing. Name the data folder with --data.");
        }

        try
        {
            using var connection = Connections.Reading(file);
            using var statement = new Statement(connection, "SELECT COALESCE(MAX(\"version\"), 0) FROM \"schema_version\"");
            var schema = statement.RunNumber()!.Value;
            return new StoreLook(file, true, inUse, schema, known, FaultOf($"The store {file}", schema, known, "it brings the store up to date, after a copy"));
        }
        catch (SqliteException exception)
        {
            return new StoreLook(file, true, inUse, null, known, $"The store {file} cannot be read: {exception.Message} Put back a copy of it.");
        }
    }

    internal static string? FaultOf(string store, long schema, long known, string start) => schema == known ? null
        : schema < known ? $"{store} has schema {schema}, this version of Vedette {known}. Start the server once: {start}."
        : $"{store} has schema {schema}; this version of Vedette knows up to {known}. Use the newer version.";

    /// <summary>What the database's own quick check finds wrong; empty when all is well.</summary>
    public static IReadOnlyList<string> Check(string file)
    {
        try
        {
            using var connection = Connections.Reading(file);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(20)";
            using var reader = command.ExecuteReader();
            var found = new List<string>();
            while (reader.Read())
            {
                found.Add(reader.GetString(0));
            }

            return found is ["ok"] ? [] : found;
        }
        catch (SqliteException exception)
        {
            return [exception.Message];
        }
    }
}
