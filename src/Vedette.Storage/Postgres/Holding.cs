using System.Globalization;
using Npgsql;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Postgres;

/// <summary>Another server has had the store since: what this one remembers of it is not to be trusted any more.</summary>
internal sealed class TakenOverException(string message) : Exception(message);

/// <summary>
/// The store held by one process: a lock of the session on which all is written, so that a process that lost the lock cannot write either. Each
/// holding has a generation, and each of its commits a number, in one row that every commit changes: by it a process that comes back tells
/// whether somebody else was there meanwhile, and whether a commit came through whose answer was lost. Where several nodes share a store,
/// the lock goes, and what a commit builds on (the versions in its unit) alone decides.
/// </summary>
internal sealed class Holding : IDisposable
{
    private const int Key = 0x56454454;
    private const int LeastVersion = 13;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private Holding(NpgsqlConnection connection, long generation, long commits, int session) =>
        (Connection, Generation, Commits, Session) = (connection, generation, commits, session);

    public NpgsqlConnection Connection { get; }

    public long Generation { get; }

    /// <summary>The number of the last commit of this generation that is on disk.</summary>
    public long Commits { get; }

    /// <summary>The server's process that serves it.</summary>
    public int Session { get; }

    /// <summary>What the database shows of who is connected.</summary>
    public static string Program { get; } = string.Create(CultureInfo.InvariantCulture, $"vedette on {Environment.MachineName[..Math.Min(30, Environment.MachineName.Length)]}, process {Environment.ProcessId}");

    /// <summary>Takes the store, and brings its schema up to date.</summary>
    /// <param name="patience">How long another one is waited for: one that was killed is gone a moment later.</param>
    /// <exception cref="StoreException">It is held by another, or cannot be used; the message says by whom, or what to do.</exception>
    public static Holding Take(PostgresAddress address, IReadOnlyList<Migration> migrations, TimeProvider time, TimeSpan patience)
    {
        var connection = address.Single(Program);
        try
        {
            connection.Open();
            if (connection.PostgreSqlVersion.Major < LeastVersion)
                throw new StoreException($"{PostgresMigrations.Capital(address)} is of version {connection.PostgreSqlVersion}; Vedette needs PostgreSQL {LeastVersion} or newer.");
            if (Text(connection, "SHOW server_encoding") != "UTF8")
                throw new StoreException($"{PostgresMigrations.Capital(address)} does not keep its text in UTF-8. Make one with: CREATE DATABASE vedette ENCODING 'UTF8' TEMPLATE template0");
            for (var began = time.GetTimestamp(); !Lock(connection); Thread.Sleep(Pause))
            {
                if (time.GetElapsedTime(began) > patience)
                    throw new StoreException($"{PostgresMigrations.Capital(address)} is in use by {Holder(connection).Words}: stop that one, or give this one a database of its own.");
            }

            PostgresMigrations.Run(connection, address, migrations, time);
            PostgresMigrations.Execute(connection, "CREATE TABLE IF NOT EXISTS \"store_holder\" (\"id\" BIGINT PRIMARY KEY, \"generation\" BIGINT NOT NULL, \"commits\" BIGINT NOT NULL, \"holder\" TEXT NOT NULL, \"taken_at\" BIGINT NOT NULL, \"moved_to\" TEXT)");
            if (Moved(connection) is { } moved)
                throw new StoreException($"{PostgresMigrations.Capital(address)} was moved to {moved}. Go on there; or, to go on with this one as it was, UPDATE store_holder SET moved_to = NULL.");
            using var take = new NpgsqlCommand(
                "INSERT INTO \"store_holder\" (\"id\", \"generation\", \"commits\", \"holder\", \"taken_at\") VALUES (1, 1, 0, $1, $2) ON CONFLICT (\"id\") DO UPDATE SET \"generation\" = \"store_holder\".\"generation\" + 1, \"commits\" = 0, \"holder\" = $1, \"taken_at\" = $2 RETURNING \"generation\"", connection);
            var values = new Values(take.Parameters);
            values.Add(Program);
            values.Add(Table.ToMicroseconds(time.GetUtcNow()));
            return new Holding(connection, (long)take.ExecuteScalar()!, 0, connection.ProcessID);
        }
        catch (Exception exception)
        {
            connection.Dispose();
            throw exception is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException && exception is not StoreException
                ? Unusable(address, exception)
                : exception;
        }
    }

