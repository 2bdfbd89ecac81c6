using Npgsql;

namespace Vedette.Storage.Postgres;

/// <summary>A connection on which nothing is asked: it tells at once that the database is gone, before somebody waits for it.</summary>
internal sealed class Watch : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public Watch(PostgresAddress address, Reach reach) => _running = Task.Run(() => Run(address, reach));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task Run(PostgresAddress address, Reach reach)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await using var connection = address.Single(Holding.Program);
                await connection.OpenAsync(_end.Token).ConfigureAwait(false);
                while (true)
                    await connection.WaitAsync(_end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or InvalidOperationException)
            {
                reach.Lost(Faults.Sentence(exception));
            }

            try
            {
                await reach.Back(_end.Token).ConfigureAwait(false);
                await Task.Delay(TimeSpan.FromMilliseconds(250), _end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
