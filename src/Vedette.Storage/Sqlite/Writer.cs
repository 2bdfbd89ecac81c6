using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;
using Vedette.Engine.Storage;
using Vedette.Storage.Writing;

namespace Vedette.Storage.Sqlite;

/// <summary>
/// The one thread that writes. It takes what has gathered while the last commit was on its way, and answers all of it after one COMMIT;
/// those that wait for the disk, after the sync that follows it. Where a unit cannot be kept, its neighbours are: the batch is begun anew, and
/// each of its units gets a savepoint of its own.
/// </summary>
internal sealed class Writer : IUnitWriter, IDisposable
{
    /// <summary>More in one transaction gains nothing: measured.</summary>
    private const int MostUnits = 64;

    /// <summary>So many units in one batch show that many runs are under way.</summary>
    private const int Company = 3;

    private readonly string _file;
    private readonly SqliteStoreOptions _options;
    private readonly Kept _kept;
    private readonly DiskSync _disk;

    // Who hands a unit over wakes the writer itself: by way of the thread pool it would sleep while callers hold all threads and wait for it.
    private readonly Channel<Job> _waiting =
        Channel.CreateBounded<Job>(new BoundedChannelOptions(8192) { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly Thread _thread;
    private SqliteConnection? _connection;
    private Writes? _writes;
    private long _commits;
    private volatile bool _closed;
    private volatile bool _finishCheckpoint;

    public Writer(string file, SqliteStoreOptions options, Kept kept)
    {
        _file = file;
        _options = options;
        _kept = kept;
        _disk = new DiskSync(file + "-wal", options);
        Connect();
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>How many transactions were committed: tells the one who checkpoints whether there is anything to do.</summary>
    public long Commits => Volatile.Read(ref _commits);

    public int Queued => _waiting.Reader.Count;

    public async Task<Commit> Commit(Unit unit, CancellationToken ct)
    {
        var job = new Job(unit, null, 0, ct);
        await Hand(job, ct).ConfigureAwait(false);
        return (await job.Done.Task.ConfigureAwait(false)).Commit;
    }

    /// <summary>
    /// Asks for ids of a table. Who waits for them does so on its own thread and is woken by the writer itself: were a thread of the pool
    /// needed for that, many who wait at once would take them all and wait for one another.
    /// </summary>
    public Reservation ReserveIds(string table, long count)
    {
        var job = new Job(null, table, count, CancellationToken.None);
        while (!_waiting.Writer.TryWrite(job))
        {
            ObjectDisposedException.ThrowIf(_closed, nameof(SqliteStore));
            Thread.Sleep(1);
        }

        return new Reservation(job.Done.Task);
    }

    /// <summary>Lets the writer take the rest of the log into the database before its next batch.</summary>
    public void FinishCheckpoint() => _finishCheckpoint = true;

    /// <summary>Takes nothing more, carries out what waits, and closes.</summary>
    public void Dispose()
    {
        _closed = true;
        _waiting.Writer.TryComplete();
        _thread.Join();
        _disk.Dispose();
        Disconnect();
    }

    private async ValueTask Hand(Job job, CancellationToken ct)
    {
        try
        {
            await _waiting.Writer.WriteAsync(job, ct).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }
    }

    private void Run()
    {
        var batch = new List<Job>(MostUnits);
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            // A commit costs a page of the log for each index it touches, however many units share it. So where there was company a moment is
            // waited for more; who is alone goes through at once.
            if (batch.Count >= Company)
                Thread.Sleep(1);
            batch.Clear();
            while (batch.Count < MostUnits && _waiting.Reader.TryRead(out var job))
            {
                // Who gave up while it waited gets nothing done; from here on the unit goes through.
                if (!job.Canceled())
                    batch.Add(job);
            }

            if (batch.Count > 0)
                Take(batch);
        }
    }

    private void Take(List<Job> batch)
    {
        try
        {
            if (_disk.Broken is { } broken)
                throw new StoreException(broken);
            if (_connection is null)
                Connect();
            if (_finishCheckpoint)
            {
                _finishCheckpoint = false;
                _writes!.Execute("PRAGMA wal_checkpoint(PASSIVE)");
            }

            // Savepoints cost a copy of every page that several units touch, and nearly all units go through.
            if (!Together(batch))
                Apart(batch);
            _options.BeforeCommit?.Invoke(_connection!);
            _writes!.Execute("COMMIT");
        }
        catch (Exception e)
        {
            // Whatever it is, the disk or a fault of ours: the writer must not die of it, and nobody must wait for ever.
            Fail(batch, e);
            return;
        }

        Volatile.Write(ref _commits, _commits + 1);
        foreach (var job in batch)
        {
            if (job is { Unit: { } unit, Outcome.IsDone: true })
                _kept.Committed(unit.Writes);
        }

        foreach (var action in batch.Where(job => job.Outcome is { IsDone: true }).SelectMany(job => job.Unit?.OnceCommittedActions ?? []))
            Wake(action);

        var waiting = new List<IWaitsForDisk>();
        foreach (var job in batch)
        {
            if (job.Unit is { WaitsForDisk: true })
                waiting.Add(job);
            else
                job.Answer();
        }

        if (waiting.Count > 0)
            _disk.Wait(waiting);
    }

    /// <summary>The commit stands, whatever becomes of who is woken.</summary>
    private void Wake(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            _options.Logger.LogError(e, "Who was to be woken after a commit was not; the commit stands.");
        }
    }

    /// <summary>All units, one after the other. False when one of them cannot be kept: then nothing was done.</summary>
    private bool Together(List<Job> batch)
    {
        _writes!.Execute("BEGIN IMMEDIATE");
        _writes.Begin();
        foreach (var job in batch)
        {
            if (!Try(job))
            {
                _writes.Execute("ROLLBACK");
                _writes.RolledBack();
                return false;
            }
        }

        return true;
    }

    private void Apart(List<Job> batch)
    {
        _writes!.Execute("BEGIN IMMEDIATE");
        foreach (var job in batch)
        {
            _writes.Begin();
            _writes.Execute("SAVEPOINT u");
            if (!Try(job))
            {
                _writes.Execute("ROLLBACK TO u");
                _writes.RolledBack();
            }

            _writes.Execute("RELEASE u");
        }
    }

    /// <summary>False when the unit cannot be kept; the job knows why.</summary>
    private bool Try(Job job)
    {
        (job.Outcome, job.Fault) = (null, null);
        try
        {
            if (job.Unit is null)
                job.First = _writes!.ReserveIds(job.Table!, job.Count);
            else
                foreach (var write in job.Unit.Writes)
                    _writes!.Run(write);
            job.Outcome = new Commit(CommitKind.Done);
            return true;
        }
        catch (StaleException e)
        {
            job.Outcome = new Commit(CommitKind.Stale, e.Message);
        }
        catch (CappedException e)
        {
            job.Outcome = new Commit(CommitKind.Capped, e.Message);
        }
        catch (SqliteException e) when (e.SqliteExtendedErrorCode is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_ROWID)
        {
            job.Outcome = new Commit(CommitKind.Taken, e.Message);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is not (raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_ERROR or raw.SQLITE_RANGE or raw.SQLITE_TOOBIG))
        {
            // The disk, not the unit: nothing of the batch can be kept.
            throw;
        }
        catch (Exception e) when (e is not IOException)
        {
            // The unit asks for what cannot be; its neighbours have no part in it.
            job.Fault = e;
        }

        return false;
    }

    /// <summary>
    /// Nothing of the batch is kept. What waited behind it may build on it and is not kept either; what comes after this does so by
    /// versions, and is stale.
    /// </summary>
    private void Fail(List<Job> batch, Exception e)
    {
        _options.Logger.LogError(e, "The store could not write; {Count} units are not kept.", batch.Count);
        Recover();
        var behind = _waiting.Reader.Count;
        var outcome = new Commit(CommitKind.Unavailable, e.Message);
        foreach (var job in batch)
            job.Refuse(outcome);
        for (; behind > 0 && _waiting.Reader.TryRead(out var job); behind--)
            job.Refuse(outcome);
    }

    /// <summary>Back to what is on disk; a connection that cannot do that is given up, and another is opened for the next batch.</summary>
    private void Recover()
    {
        if (_connection is null)
            return;
        try
        {
            if (Connections.InTransaction(_connection))
                _writes!.Execute("ROLLBACK");
            _writes!.Forget();
        }
        catch (SqliteException e)
        {
            _options.Logger.LogError(e, "The writer's connection is given up.");
            Disconnect();
        }
    }

    private void Connect()
    {
        _connection = Connections.Writing(_file, _options.CheckpointAt);
        _writes = new Writes(_connection, _options.TimeProvider);
    }

    private void Disconnect()
    {
        _writes?.Dispose();
        _connection?.Dispose();
        _writes = null;
        _connection = null;
    }
}
