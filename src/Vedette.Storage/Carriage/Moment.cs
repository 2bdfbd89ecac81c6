using System.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using Vedette.Storage.Postgres;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Carriage;

/// <summary>A store as it was at one moment, whatever is written beside.</summary>
internal abstract class Moment : IDisposable
{
    /// <exception cref="StoreException">There is no store, or its schema is of another version.</exception>
    public static Moment Of(StorePlace place)
    {
        // Whether a server holds it is no matter: it is only read.
        var look = place.Look();
        if (look.Fault is { } fault)
            throw new StoreException(fault);
        return place.Database is { } database ? new PostgresMoment(database) : new SqliteMoment(look.File);
    }

    public abstract long Schema { get; }

    /// <summary>The id of the newest message that ever was: it is not given again.</summary>
    public abstract long LastMessage();

    /// <summary>One table at a time.</summary>
    public abstract IEnumerable<object?[]> Rows(CarriedTable table);

    public abstract void Dispose();
}

internal sealed class SqliteMoment : Moment
{
    private readonly SqliteConnection _connection;

    public SqliteMoment(string file)
    {
        _connection = Connections.Reading(file);
        Connections.Execute(_connection, "BEGIN");
        using var schema = new Statement(_connection, "SELECT MAX(\"version\") FROM \"schema_version\"");
        // The first look at a table begins the moment.
        Schema = schema.RunNumber()!.Value;
    }

    public override long Schema { get; }

    public override long LastMessage()
    {
        using var statement = new Statement(_connection, "SELECT MAX(\"seq\") FROM \"sqlite_sequence\" WHERE \"name\" = 'message'");
        return statement.RunNumber() ?? 0;
    }

    public override IEnumerable<object?[]> Rows(CarriedTable table) => Read(_connection, table);

    public static IEnumerable<object?[]> Read(SqliteConnection connection, CarriedTable table)
    {
        using var statement = new Statement(connection, table.SelectText);
        while (statement.Step())
        {
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = statement.IsNull(i) ? null : table.Columns[i].Kind switch
                {
                    ColumnKind.Text => statement.Text(i),
                    ColumnKind.Bytes => statement.Bytes(i),
                    _ => statement.Number(i),
                };
            }

            yield return row;
        }
    }

    public override void Dispose() => _connection.Dispose();
}

internal sealed class PostgresMoment : Moment
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    public PostgresMoment(PostgresAddress address)
    {
        _connection = address.Single(Holding.Program);
        _connection.Open();
        _transaction = _connection.BeginTransaction(IsolationLevel.RepeatableRead);
        PostgresMigrations.Execute(_connection, "SET TRANSACTION READ ONLY");
        // The first look at a table begins the moment.
        Schema = PostgresMigrations.Version(_connection);
    }

    public override long Schema { get; }

    public override long LastMessage() => LastMessage(_connection);

    public override IEnumerable<object?[]> Rows(CarriedTable table) => Read(_connection, table);

    public static long LastMessage(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT GREATEST(COALESCE((SELECT MAX(\"id\") FROM \"message\"), 0), COALESCE(pg_sequence_last_value(pg_get_serial_sequence('message', 'id')::regclass), 0))", connection);
        return (long)command.ExecuteScalar()!;
    }

    public static IEnumerable<object?[]> Read(NpgsqlConnection connection, CarriedTable table)
    {
#pragma warning disable CA2100 // Made of the names of columns.
        using var command = new NpgsqlCommand(table.SelectText, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new Rows(reader);
        while (rows.Step())
        {
            var row = new object?[table.Columns.Count];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = rows.IsNull(i) ? null : table.Columns[i].Kind switch
                {
                    ColumnKind.Text => rows.Text(i),
                    ColumnKind.Bytes => rows.Bytes(i),
                    _ => rows.Number(i),
                };
            }

            yield return row;
        }
    }

    public override void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }
}
