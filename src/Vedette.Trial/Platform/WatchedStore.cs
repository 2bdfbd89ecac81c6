using Vedette.Engine.Storage;

namespace Vedette.Trial.Platform;

/// <summary>The store, and word of what happens in it.</summary>
internal sealed class WatchedStore(IStore store, Stir stir, Action<PromptRow> asked) : IStore
{
    public string Description => store.Description;

    public async Task<Commit> Commit(Unit unit, CancellationToken ct = default)
    {
        using var under = stir.Under();
        var commit = await store.Commit(unit, ct);
        if (commit.IsDone && unit.Writes.Any(write => write is Update update && update.Row == typeof(PlaybookRunRow)))
        {
            stir.TellRun();
        }

        foreach (var prompt in commit.IsDone ? unit.Writes.OfType<Insert>().Select(write => write.Row).OfType<PromptRow>() : [])
        {
            asked(prompt);
        }

        return commit;
    }

    public long NextId<T>()
        where T : IRow => store.NextId<T>();

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow
    {
        stir.Note();
        return store.Find<T>(id, ct);
    }

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow
    {
        stir.Note();
        return store.Select<T>(query, ct);
    }

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow
    {
        stir.Note();
        return store.Count<T>(where, ct);
    }
}
