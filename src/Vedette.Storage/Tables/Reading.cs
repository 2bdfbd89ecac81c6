using System.Collections.Concurrent;
using Vedette.Engine.Storage;
using Vedette.Storage.Writing;

namespace Vedette.Storage.Tables;

/// <summary>Rows out of a database, or out of what is kept of them where something is kept.</summary>
internal abstract class Reading
{
    public abstract ValueTask<T?> Find<T>(Kept? kept, long id, CancellationToken ct)
        where T : class, IRow;

    public abstract ValueTask<IReadOnlyList<T>> Select<T>(Kept? kept, Query query, CancellationToken ct)
        where T : class, IRow;

    public abstract ValueTask<long> Count<T>(Where where, CancellationToken ct)
        where T : class, IRow;
}

/// <typeparam name="TSource">How this database gives its rows.</typeparam>
internal abstract class Reading<TSource> : Reading
    where TSource : IRowSource
{
    private readonly ConcurrentDictionary<Type, string> _finds = new();

    public override async ValueTask<T?> Find<T>(Kept? kept, long id, CancellationToken ct)
        where T : class
    {
        var keeps = kept is not null && Kept.IsByRow(typeof(T));
        if (keeps && kept!.Row<T>(id) is { } known)
            return known;
        var before = kept?.Changes ?? 0;
        var sql = _finds.GetOrAdd(typeof(T), static (row, reading) => reading.FindText(Table.Of(row)), this);
        var (row, bytes) = await Read(
            new Question(sql, [id]), source => source.Step() ? (RowMaker<TSource, T>.Make(source), keeps ? source.RowBytes() : 0) : (null, 0), ct).ConfigureAwait(false);
        if (keeps && row is not null && bytes <= Kept.LargestBytes)
            kept!.Keep(row, before);
        return row;
    }

    public override async ValueTask<IReadOnlyList<T>> Select<T>(Kept? kept, Query query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        var question = Text(Table.Of<T>()).Select(query);
        var key = kept is not null && Kept.IsSettled(typeof(T)) && question.Sought.Count == 0 ? ListKey.Of(typeof(T), question.Sql, question.Parameters) : null;
        if (key is not null && kept!.List<T>(key) is { } known)
            return known;
        var before = kept?.Changes ?? 0;
        var (rows, bytes) = await Read<(IReadOnlyList<T> Rows, int Bytes)>(
            question,
            source =>
            {
                var rows = new List<T>();
                var bytes = 0;
                while (source.Step())
                {
                    rows.Add(RowMaker<TSource, T>.Make(source));
                    bytes += key is null ? 0 : source.RowBytes();
                }

                return (rows, bytes);
            },
            ct).ConfigureAwait(false);
        if (key is not null && bytes <= Kept.LargestBytes)
            kept!.Keep(key, rows, before);
        return rows;
    }

    public override ValueTask<long> Count<T>(Where where, CancellationToken ct) =>
        Read(Text(Table.Of<T>()).Count(where), static source => source.Step() ? source.Number(0) : 0, ct);

    protected abstract QueryText Text(Table table);

    protected abstract ValueTask<TResult> Read<TResult>(Question question, Func<TSource, TResult> take, CancellationToken ct);

    private string FindText(Table table) => $"SELECT {table.SelectList} FROM {table.Quoted} t0 WHERE t0.\"id\" = {Text(table).Mark}1";
}
