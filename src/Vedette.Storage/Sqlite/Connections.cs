using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Vedette.Storage.Sqlite;

/// <summary>How connections to the database file are opened.</summary>
internal static class Connections
{
    static Connections()
    {
        // Nobody asks SQLite for its memory figures, which every allocation of it would count under one lock; and each connection belongs to one
        // thread at a time, so none needs a lock of its own. Where SQLite is in use in this process already it stays as it is, only slower.
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
    }

    /// <summary>For the writer and for migrations.</summary>
    public static SqliteConnection Writing(string file, long logLimit)
    {
        var connection = Open(file, SqliteOpenMode.ReadWriteCreate);
        try
        {
            Execute(connection, "PRAGMA journal_mode = WAL");
            // A checkpoint and a log begun anew are still synced by SQLite itself; commits are synced by DiskSync, beside the writer.
            Execute(connection, "PRAGMA synchronous = NORMAL");
            // Checkpoints run beside the writer, on a connection of their own.
            Execute(connection, "PRAGMA wal_autocheckpoint = 0");
            Execute(connection, $"PRAGMA journal_size_limit = {logLimit}");
            Execute(connection, "PRAGMA cache_size = -65536");
            // What a statement or savepoint may have to take back is kept in memory: a file of it would be made and deleted for nearly every batch.
            Execute(connection, "PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection Reading(string file)
    {
        var connection = Open(file, SqliteOpenMode.ReadOnly);
        Execute(connection, "PRAGMA query_only = ON");
        // Readers lose their page cache at every commit of the writer; what is in the file is then read without a system call.
        Execute(connection, "PRAGMA mmap_size = 268435456");
        Functions.Register(connection);
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var statement = new Statement(connection, sql);
        statement.Run();
    }

    public static bool InTransaction(SqliteConnection connection) => raw.sqlite3_get_autocommit(connection.Handle!) == 0;

    internal static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        // A connection belongs to the one who opened it; a pool would keep files open behind our back.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            raw.sqlite3_busy_timeout(connection.Handle!, 10_000);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
