namespace Vedette.Engine.Storage;

/// <summary>The store: a writer that commits units in order and in groups, and readers that see what is committed.</summary>
public interface IStore
{
    /// <summary>
    /// Commits a unit and answers when it is on disk, or where <see cref="Unit.WaitsForDisk"/> is false as soon as readers see it. A unit that builds on what is no longer so answers
    /// <see cref="Commit.Kind"/> other than done and leaves nothing. Afterwards-actions have run when this answers.
    /// </summary>
    Task<Commit> Commit(Unit unit, CancellationToken ct = default);

    /// <summary>The next id for a kind of row, from a block reserved on disk; gaps are allowed.</summary>
    /// <exception cref="StoreUnavailableException">No block can be reserved at the moment.</exception>
    long NextId<T>()
        where T : IRow;

    ValueTask<T?> Find<T>(long id, CancellationToken ct = default)
        where T : class, IRow;

    /// <summary>Rows that match, in the order asked for.</summary>
    ValueTask<IReadOnlyList<T>> Select<T>(Query query, CancellationToken ct = default)
        where T : class, IRow;

    ValueTask<long> Count<T>(Where where, CancellationToken ct = default)
        where T : class, IRow;

    /// <summary>A sentence about where and what the store is, without secrets.</summary>
    string Description { get; }

    /// <summary>False while the database cannot be reached: reads wait until it can, writes are <see cref="CommitKind.Unavailable"/>.</summary>
    bool Reachable => true;

    /// <summary>Units that were handed over and that the writer has not taken yet.</summary>
    int Queued => 0;
}

/// <summary>How a commit ended.</summary>
/// <param name="What">For a unit that did not go through: the table and constraint or row, for a log.</param>
public sealed record Commit(CommitKind Kind, string What = "")
{
    public bool IsDone => Kind == CommitKind.Done;
}

public enum CommitKind
{
    /// <summary>On disk.</summary>
    Done,

    /// <summary>A row had another version, or was gone, or a message was taken.</summary>
    Stale,

    /// <summary>A unique value is there already.</summary>
    Taken,

    /// <summary>It would pass a cap: <see cref="Commit.What"/> is the column that counts, or the name of the write.</summary>
    Capped,

    /// <summary>The disk is full or the store cannot write: nothing of it is kept; try later.</summary>
    Unavailable,
}

/// <summary>Which rows, in which order, how many.</summary>
public sealed record Query
{
    public Where Where { get; init; } = Where.All;

    /// <summary>Property names or JSON paths (<see cref="Path"/>); by id when empty.</summary>
    public IReadOnlyList<(Path By, bool Descending)> Order { get; init; } = [];

    public int? Limit { get; init; }

    public int Offset { get; init; }

    public static Query For(Where where) => new() { Where = where };
}

/// <summary>A column, or a place in a column of JSON, or a column of a row that a foreign key names.</summary>
/// <param name="Column">Property name.</param>
/// <param name="Json">Keys into the JSON of the column.</param>
/// <param name="Through">Foreign keys to follow first: property name that holds the id, and the row type it names.</param>
/// <param name="Part">For a time: a number out of it, in UTC, in place of the time.</param>
public sealed record Path(string Column, IReadOnlyList<string>? Json = null, IReadOnlyList<(string Key, Type Row)>? Through = null, TimePart? Part = null)
{
    public static implicit operator Path(string column) => new(column);
}

public enum TimePart
{
    Year,
    Month,

    /// <summary>Of the month, from 1.</summary>
    Day,

    /// <summary>Sunday is 1.</summary>
    WeekDay,
    Hour,
    Minute,
    Second,
}

/// <summary>A condition on rows.</summary>
public abstract record Where
{
    public static Where All { get; } = new AllOf([]);

    public static Where Is(string column, object? value) => new Compare(column, Comparison.Equal, value);

    public static Where In(string column, IEnumerable<object?> values) => new Compare(column, Comparison.In, values.ToList());

    public static Where operator &(Where left, Where right) => new AllOf([left, right]);

    public static Where operator |(Where left, Where right) => new AnyOf([left, right]);

    public static Where operator !(Where where) => new Not(where);

    public static Where BitwiseAnd(Where left, Where right) => left & right;

    public static Where BitwiseOr(Where left, Where right) => left | right;

    public static Where LogicalNot(Where where) => !where;
}

public sealed record AllOf(IReadOnlyList<Where> Parts) : Where;

public sealed record AnyOf(IReadOnlyList<Where> Parts) : Where;

public sealed record Not(Where Part) : Where;

/// <param name="Value">For <see cref="Comparison.In"/> a list; for <see cref="Comparison.IsNull"/> a bool.</param>
public sealed record Compare(Path Path, Comparison Comparison, object? Value) : Where;

public enum Comparison
{
    Equal,
    EqualIgnoreCase,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    IsNull,

    /// <summary>Text has the value inside; on a JSON list, the list has the element.</summary>
    Contains,
    ContainsIgnoreCase,
    StartsWith,
    StartsWithIgnoreCase,
    EndsWith,
    EndsWithIgnoreCase,

    /// <summary>A regular expression, run in linear time (RegexOptions.NonBacktracking).</summary>
    Matches,
    MatchesIgnoreCase,
}
