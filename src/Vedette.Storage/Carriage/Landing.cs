using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using Vedette.Storage.Postgres;
using Vedette.Storage.Sqlite;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Carriage;

/// <summary>A new store that is being filled, by the one process that holds its place. Nobody sees any of it before all of it is there.</summary>
internal abstract class Landing : IDisposable
{
    /// <exception cref="StoreException">There is a store already, or it is held by another process.</exception>
    public static Landing At(StorePlace place, TimeProvider time) => place.Database is { } database ? new PostgresLanding(database, time) : new SqliteLanding(place.DataFolder, time);

    /// <summary>Puts rows into a table, and reads them back.</summary>
    /// <returns>What is in the table now.</returns>
    /// <exception cref="StoreException">What is read is not what was put in.</exception>
    public TableCount Fill(CarriedTable table, IEnumerable<object?[]> rows)
    {
        using var given = new RowCount();
        using var found = new RowCount();
        Put(table, given.Passing(rows));
        foreach (var row in Read(table))
            found.Add(row);
        return given.Of(table) == found.Of(table)
            ? found.Of(table)
            : throw new StoreException($"The rows of {table.Name} are not as they were put in ({given.Rows} were given, {found.Rows} are there). Nothing was kept.");
    }

    /// <summary>Message ids go on behind this one.</summary>
    public abstract void SetLastMessage(long last);

    /// <summary>From here on it is a store.</summary>
    public abstract void Land();

    public abstract void Dispose();

    protected abstract void Put(CarriedTable table, IEnumerable<object?[]> rows);

    protected abstract IEnumerable<object?[]> Read(CarriedTable table);
}

internal sealed class SqliteLanding : Landing
{
    private readonly Folder _folder;
    private readonly string _file;
    private readonly string _unfinished;
    private readonly SqliteConnection _connection;

    public SqliteLanding(string folder, TimeProvider time)
    {
        _folder = Folder.Take(folder);
        try
        {
            _file = System.IO.Path.Combine(folder, SqliteStoreOptions.DefaultFileName);
            _unfinished = _file + ".unfinished";
            if (File.Exists(_file))
                throw new StoreException($"There is a store in {folder} already. Name a folder without one, or move {_file} away.");
            // What an earlier attempt left.
            foreach (var ending in new[] { "", "-wal", "-shm" })
                File.Delete(_unfinished + ending);
            Folder.MakeFile(_unfinished);
            _connection = Connections.Writing(_unfinished, 1 << 20);
            SqliteMigrations.Run(_connection, _unfinished, Migration.Embedded("sqlite"), time);
            Connections.Execute(_connection, "BEGIN IMMEDIATE");
        }
        catch
        {
            _connection?.Dispose();
            _folder.Dispose();
            throw;
        }
    }

    public override void SetLastMessage(long last)
    {
        foreach (var text in new[] { "DELETE FROM \"sqlite_sequence\" WHERE \"name\" = 'message' AND ?1 >= 0", "INSERT INTO \"sqlite_sequence\" (\"name\", \"seq\") VALUES ('message', ?1)" })
        {
            using var statement = new Statement(_connection, text);
            statement.Bind(1, last);
            statement.Run();
        }
    }

    public override void Land()
    {
        Connections.Execute(_connection, "COMMIT");
        Connections.Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        _connection.Dispose();
        using (var file = new FileStream(_unfinished, FileMode.Open, FileAccess.ReadWrite))
            file.Flush(flushToDisk: true);
        File.Move(_unfinished, _file);
    }

    public override void Dispose()
    {
        _connection.Dispose();
        foreach (var ending in new[] { "", "-wal", "-shm" })
            File.Delete(_unfinished + ending);
        _folder.Dispose();
    }

    protected override void Put(CarriedTable table, IEnumerable<object?[]> rows)
    {
        using var insert = new Statement(_connection, $"INSERT INTO {table.Quoted} ({table.ColumnList}) VALUES ({string.Join(", ", table.Columns.Select((_, i) => $"?{i + 1}"))})");
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++)
                insert.BindValue(i + 1, row[i]);
            insert.Run();
        }
    }

    protected override IEnumerable<object?[]> Read(CarriedTable table) => SqliteMoment.Read(_connection, table);
}

internal sealed class PostgresLanding : Landing
{
    private readonly Holding _holding;
    private readonly NpgsqlTransaction _transaction;

    public PostgresLanding(PostgresAddress address, TimeProvider time)
    {
        _holding = Holding.Take(address, Migration.Embedded("postgres"), time, TimeSpan.FromSeconds(10));
        try
        {
            foreach (var table in CarriedTable.All)
            {
#pragma warning disable CA2100 // Made of the names of tables.
                using var any = new NpgsqlCommand($"SELECT EXISTS (SELECT 1 FROM {table.Quoted})", _holding.Connection);
#pragma warning restore CA2100
                if ((bool)any.ExecuteScalar()!)
                    throw new StoreException($"There is a store in {address} already: {table.Name} has rows. Name a database that is empty.");
            }

            _transaction = _holding.Connection.BeginTransaction();
        }
        catch
        {
            _holding.Dispose();
            throw;
        }
    }

    private NpgsqlConnection Connection => _holding.Connection;

    public override void SetLastMessage(long last)
    {
        // What the database numbers by itself goes on behind what is there.
        foreach (var (table, least) in new[] { ("message", last), ("audit", 0L) })
        {
#pragma warning disable CA2100 // Made of the names of tables.
            using var set = new NpgsqlCommand($"SELECT setval(pg_get_serial_sequence('{table}', 'id'), GREATEST($1, (SELECT COALESCE(MAX(\"id\"), 0) FROM \"{table}\")) + 1, false)", Connection);
#pragma warning restore CA2100
            new Values(set.Parameters).Add(least);
            set.ExecuteScalar();
        }
    }

    public override void Land() => _transaction.Commit();

    public override void Dispose()
    {
        _transaction.Dispose();
        _holding.Dispose();
    }

    protected override void Put(CarriedTable table, IEnumerable<object?[]> rows)
    {
        using var import = Connection.BeginBinaryImport($"COPY {table.Quoted} ({table.ColumnList}) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            import.StartRow();
            foreach (var value in row)
            {
                switch (value)
                {
                    case null: import.WriteNull(); break;
                    case string text: import.Write(PostgresText.Write(text), NpgsqlDbType.Text); break;
                    case byte[] bytes: import.Write(bytes, NpgsqlDbType.Bytea); break;
                    default: import.Write((long)value, NpgsqlDbType.Bigint); break;
                }
            }
        }

        import.Complete();
    }

    protected override IEnumerable<object?[]> Read(CarriedTable table) => PostgresMoment.Read(Connection, table);
}
