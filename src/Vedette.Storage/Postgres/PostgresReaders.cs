using Npgsql;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Postgres;

/// <summary>Connections that only read. Each query sees what was committed when it began; while the database cannot be reached, it waits or is refused.</summary>
internal sealed class PostgresReaders(NpgsqlDataSource source, TimeSpan longest, Reach? reach) : Reading<Rows>, IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync().ConfigureAwait(false);
        await source.DisposeAsync().ConfigureAwait(false);
        _closed.Dispose();
    }

    protected override QueryText Text(Table table) => new PostgresQueryText(table);

    protected override async ValueTask<TResult> Read<TResult>(Question question, Func<Rows, TResult> take, CancellationToken ct)
    {
        var again = false;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                await using var connection = await source.OpenConnectionAsync(ct).ConfigureAwait(false);
                return question.Sought.Count == 0
                    ? await Read(connection, question, take, ct).ConfigureAwait(false)
                    : await Seek(connection, question, take, ct).ConfigureAwait(false);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !ct.IsCancellationRequested)
            {
                throw new TimeoutException($"A query took longer than {longest.TotalSeconds:0} s and was cut off. Ask for less, or filter by an indexed column.", e);
            }
            catch (Exception e) when (Faults.IsOutage(e) && reach is not null && !_closed.IsCancellationRequested)
            {
                if (again)
                {
                    reach.Lost(Faults.Sentence(e));
                }
                else
                {
                    // After a restart of the database, what is in the pool is broken and it is there all the same.
                    source.Clear();
                }

                // Who can be called off is somebody who stands there and asks, and is told; what works by itself waits.
                if (again && ct.CanBeCanceled)
                    throw new StoreUnavailableException("The store cannot be reached at the moment.", e);
                again = true;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _closed.Token);
                await reach.Back(either.Token).ConfigureAwait(false);
            }
        }
    }

    private static async Task<TResult> Read<TResult>(NpgsqlConnection connection, Question question, Func<Rows, TResult> take, CancellationToken ct)
    {
        await using var command = Command(connection, question);
        await using var reader = await command.ExecuteReaderAsync(ct).ConfigureAwait(false);
        return take(new Rows(reader));
    }

    /// <summary>What was sought out is of the same moment as what is then found by it.</summary>
    private static async Task<TResult> Seek<TResult>(NpgsqlConnection connection, Question question, Func<Rows, TResult> take, CancellationToken ct)
    {
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct).ConfigureAwait(false);
        var parameters = question.Parameters.ToList();
        foreach (var sought in question.Sought)
        {
            var fitting = new List<string>();
            await using var texts = Command(connection, sought.Texts);
            await using var reader = await texts.ExecuteReaderAsync(ct).ConfigureAwait(false);
            while (await reader.ReadAsync(ct).ConfigureAwait(false))
            {
                var text = PostgresText.Read(reader.GetString(0));
                if (sought.Fits(text))
                    fitting.Add(text);
            }

            parameters[sought.Parameter - 1] = fitting.ToArray();
        }

        return await Read(connection, question with { Parameters = parameters }, take, ct).ConfigureAwait(false);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, Question question)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of the names of columns; all values are parameters.
        command.CommandText = question.Sql;
#pragma warning restore CA2100
        var values = new Values(command.Parameters);
        foreach (var parameter in question.Parameters)
            values.Add(parameter);
        return command;
    }
}
