using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Repositories;

/// <summary>Moves branches in the folders after a commit, for whoever looks into them. What counts stands in the row, so nobody waits for it but the end of the server.</summary>
internal sealed class BranchMoves(IGit git, ILogger<BranchMoves> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Task, bool> _open = new();

    public void After(Unit unit, long repository, string branch, string commit) => unit.Afterward(() =>
    {
        var move = Move(repository, branch, commit);
        _open[move] = true;
        _ = move.ContinueWith(done => _open.TryRemove(done, out _), TaskScheduler.Default);
    });

    public async ValueTask DisposeAsync() => await Task.WhenAll(_open.Keys);

    private async Task Move(long repository, string branch, string commit)
    {
        try
        {
            await git.Point(repository, branch, commit, CancellationToken.None);
        }
        catch (GitException exception)
        {
            log.LogWarning(exception, "The branch {Branch} in the folder of repository {Repository} was not moved; what counts is in the store.", branch, repository);
        }
    }
}
