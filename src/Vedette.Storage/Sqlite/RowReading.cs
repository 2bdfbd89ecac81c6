using Vedette.Engine.Storage;

namespace Vedette.Storage.Sqlite;

/// <summary>Rows out of a store's readers, or out of what is kept of them where the store keeps something.</summary>
internal static class RowReading
{
    public static async ValueTask<T?> Find<T>(this Readers readers, Kept? kept, long id, CancellationToken ct)
        where T : class, IRow
    {
        var keeps = kept is not null && Kept.IsByRow(typeof(T));
        if (keeps && kept!.Row<T>(id) is { } known)
            return known;
        var before = kept?.Changes ?? 0;
        var table = Table.Of<T>();
        var read = table.Reader<T>();
        var (row, bytes) = await readers.Read(table.FindText, [id], statement => statement.Step() ? (read(statement), keeps ? statement.RowBytes() : 0) : (null, 0), ct).ConfigureAwait(false);
        if (keeps && row is not null && bytes <= Kept.LargestBytes)
            kept!.Keep(row, before);
        return row;
    }

    public static async ValueTask<IReadOnlyList<T>> Select<T>(this Readers readers, Kept? kept, Query query, CancellationToken ct)
        where T : class, IRow
    {
        ArgumentNullException.ThrowIfNull(query);
        var table = Table.Of<T>();
        var (sql, parameters) = QueryText.Select(table, query);
        var key = kept is not null && Kept.IsSettled(typeof(T)) ? ListKey.Of(typeof(T), sql, parameters) : null;
        if (key is not null && kept!.List<T>(key) is { } known)
            return known;
        var before = kept?.Changes ?? 0;
        var read = table.Reader<T>();
        var (rows, bytes) = await readers.Read<(IReadOnlyList<T> Rows, int Bytes)>(
            sql,
            parameters,
            statement =>
            {
                var rows = new List<T>();
                var bytes = 0;
                while (statement.Step())
                {
                    rows.Add(read(statement));
                    bytes += key is null ? 0 : statement.RowBytes();
                }

                return (rows, bytes);
            },
            ct).ConfigureAwait(false);
        if (key is not null && bytes <= Kept.LargestBytes)
            kept!.Keep(key, rows, before);
        return rows;
    }

    public static ValueTask<long> Count<T>(this Readers readers, Where where, CancellationToken ct)
        where T : class, IRow
    {
        var (sql, parameters) = QueryText.Count(Table.Of<T>(), where);
        return readers.Read(sql, parameters, static statement => statement.Step() ? statement.Number(0) : 0, ct);
    }
}
