using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Writing;

/// <summary>What every store of ours is: one writer for all units, reading beside it, and what was read kept as long as no commit changed it.</summary>
public abstract class OneWriterStore : IStore, IAsyncDisposable
{
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<Type, Ids> _ids = new();
    private int _disposed;

    private protected OneWriterStore(ILogger log) => _log = log;

    public abstract string Description { get; }

    public virtual bool Reachable => true;

    public int Queued => Writer.Queued;

    private protected abstract IUnitWriter Writer { get; }

    private protected abstract Reading Reading { get; }

    private protected Kept Kept { get; } = new();

    public async Task<Commit> Commit(Unit unit, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(unit);
        var commit = await Writer.Commit(unit, ct).ConfigureAwait(false);
        if (commit.IsDone)
            RunAfterwards(unit);
        return commit;
    }

    public long NextId<T>()
        where T : IRow => _ids.GetOrAdd(typeof(T), static (type, writer) => new Ids(Table.Of(type), writer), Writer).Next();

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow => Reading.Find<T>(Kept, id, ct);

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow => Reading.Select<T>(Kept, query, ct);

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow => Reading.Count<T>(where, ct);

    /// <summary>Carries out what waits, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            await Close().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private protected abstract Task Close();

    /// <summary>The unit is on disk: a fault in what follows must not look as if it were not.</summary>
    private void RunAfterwards(Unit unit)
    {
        foreach (var action in unit.Afterwards)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                _log.LogError(e, "What was to be done after a commit failed; the commit stands.");
            }
        }
    }
}