    /// <summary>The same holding on another session, after the last one was lost.</summary>
    /// <exception cref="TakenOverException">Somebody else has had the store.</exception>
    /// <exception cref="StoreException">It cannot be had at the moment.</exception>
    public static Holding TakeAgain(PostgresAddress address, long generation, int lost)
    {
        var connection = address.Single(Program);
        try
        {
            connection.Open();
            if (!Lock(connection))
            {
                var (session, words) = Holder(connection);
                if (session == lost)
                    End(connection, lost);
                if (Read(connection).Generation != generation)
                    throw Gone(words);
                throw new StoreException($"it is held by {words}.");
            }

            var (now, commits) = Read(connection);
            return now == generation ? new Holding(connection, generation, commits, connection.ProcessID) : throw Gone("another server");
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        TakenOverException Gone(string who) => new($"{PostgresMigrations.Capital(address)} was taken over by {who} while this server had lost it. End this process; it writes nothing any more.");
    }

    /// <summary>Why it cannot be opened, and what to do.</summary>
    public static StoreException Unusable(PostgresAddress address, Exception exception) => new(
        exception is PostgresException told
            ? told.SqlState switch
            {
                PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => $"{PostgresMigrations.Capital(address)} does not let us in: {told.MessageText}. See user and password in the connection string, and pg_hba.conf of the server.",
                PostgresErrorCodes.InvalidCatalogName => $"{PostgresMigrations.Capital(address)} is not there. Make it: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
                PostgresErrorCodes.InsufficientPrivilege => $"{PostgresMigrations.Capital(address)} does not let its user make tables: {told.MessageText}. Make the user the owner of the database, or grant USAGE and CREATE on its schema.",
                _ => $"{PostgresMigrations.Capital(address)} cannot be used: {Faults.Sentence(told)}",
            }
            : $"{PostgresMigrations.Capital(address)} cannot be reached: {exception.Message.TrimEnd('.')}{(exception.InnerException is { } inner ? $" ({inner.Message.TrimEnd('.')})" : "")}. See that the server runs and that the address in the connection string is right.",
        exception);

    /// <summary>From here on nobody takes it.</summary>
    public void MovedTo(string place, DateTimeOffset now)
    {
        using var command = new NpgsqlCommand("UPDATE \"store_holder\" SET \"moved_to\" = $1 WHERE \"id\" = 1", Connection);
        new Values(command.Parameters).Add(string.Create(CultureInfo.InvariantCulture, $"{place} on {now.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
        command.ExecuteNonQuery();
    }

    public void Dispose() => Connection.Dispose();

    private static bool Lock(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Key}, hashtext(current_schema()))", connection);
        return (bool)command.ExecuteScalar()!;
    }

    /// <summary>Who holds it; session 0 and words of nobody in particular where nobody does.</summary>
    public static (int Session, string Words) Holder(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            $"""
            SELECT a.pid, COALESCE(NULLIF(a.application_name, ''), 'a session of another user') || COALESCE(' at ' || host(a.client_addr), '') || COALESCE(' (connected since ' || to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC)', '')
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 AND l.classid::bigint = {Key} AND l.objid::bigint = hashtext(current_schema())::bigint & 4294967295
              AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """,
            connection);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt32(0), reader.GetString(1)) : (0, "another server");
    }

    /// <summary>Our own session that the server has not missed yet.</summary>
    private static void End(NpgsqlConnection connection, int session)
    {
        using var command = new NpgsqlCommand("SELECT pg_terminate_backend($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = session });
        command.ExecuteScalar();
    }

    /// <summary>Waits for a commit that may still be on its way.</summary>
    private static (long Generation, long Commits) Read(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT \"generation\", \"commits\" FROM \"store_holder\" WHERE \"id\" = 1 FOR UPDATE", connection);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    private static string? Moved(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT \"moved_to\" FROM \"store_holder\" WHERE \"id\" = 1", connection);
        return command.ExecuteScalar() as string;
    }

    private static string Text(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // A constant.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (string)command.ExecuteScalar()!;
    }
}
