using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vedette.Engine.Storage;
using Vedette.Storage.Writing;

namespace Vedette.Storage.Postgres;

/// <summary>
/// The one thread that writes, on the session that holds the store. It takes what has gathered while the last commit was on its way, sends
/// all of it in one message, and answers after one COMMIT, which is on disk then. Where a unit cannot be kept, its neighbours are: the batch is
/// begun anew, and each of its units gets a savepoint of its own. A session that breaks before the COMMIT was sent has kept nothing: the
/// same batch goes to the next one. One that breaks under it may have: those units are answered when the database says what became of them.
/// </summary>
internal sealed class PostgresWriter : IUnitWriter, IDisposable
{
    /// <summary>More in one transaction gains nothing: measured.</summary>
    private const int MostUnits = 64;

    /// <summary>How often a lost database is looked for.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);

    // Who hands a unit over wakes the writer itself: by way of the thread pool it would sleep while callers hold all threads and wait for it.
    private readonly Channel<Job> _waiting =
        Channel.CreateBounded<Job>(new BoundedChannelOptions(8192) { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly PostgresStoreOptions _options;
    private readonly Kept _kept;
    private readonly Reach _reach;
    private readonly PostgresWrites _writes;
    private readonly Thread _thread;
    private readonly long _generation;
    private Holding? _holding;
    private int _session;
    private long _commits;
    private long _tried;
    private string? _broken;
    private volatile bool _closed;

    public PostgresWriter(Holding holding, PostgresStoreOptions options, Kept kept, Reach reach)
    {
        (_holding, _options, _kept, _reach) = (holding, options, kept, reach);
        (_generation, _session) = (holding.Generation, holding.Session);
        _writes = new PostgresWrites(options.TimeProvider);
        _thread = new Thread(Run) { Name = "store writer", IsBackground = true };
        _thread.Start();
    }

    public int Queued => _waiting.Reader.Count;

    public async Task<Commit> Commit(Unit unit, CancellationToken ct)
    {
        var job = new Job(unit, null, 0, ct);
        try
        {
            await _waiting.Writer.WriteAsync(job, ct).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(PostgresStore));
        }

        return (await job.Done.Task.ConfigureAwait(false)).Commit;
    }

    public Reservation ReserveIds(string table, long count)
    {
        var job = new Job(null, table, count, CancellationToken.None);
        while (!_waiting.Writer.TryWrite(job))
        {
            ObjectDisposedException.ThrowIf(_closed, nameof(PostgresStore));
            Thread.Sleep(1);
        }

        return new Reservation(job.Done.Task);
    }

    /// <summary>Looks now whether the database is there: somebody who read has missed it.</summary>
    public void LookNow() => _waiting.Writer.TryWrite(new Job(null, null, 0, CancellationToken.None));

    /// <summary>Takes nothing more, carries out what waits, and closes.</summary>
    public void Dispose()
    {
        _closed = true;
        _waiting.Writer.TryComplete();
        _thread.Join();
        _holding?.Dispose();
    }

    private void Run()
    {
        var batch = new List<Job>(MostUnits);
        while (true)
        {
            var some = _waiting.Reader.WaitToReadAsync().AsTask();
            while (!some.Wait(_holding is null && _broken is null ? Again : Timeout.InfiniteTimeSpan))
                Look();
            if (!some.Result)
                return;
            batch.Clear();
            var asked = false;
            while (batch.Count < MostUnits && _waiting.Reader.TryRead(out var job))
            {
                if (job is { Unit: null, Table: null })
                    asked = true;
                // Who gave up while it waited gets nothing done; from here on the unit goes through.
                else if (!job.Canceled())
                    batch.Add(job);
            }

            if (asked)
                Look();
            if (batch.Count > 0)
                Take(batch);
        }
    }

    private void Take(List<Job> batch)
    {
        NpgsqlTransaction transaction;
        try
        {
            transaction = Write(batch);
        }
        catch (Exception e)
        {
            // Whatever it is, the database or a fault of ours: the writer must not die of it, and nobody must wait for ever.
            Fail(batch, e);
            return;
        }

        try
        {
            transaction.Commit();
        }
        catch (Exception e)
        {
            if (Faults.IsOutage(e))
                Doubt(batch, e);
            else
                Fail(batch, e);
            return;
        }

        Committed(batch);
    }

    /// <summary>All of the batch that can be kept, up to the COMMIT.</summary>
    private NpgsqlTransaction Write(List<Job> batch)
    {
        if (_broken is not null)
            throw new StoreException(_broken);
        var before = _holding is not null;
        while (true)
        {
            try
            {
                // While it is looked for already, nobody waits for one more try that takes seconds.
                if (_holding is null && !_reach.Has && Environment.TickCount64 - _tried < Again.TotalMilliseconds)
                    throw new StoreException("The store cannot be reached at the moment.");
                if (_holding is null)
                    Connect();
                var transaction = Together(batch) ?? Apart(batch);
                _options.BeforeCommit?.Invoke(_holding!.Connection);
                return transaction;
            }
            catch (Exception e) when (before && Faults.IsOutage(e))
            {
                // The transaction went with its session.
                before = false;
                Disconnect();
            }
        }
    }

    /// <summary>All units in one message. Null when one of them cannot be kept: then nothing was done.</summary>
    private NpgsqlTransaction? Together(List<Job> batch)
    {
        var connection = _holding!.Connection;
        _writes.Begin();
        var planned = new List<Planned>(batch.Count * 4);
        foreach (var job in batch)
        {
            if (Plan(job) is not { } plan)
            {
                _writes.RolledBack();
                return null;
            }

            planned.AddRange(plan);
        }

        var transaction = connection.BeginTransaction();
        try
        {
            if (Send(planned, numbered: true) is null)
            {
                foreach (var job in batch)
                    job.Outcome = new Commit(CommitKind.Done);
                return transaction;
            }
        }
        catch (PostgresException e) when (Faults.IsOfUnit(e))
        {
            // Found again where each is alone.
        }

        transaction.Rollback();
        _writes.RolledBack();
        return null;
    }

    private NpgsqlTransaction Apart(List<Job> batch)
    {
        var transaction = _holding!.Connection.BeginTransaction();
        Send([], numbered: true);
        foreach (var job in batch)
        {
            _writes.Begin();
            if (Plan(job) is not { } plan)
            {
                _writes.RolledBack();
                continue;
            }

            transaction.Save("u");
            try
            {
                job.Fault = Send(plan, numbered: false);
            }
            catch (PostgresException e) when (Faults.IsOfUnit(e))
            {
                job.Fault = e;
            }

            Judge(job);
            if (!job.Outcome!.IsDone)
            {
                transaction.Rollback("u");
                _writes.RolledBack();
            }

            transaction.Release("u");
        }

        return transaction;
    }

    /// <summary>The statements of a job, or null where they cannot be made; the job knows why.</summary>
    private IReadOnlyList<Planned>? Plan(Job job)
    {
        (job.Outcome, job.Fault) = (null, null);
        try
        {
            return _writes.Plan(job, _holding!.Connection);
        }
        catch (Exception e) when (!Faults.IsOutage(e))
        {
            // The unit asks for what cannot be; its neighbours have no part in it.
            job.Fault = e;
            return null;
        }
    }

    /// <summary>What a unit's fault is to the one who handed it over: an ending, or a mistake.</summary>
    private static void Judge(Job job)
    {
        (job.Outcome, job.Fault) = job.Fault switch
        {
            null => (new Commit(CommitKind.Done), null),
            StaleException stale => (new Commit(CommitKind.Stale, stale.Message), null),
            CappedException capped => (new Commit(CommitKind.Capped, capped.Message), null),
            PostgresException taken when Faults.IsTaken(taken) => (new Commit(CommitKind.Taken, $"{taken.TableName}: {taken.ConstraintName}"), null),
            var fault => (new Commit(CommitKind.Taken), fault),
        };
    }

    /// <summary>Sends statements and takes their answers; what the first unit fails with that does not find what it builds on.</summary>
    /// <param name="numbered">With the number of this commit, which goes through only while the store is ours.</param>
    private Exception? Send(IReadOnlyList<Planned> planned, bool numbered)
    {
        if (planned.Count == 0 && !numbered)
            return null;
        using var batch = new NpgsqlBatch(_holding!.Connection);
        NpgsqlBatchCommand? number = null;
        if (numbered)
        {
            number = new NpgsqlBatchCommand("UPDATE \"store_holder\" SET \"commits\" = $1 WHERE \"id\" = 1 AND \"generation\" = $2");
            var values = new Values(number.Parameters);
            values.Add(_commits + 1);
            values.Add(_generation);
            batch.BatchCommands.Add(number);
        }

        foreach (var one in planned)
            batch.BatchCommands.Add(one.Command);
        Exception? none = null;
        using (var reader = batch.ExecuteReader())
        {
            foreach (var one in planned.Where(one => one.Gives))
            {
                if (!reader.Read())
                    none ??= one.WhenNone?.Invoke();
                else if (one.Job.Unit is null)
                    one.Job.First = reader.GetInt64(0) - one.Job.Count;
                reader.NextResult();
            }

            while (reader.NextResult())
            {
            }
        }

        if (number is { RecordsAffected: 0 })
            throw Break($"{PostgresMigrations.Capital(_options.Address)} was taken over by another server. End this process; it writes nothing any more.");
        return none ?? planned.FirstOrDefault(one => one is { Gives: false, WhenNone: not null, Command.RecordsAffected: 0 })?.WhenNone!();
    }

    private void Committed(List<Job> batch)
    {
        _commits++;
        foreach (var job in batch)
        {
            if (job is { Unit: { } unit, Outcome.IsDone: true })
                _kept.Committed(unit.Writes);
        }

        foreach (var action in batch.Where(job => job.Outcome is { IsDone: true }).SelectMany(job => job.Unit?.OnceCommittedActions ?? []))
            Wake(action);
        foreach (var job in batch)
            job.Answer();
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

    /// <summary>
    /// Nothing of the batch is kept. What waited behind it may build on it and is not kept either; what comes after this does so by
    /// versions, and is stale.
    /// </summary>
    private void Fail(List<Job> batch, Exception e)
    {
        if (_reach.Has && _broken is null)
            _options.Logger.LogError(e, "The store could not write; {Count} units are not kept.", batch.Count);
        Recover(e);
        var outcome = new Commit(CommitKind.Unavailable, Faults.Sentence(e));
        foreach (var job in batch)
            job.Refuse(outcome);
        RefuseWaiting(outcome);
    }

    private void RefuseWaiting(Commit outcome)
    {
        for (var behind = _waiting.Reader.Count; behind > 0 && _waiting.Reader.TryRead(out var job); behind--)
            job.Refuse(outcome);
    }

    /// <summary>Back to what is on disk; a session that cannot do that is given up, and another is opened for the next batch.</summary>
    private void Recover(Exception e)
    {
        if (_holding is null || Faults.IsOutage(e))
        {
            Disconnect();
            _reach.Lost(Faults.Sentence(e));
            return;
        }

        try
        {
            using var back = new NpgsqlCommand("ROLLBACK", _holding.Connection);
            back.ExecuteNonQuery();
            _writes.Forget();
        }
        catch (Exception failed) when (failed is NpgsqlException or InvalidOperationException or IOException)
        {
            _options.Logger.LogError(failed, "The writer's session is given up.");
            Disconnect();
        }
    }

    /// <summary>The session broke under the COMMIT: its units are answered when the database says whether it came through. Others are refused meanwhile.</summary>
    private void Doubt(List<Job> batch, Exception e)
    {
        _reach.Lost(Faults.Sentence(e));
        Disconnect();
        _kept.Forget();
        while (!_closed && _broken is null)
        {
            try
            {
                Connect();
            }
            catch (Exception again)
            {
                RefuseWaiting(new Commit(CommitKind.Unavailable, Faults.Sentence(again)));
                Thread.Sleep(Again);
                continue;
            }

            if (_holding!.Commits == _commits + 1)
            {
                Committed(batch);
            }
            else
            {
                foreach (var job in batch)
                    job.Refuse(new Commit(CommitKind.Unavailable, Faults.Sentence(e)));
            }

            _reach.Found();
            return;
        }

        foreach (var job in batch)
            job.Refuse(new Commit(CommitKind.Unavailable, "The database was lost under a commit; whether it came through shows when it is read again."));
    }

    /// <summary>Whether the session still is there; where it is not, whether another can be had.</summary>
    private void Look()
    {
        if (_broken is not null)
            return;
        for (var tries = _holding is null ? 1 : 2; tries > 0; tries--)
        {
            try
            {
                if (_holding is null)
                    Connect();
                using var look = new NpgsqlCommand("SELECT 1", _holding!.Connection);
                look.ExecuteNonQuery();
                _reach.Found();
                return;
            }
            catch (Exception e)
            {
                Disconnect();
                if (tries == 1)
                    _reach.Lost(Faults.Sentence(e));
            }
        }
    }

    private void Connect()
    {
        try
        {
            _holding = Holding.TakeAgain(_options.Address, _generation, _session);
        }
        catch (TakenOverException e)
        {
            throw Break(e.Message);
        }
        finally
        {
            _tried = Environment.TickCount64;
        }

        _session = _holding.Session;
        _writes.Forget();
        _reach.Found();
    }

    /// <summary>What is not ours any more is never written to again.</summary>
    private StoreException Break(string why)
    {
        _broken = why;
        _options.Logger.LogCritical("{Sentence}", why);
        _reach.Lost(why);
        return new StoreException(why);
    }

    private void Disconnect()
    {
        _holding?.Dispose();
        _holding = null;
        _writes.Forget();
    }
}
