using Vedette.Engine.Storage;

namespace Vedette.Storage.Sqlite;

/// <summary>Rows by the connections that only read: for the store that writes as well, and for one that does not.</summary>
internal static class RowReading
{
    public static ValueTask<T?> Find<T>(this Readers readers, long id, CancellationToken ct)
        where T : class, IRow
    {
        var table = Table.Of<T>();
        var read = table.Reader<T>();
        return readers.Read(table.FindText, [id], statement => statement.Step() ? read(statement) : null, ct);
    }

    public static ValueTask<IReadOnlyList<T>> Select<T>(this Readers readers, Query query, CancellationToken ct)
        where T : class, IRow
    {
        ArgumentNullException.ThrowIfNull(query);
        var table = Table.Of<T>();
        var read = table.Reader<T>();
        var (sql, parameters) = QueryText.Select(table, query);
        return readers.Read<IReadOnlyList<T>>(
            sql,
            parameters,
            statement =>
            {
                var rows = new List<T>();
                while (statement.Step())
                    rows.Add(read(statement));
                return rows;
            },
            ct);
    }

    public static ValueTask<long> Count<T>(this Readers readers, Where where, CancellationToken ct)
        where T : class, IRow
    {
        var (sql, parameters) = QueryText.Count(Table.Of<T>(), where);
        return readers.Read(sql, parameters, static statement => statement.Step() ? statement.Number(0) : 0, ct);
    }
}
