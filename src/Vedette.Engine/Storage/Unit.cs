namespace Vedette.Engine.Storage;

/// <summary>
/// A unit of work: a closed list of writes with the versions they build on. Doors write into the unit they are handed; who opened it
/// commits it. All of it is on disk, or none.
/// </summary>
public sealed class Unit
{
    private readonly List<Write> _writes = [];
    private readonly List<Action> _afterwards = [];
    private readonly List<Action> _onceCommitted = [];

    public IReadOnlyList<Write> Writes => _writes;

    /// <summary>
    /// Whether the commit is answered only when it is on disk. Only what cannot be taken back has to wait: an acknowledgement, an action that
    /// changes something, an answer to a person. The order is kept, so whatever builds on a lost commit is lost with it.
    /// </summary>
    public bool WaitsForDisk { get; private set; } = true;

    public bool Empty => _writes.Count == 0;

    /// <summary>What to do once the unit is on disk: wake somebody. Never a write.</summary>
    public IReadOnlyList<Action> Afterwards => _afterwards;

    /// <summary>What to do as soon as it is committed, though it may not be on disk yet: wake somebody whose own commits come behind it. Quick, for the store waits for it.</summary>
    public IReadOnlyList<Action> OnceCommittedActions => _onceCommitted;

    /// <summary>Nothing that cannot be taken back follows from this unit alone: the caller goes on before it is on disk.</summary>
    public void GoOnBeforeDisk() => WaitsForDisk = false;

    public void Insert(IRow row) => _writes.Add(new Insert(row));

    /// <summary>Changes columns of a row. With a version, only if the row still has it; a noun's version and updated_at move by themselves.</summary>
    /// <param name="columns">Property names of <typeparamref name="T"/> and their new values.</param>
    public void Update<T>(long id, long? version, params (string Column, object? Value)[] columns)
        where T : IRow => _writes.Add(new Update(typeof(T), id, version, columns));

    public void Delete<T>(long id)
        where T : IRow => _writes.Add(new Delete(typeof(T), id));

    /// <summary>Inserts, or where the unique columns are taken replaces the others.</summary>
    /// <param name="row">The row; its id counts only when it is new.</param>
    /// <param name="unique">Property names of a unique index.</param>
    public void Upsert(IRow row, params string[] unique) => _writes.Add(new Upsert(row, unique));

    /// <summary>The unit fails unless the row has this version.</summary>
    public void Expect<T>(long id, long version)
        where T : IRow => _writes.Add(new Expect(typeof(T), id, version));

    public void Add(Write write) => _writes.Add(write);

    public void Afterward(Action action) => _afterwards.Add(action);

    public void OnceCommitted(Action action) => _onceCommitted.Add(action);
}

/// <summary>One write. The list of kinds is closed: the store knows each.</summary>
public abstract record Write;

public sealed record Insert(IRow Row) : Write;

public sealed record Update(Type Row, long Id, long? Version, IReadOnlyList<(string Column, object? Value)> Columns) : Write;

public sealed record Delete(Type Row, long Id) : Write;

public sealed record Upsert(IRow Row, IReadOnlyList<string> Unique) : Write;

public sealed record Expect(Type Row, long Id, long Version) : Write;

/// <summary>Stores an artifact: gives it the container's next number, and moves the container's counter, count and times.</summary>
public sealed record InsertArtifact(ArtifactRow Artifact) : Write;

/// <summary>Stores a trigger with the container's artifact counter as it is in this commit.</summary>
public sealed record InsertTrigger(TriggerRow Trigger) : Write;

/// <summary>Appends to a run's inbox, numbered in the order of commit; a message whose id is there already is left out in silence.</summary>
public sealed record AppendMessage(MessageRow Message) : Write;

/// <summary>Marks a message as taken by a turn; the unit fails if another turn took it.</summary>
public sealed record TakeMessage(long RunId, string MessageId, long Turn) : Write;

/// <summary>Appends to the audit chain: the store sets number and hashes.</summary>
public sealed record AppendAudit(AuditRow Row) : Write;

/// <summary>Removes everything a run keeps between turns.</summary>
public sealed record ForgetRunValues(long RunId) : Write;

/// <summary>Adds to a number column of a row. With a cap the unit is <see cref="CommitKind.Capped"/> where the number would pass it.</summary>
public sealed record Increase(Type Row, long Id, string Column, long By, long? Cap = null) : Write;

/// <summary>The unit is <see cref="CommitKind.Capped"/> where so many actions that change or destroy have been started since.</summary>
public sealed record CapChanges(DateTimeOffset Since, long Cap) : Write;

/// <summary>The unit is <see cref="CommitKind.Capped"/> where a cap has so many uses under this key since, this unit's own counted. Goes before the use it lets through.</summary>
/// <param name="Name">What <see cref="Commit.What"/> says then.</param>
/// <param name="NewTarget">Different targets count in place of uses, and this one takes no second place; null for uses.</param>
public sealed record CapUses(string Name, string Cap, string Key, DateTimeOffset Since, long Most, string? NewTarget) : Write;
