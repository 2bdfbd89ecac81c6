using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Sqlite;

/// <summary>Connections that only read. Each query sees what was committed when it began.</summary>
internal sealed class Readers(string file, SqliteStoreOptions options) : Reading<Statement>, IDisposable
{
    private readonly ConcurrentBag<Reader> _idle = [];
    private readonly SemaphoreSlim _places = new(options.Readers, options.Readers);
    private volatile bool _closed;

    protected override QueryText Text(Table table) => new SqliteQueryText(table);

    protected override async ValueTask<TResult> Read<TResult>(Question question, Func<Statement, TResult> take, CancellationToken ct)
    {
        await _places.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, nameof(SqliteStore));
            if (!_idle.TryTake(out var reader))
                reader = new Reader(file);
            try
            {
                return reader.Read(question.Sql, question.Parameters, take, options.LongestRead, ct);
            }
            finally
            {
                _idle.Add(reader);
            }
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Waits for the queries that run.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < options.Readers; i++)
            _places.Wait();
        while (_idle.TryTake(out var reader))
            reader.Dispose();
        _places.Release(options.Readers);
    }

    private sealed class Reader : IDisposable
    {
        /// <summary>Filters come from outside: what is kept of their statements stays bounded.</summary>
        private const int MostStatements = 128;

        private readonly SqliteConnection _connection;
        private readonly Dictionary<string, Statement> _statements = [];
        private long _until;
        private CancellationToken _ct;

        public Reader(string file)
        {
            _connection = Connections.Reading(file);
            raw.sqlite3_progress_handler(_connection.Handle!, 10_000, _ => _ct.IsCancellationRequested || Environment.TickCount64 > _until ? 1 : 0, null);
        }

        public TResult Read<TResult>(string sql, IReadOnlyList<object?> parameters, Func<Statement, TResult> take, TimeSpan longest, CancellationToken ct)
        {
            (_ct, _until) = (ct, Environment.TickCount64 + (long)longest.TotalMilliseconds);
            var statement = Prepared(sql);
            try
            {
                for (var i = 0; i < parameters.Count; i++)
                    statement.BindValue(i + 1, parameters[i]);
                return take(statement);
            }
            catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT)
            {
                ct.ThrowIfCancellationRequested();
                throw new TimeoutException($"A query took longer than {longest.TotalSeconds:0} s and was cut off. Ask for less, or filter by an indexed column.", e);
            }
            finally
            {
                // An open statement would hold its snapshot.
                statement.Reset();
            }
        }

        public void Dispose()
        {
            foreach (var statement in _statements.Values)
                statement.Dispose();
            _connection.Dispose();
        }

        private Statement Prepared(string sql)
        {
            if (_statements.TryGetValue(sql, out var known))
                return known;
            if (_statements.Count >= MostStatements)
            {
                foreach (var statement in _statements.Values)
                    statement.Dispose();
                _statements.Clear();
            }

            return _statements[sql] = new Statement(_connection, sql);
        }
    }
}
