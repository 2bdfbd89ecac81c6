using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;
using Vedette.Engine.Storage;

namespace Vedette.Storage.Sqlite;

/// <summary>
/// The one writer. It takes what has gathered while the last commit was on its way, up to 64 units, puts each into its own savepoint so that a
/// bad one does not fail its neighbours, commits them together and only then answers.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    /// <summary>The knee of the curve: more units in one commit gain nothing and delay the first.</summary>
    private const int AtOnce = 64;

    private readonly Channel<Waiting> _queue = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly SqliteStoreOptions _options;
    private readonly Statements _statements;
    private readonly WriteApplier _applier;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Writer(SqliteConnection connection, SqliteStoreOptions options)
    {
        (_connection, _options) = (connection, options);
        _statements = new Statements(connection);
        _applier = new WriteApplier(_statements, options.TimeProvider);
        _thread = new Thread(Work) { IsBackground = true, Name = "store writer" };
        _thread.Start();
    }

    public Task<Commit> Commit(Unit unit)
    {
        var waiting = new Waiting(unit);
        return _queue.Writer.TryWrite(waiting)
            ? waiting.Answer.Task
            : Task.FromResult(new Commit(CommitKind.Unavailable, "the store is closed"));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _ended.Task;
        _statements.Dispose();
        await _connection.DisposeAsync();
    }

    private void Work()
    {
        var batch = new List<Waiting>(AtOnce);
        try
        {
            while (WaitForMore())
            {
                while (batch.Count < AtOnce && _queue.Reader.TryRead(out var waiting))
                {
                    batch.Add(waiting);
                }

                CommitTogether(batch);
                batch.Clear();
            }
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private bool WaitForMore()
    {
        var more = _queue.Reader.WaitToReadAsync();
        return more.IsCompleted ? more.Result : more.AsTask().GetAwaiter().GetResult();
    }

    private void CommitTogether(List<Waiting> batch)
    {
        try
        {
            _statements.Of("BEGIN IMMEDIATE").Run();
            foreach (var waiting in batch)
            {
                (waiting.Outcome, waiting.Mistake) = One(waiting.Unit);
            }

            _options.BeforeCommit?.Invoke(_connection);
            _statements.Of("COMMIT").Run();
        }
        catch (SqliteException exception)
        {
            // Disk full or an error of the disk: nothing of the batch is kept, and all of it is told so.
            _options.Logger.LogError(exception, "The store cannot write; {Count} units were refused.", batch.Count);
            RollBack();
            foreach (var waiting in batch)
            {
                waiting.Outcome = new Commit(CommitKind.Unavailable, exception.Message);
            }
        }

        foreach (var waiting in batch)
        {
            var outcome = waiting.Outcome;
            var unit = waiting.Unit;
            if (outcome.IsDone && unit.Afterwards.Count > 0)
            {
                // Not on the writer's thread: the next batch is waiting for it.
                ThreadPool.UnsafeQueueUserWorkItem(
                    static state =>
                    {
                        state.Waiting.RunAfterwards(state.Logger);
                        state.Waiting.Answer.SetResult(state.Waiting.Outcome);
                    },
                    (Waiting: waiting, _options.Logger),
                    preferLocal: false);
            }
            else if (waiting.Mistake is { } mistake)
            {
                waiting.Answer.SetException(mistake);
            }
            else
            {
                waiting.Answer.SetResult(outcome);
            }
        }
    }

    private (Commit Outcome, Exception? Mistake) One(Unit unit)
    {
        _statements.Of("SAVEPOINT unit").Run();
        _applier.Begin();
        try
        {
            foreach (var write in unit.Writes)
            {
                _applier.Apply(write);
            }

            _statements.Of("RELEASE unit").Run();
            return (new Commit(CommitKind.Done), null);
        }
        catch (StaleException stale)
        {
            TakeBack();
            return (new Commit(CommitKind.Stale, stale.Message), null);
        }
        catch (SqliteException exception) when (exception.SqliteExtendedErrorCode is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY)
        {
            TakeBack();
            return (new Commit(CommitKind.Taken, exception.Message), null);
        }
        catch (Exception exception) when (exception is not SqliteException { SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CORRUPT or raw.SQLITE_NOMEM or raw.SQLITE_CANTOPEN })
        {
            // A mistake of ours in one unit must not fail its neighbours: it is answered as what it is, to its own caller.
            TakeBack();
            _options.Logger.LogError(exception, "A unit could not be written.");
            return (new Commit(CommitKind.Stale, exception.Message), exception);
        }
    }

    private void TakeBack()
    {
        _applier.TakeBack();
        _statements.Of("ROLLBACK TO unit").Run();
        _statements.Of("RELEASE unit").Run();
    }

    private void RollBack()
    {
        _applier.Forget();
        try
        {
            _statements.Of("ROLLBACK").Run();
        }
        catch (SqliteException exception)
        {
            _options.Logger.LogWarning(exception, "The failed transaction was already rolled back.");
        }
    }

    private sealed class Waiting(Unit unit)
    {
        public Unit Unit { get; } = unit;

        public Commit Outcome { get; set; } = new(CommitKind.Unavailable);

        /// <summary>A mistake of ours: thrown to whoever handed in the unit.</summary>
        public Exception? Mistake { get; set; }

        public TaskCompletionSource<Commit> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void RunAfterwards(ILogger logger)
        {
            foreach (var action in Unit.Afterwards)
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    logger.LogError(exception, "What was to be done after a commit failed.");
                }
            }
        }
    }
}
