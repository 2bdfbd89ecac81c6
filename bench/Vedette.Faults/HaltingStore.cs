using Vedette.Engine.Storage;

namespace Vedette.Faults;

/// <summary>A store under which the process is ended as by <c>kill -9</c> at a chosen commit: just before it is handed on, or once it is done and nobody knows yet.</summary>
internal sealed class HaltingStore(IStore store) : IStore
{
    private readonly Lock _lock = new();
    private int? _left;
    private bool _after;
    private int _commits;

    public string Description => store.Description;

    public bool Reachable => store.Reachable;

    public int Queued => store.Queued;

    /// <summary>Ends the process at the so-many-th commit from now on, counted from 1; null for never, and counts from 0 again.</summary>
    public void Arm(int? commit, bool after)
    {
        lock (_lock)
        {
            (_left, _after, _commits) = (commit, after, 0);
        }
    }

    public async Task<Commit> Commit(Unit unit, CancellationToken ct = default)
    {
        bool halts, after;
        lock (_lock)
        {
            halts = ++_commits == _left;
            after = _after;
            Console.WriteLine($"{Node.Committing}{_commits} {string.Join(", ", unit.Writes.Where(write => write is not AppendAudit).Select(Word).Distinct())}");
        }

        if (halts && !after)
        {
            Halt();
        }

        var commit = await store.Commit(unit, ct);
        if (halts)
        {
            Halt();
        }

        return commit;
    }

    public long NextId<T>()
        where T : IRow => store.NextId<T>();

    public ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow => store.Find<T>(id, ct);

    public ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow => store.Select<T>(query, ct);

    public ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow => store.Count<T>(where, ct);

    private static void Halt()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    private static string Word(Write write) => write switch
    {
        Insert insert => $"+{Row(insert.Row.GetType())}",
        Upsert upsert => $"={Row(upsert.Row.GetType())}",
        Update update => $"{Row(update.Row)}{(update.Columns.FirstOrDefault(column => column.Column is "State" or "Status") is { Value: { } state } ? $" {state}" : "")}",
        Delete delete => $"-{Row(delete.Row)}",
        Increase increase => $"{Row(increase.Row)} counts",
        _ => write.GetType().Name,
    };

    private static string Row(Type type) => type.Name[..^"Row".Length];
}
