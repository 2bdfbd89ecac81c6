using Vedette.Engine.Storage;

namespace Vedette.Storage.Writing;

/// <summary>
/// What was read, kept in memory as long as nothing that was committed has changed it. This store alone writes its database, so nothing else
/// can: a row is dropped when a write names it, the lists of a settled table when a write names the table.
/// </summary>
internal sealed class Kept
{
    /// <summary>A row or list with more bytes in its columns is read again each time: the bound on memory is this times <see cref="Most"/>.</summary>
    public const int LargestBytes = 16 * 1024;

    private const int Most = 4096;

    /// <summary>Tables that many ask and few change.</summary>
    private static readonly HashSet<Type> Settled =
    [
        typeof(AppRow), typeof(AssetRow), typeof(CustomListRow), typeof(LabelRow), typeof(PlaybookRow), typeof(RepositoryRow), typeof(RoleRow), typeof(SettingRow), typeof(SeverityRow), typeof(StatusRow), typeof(UserRow),
    ];

    /// <summary>Tables of which single rows are asked for again and again.</summary>
    private static readonly HashSet<Type> ByRow = [.. Settled, typeof(ContainerRow), typeof(PlaybookRunRow)];

    private readonly Lock _gate = new();
    private readonly Dictionary<(Type Row, long Id), IRow> _rows = [];
    private readonly Dictionary<ListKey, object> _lists = [];
    private long _changes;

    /// <summary>To be taken before reading what may then be kept.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public static bool IsByRow(Type row) => ByRow.Contains(row);

    public static bool IsSettled(Type row) => Settled.Contains(row);

    public T? Row<T>(long id)
        where T : class, IRow
    {
        lock (_gate)
        {
            return _rows.GetValueOrDefault((typeof(T), id)) as T;
        }
    }

    /// <param name="before"><see cref="Changes"/> before it was read: what was committed meanwhile may have changed it.</param>
    public void Keep<T>(T row, long before)
        where T : class, IRow
    {
        lock (_gate)
        {
            if (before == _changes)
            {
                Room(_rows);
                _rows[(typeof(T), row.Id)] = row;
            }
        }
    }

    public IReadOnlyList<T>? List<T>(ListKey key)
        where T : class, IRow
    {
        lock (_gate)
        {
            return _lists.GetValueOrDefault(key) as IReadOnlyList<T>;
        }
    }

    public void Keep<T>(ListKey key, IReadOnlyList<T> list, long before)
        where T : class, IRow
    {
        lock (_gate)
        {
            if (before == _changes)
            {
                Room(_lists);
                _lists[key] = list;
            }
        }
    }

    /// <summary>Called after the commit and before anybody is told of it.</summary>
    public void Committed(IEnumerable<Write> writes)
    {
        lock (_gate)
        {
            foreach (var write in writes)
            {
                switch (write)
                {
                    case Insert insert: Changed(insert.Row.GetType(), insert.Row.Id); break;
                    case Update update: Changed(update.Row, update.Id); break;
                    case Delete delete: Changed(delete.Row, delete.Id); break;
                    case Increase increase: Changed(increase.Row, increase.Id); break;
                    case InsertArtifact artifact: Changed(typeof(ContainerRow), artifact.Artifact.ContainerId); break;
                    case Upsert upsert: AllChanged(upsert.Row.GetType()); break;
                    default: break;
                }
            }
        }
    }

    /// <summary>What is on disk may be other than what was told of: all is read again.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _changes++;
            _rows.Clear();
            _lists.Clear();
        }
    }

    private void Changed(Type row, long id)
    {
        if (ByRow.Contains(row))
        {
            _changes++;
            _rows.Remove((row, id));
            ListsChanged(row);
        }
    }

    /// <summary>Which row an upsert replaced is known to the database only.</summary>
    private void AllChanged(Type row)
    {
        if (ByRow.Contains(row))
        {
            _changes++;
            foreach (var key in _rows.Keys.Where(key => key.Row == row).ToList())
            {
                _rows.Remove(key);
            }

            ListsChanged(row);
        }
    }

    private void ListsChanged(Type row)
    {
        if (Settled.Contains(row))
        {
            foreach (var key in _lists.Keys.Where(key => key.Row == row).ToList())
            {
                _lists.Remove(key);
            }
        }
    }

    private static void Room<TKey, TValue>(Dictionary<TKey, TValue> kept)
        where TKey : notnull
    {
        if (kept.Count >= Most)
        {
            kept.Clear();
        }
    }
}

/// <summary>A query as it is sent to the database.</summary>
internal sealed record ListKey(Type Row, string Sql, string Parameters)
{
    public static ListKey Of(Type row, string sql, IReadOnlyList<object?> parameters) => new(row, sql, System.Text.Json.JsonSerializer.Serialize(parameters));
}
