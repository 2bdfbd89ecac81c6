using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Vedette.Storage.Sqlite;

/// <summary>Takes the write-ahead log into the database, beside the writer and on a connection of its own.</summary>
internal sealed class Checkpoints : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);
    private readonly string _file;
    private readonly SqliteStoreOptions _options;
    private readonly Writer _writer;
    private readonly SqliteConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public Checkpoints(string file, SqliteStoreOptions options, Writer writer)
    {
        (_file, _options, _writer) = (file, options, writer);
        _connection = Connections.Writing(file, options.CheckpointAt);
        // It must not hold up the writer while it waits for readers.
        raw.sqlite3_busy_timeout(_connection.Handle!, 20);
        _running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends, and empties the log once the writer is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        Try("TRUNCATE");
        _connection.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        var (seen, emptied, since) = (0L, 0L, Environment.TickCount64);
        while (!_stop.Token.WaitHandle.WaitOne(Every))
        {
            var commits = _writer.Commits;
            if (commits != seen)
            {
                (seen, since) = (commits, Environment.TickCount64);
                if (Size() > _options.CheckpointAt)
                {
                    // The first does the work beside the writer; what little came meanwhile is done by the second, which lets the writer
                    // begin the log anew. Under load the log would else never come to an end.
                    Try("PASSIVE");
                    Try("RESTART");
                }
            }
            else if (commits != emptied && Environment.TickCount64 - since >= (long)_options.IdleAfter.TotalMilliseconds && Try("TRUNCATE"))
            {
                emptied = commits;
            }
        }
    }

    private long Size()
    {
        var log = new FileInfo(_file + "-wal");
        return log.Exists ? log.Length : 0;
    }

    /// <summary>True when all of the log was taken in. A reader or the writer in the way is no fault: it is tried again.</summary>
    private bool Try(string mode)
    {
        try
        {
            using var statement = new Statement(_connection, $"PRAGMA wal_checkpoint({mode})");
            return statement.RunNumber() == 0;
        }
        catch (SqliteException e)
        {
            if (e.SqliteErrorCode != raw.SQLITE_BUSY)
                _options.Logger.LogError(e, "The write-ahead log could not be taken into the database; it grows until it can.");
            return false;
        }
    }
}
