[assembly: AssemblyFixture(typeof(Vedette.Tests.Postgres.SharedPostgres))]

namespace Vedette.Tests.Postgres;

/// <summary>One server for all tests of a program, each of which has a database of its own; nobody stops it before the end.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresCluster>> _cluster = new(PostgresCluster.Start);

    public Task<PostgresCluster> Cluster => _cluster.Value;

    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated)
        {
            await (await _cluster.Value).DisposeAsync();
        }
    }
}
