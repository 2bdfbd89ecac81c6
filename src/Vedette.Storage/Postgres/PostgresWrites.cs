using System.Collections.Immutable;
using Npgsql;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;
using Vedette.Storage.Writing;

namespace Vedette.Storage.Postgres;

/// <summary>A statement of a batch, and what it means when it touches or gives no row.</summary>
internal sealed record Planned(Job Job, NpgsqlBatchCommand Command)
{
    /// <summary>What its unit fails with; null where nothing need be there.</summary>
    public Func<Exception>? WhenNone { get; init; }

    /// <summary>It gives rows instead of a count.</summary>
    public bool Gives { get; init; }
}

/// <summary>
/// Makes the statements of units, all of which go to the database in one message: each write is one statement that needs no answer of another,
/// and says by the number of rows whether it went through. Used by the writer's thread alone.
/// </summary>
internal sealed class PostgresWrites(TimeProvider time)
{
    private static readonly WriteText Texts = new('$');
    private static readonly ImmutableDictionary<string, (long Number, string Hash)> NoEnds = ImmutableDictionary<string, (long Number, string Hash)>.Empty;

    private readonly Dictionary<(string Kind, Type? Row, string Columns), string> _texts = [];
    private ImmutableDictionary<string, (long Number, string Hash)> _ends = NoEnds;
    private ImmutableDictionary<string, (long Number, string Hash)> _endsBefore = NoEnds;

    /// <summary>Remembers the ends of the audit chains, to come back to when what follows is rolled back.</summary>
    public void Begin() => _endsBefore = _ends;

    public void RolledBack() => _ends = _endsBefore;

    /// <summary>The ends are read again from what is on disk.</summary>
    public void Forget() => _ends = _endsBefore = NoEnds;

    /// <summary>The statements of a job, in their order.</summary>
    /// <param name="connection">Has no other statement under way: the end of a chain may have to be read.</param>
    /// <exception cref="ArgumentException">The unit asks for what cannot be.</exception>
    public IReadOnlyList<Planned> Plan(Job job, NpgsqlConnection connection)
    {
        if (job.Unit is { } unit)
            return [.. unit.Writes.Select(write => Plan(job, write, connection))];
        var (ids, values) = Command(Text("ids", null, job.Table!, () => Texts.ReserveIds(job.Table!)));
        values.Add(job.Table!);
        values.Add(job.Count);
        return [new Planned(job, ids) { Gives = true }];
    }

    private Planned Plan(Job job, Write write, NpgsqlConnection connection) => write switch
    {
        Insert insert => Insert(job, insert.Row),
        Update update => Update(job, update),
        Delete delete => Delete(job, delete),
        Upsert upsert => Upsert(job, upsert),
        Expect expect => Expect(job, expect),
        InsertArtifact artifact => InsertArtifact(job, artifact.Artifact),
        InsertTrigger trigger => InsertTrigger(job, trigger.Trigger),
        AppendMessage message => AppendMessage(job, message.Message),
        TakeMessage take => TakeMessage(job, take),
        AppendAudit audit => AppendAudit(job, audit.Row, connection),
        ForgetRunValues forget => ForgetRunValues(job, forget),
        Increase increase => Increase(job, increase),
        CapChanges cap => CapChanges(job, cap),
        CapUses cap => CapUses(job, cap),
        _ => throw new NotSupportedException($"The store knows no write {write.GetType().Name}."),
    };

    private Planned Insert(Job job, IRow row)
    {
        var table = WriteText.Insertable(row);
        return Row(job, table, row, Text("insert", table.Row, "", () => Texts.Insert(table)));
    }

    private Planned Update(Job job, Update update)
    {
        var table = WriteText.Updatable(update);
        var names = string.Join(',', update.Columns.Select(c => c.Column)) + (update.Version is null ? "" : "?");
        var (command, values) = Command(Text("update", table.Row, names, () => Texts.Update(table, update)));
        values.Add(update.Id);
        values.Add(update.Version);
        values.Add(WriteText.MovesTime(table, update) ? Now() : null);
        foreach (var (name, value) in update.Columns)
        {
            var column = table.Column(name);
            values.Add(column.ToStored(value), column.Kind);
        }

        return new Planned(job, command) { WhenNone = () => WriteText.Stale(table, update.Id, update.Version) };
    }

    private Planned Delete(Job job, Delete delete)
    {
        var table = WriteText.Writable(delete.Row, "deleted");
        var (command, values) = Command(Text("delete", table.Row, "", () => Texts.Delete(table)));
        values.Add(delete.Id);
        return new Planned(job, command);
    }

    private Planned Upsert(Job job, Upsert upsert)
    {
        var table = WriteText.Upsertable(upsert);
        return Row(job, table, upsert.Row, Text("upsert", table.Row, string.Join(',', upsert.Unique), () => Texts.Insert(table) + WriteText.OrReplace(table, upsert.Unique)));
    }

    private Planned Expect(Job job, Expect expect)
    {
        var table = WriteText.Versioned(expect.Row);
        var (command, values) = Command(Text("expect", table.Row, "", () => Texts.Expect(table)));
        values.Add(expect.Id);
        values.Add(expect.Version);
        return new Planned(job, command) { Gives = true, WhenNone = () => WriteText.Stale(table, expect.Id, expect.Version) };
    }

    private Planned InsertArtifact(Job job, ArtifactRow artifact)
    {
        WriteText.Insertable(artifact);
        var table = Table.Of<ArtifactRow>();
        // The container's version stays: evidence that comes in must not spoil what somebody is editing.
        var text = Text("artifact", null, "", () => $"""
            WITH c AS (UPDATE "container" SET "artifact_counter" = "artifact_counter" + 1, "artifact_count" = "artifact_count" + 1, "artifact_update_time" = ${table.Columns.Count + 1}, "updated_at" = ${table.Columns.Count + 1}
                WHERE "id" = {At(table, nameof(ArtifactRow.ContainerId))} RETURNING "artifact_counter")
            {Select(table, nameof(ArtifactRow.Number))} FROM c
            """);
        var planned = Row(job, table, artifact, text) with { WhenNone = () => WriteText.Stale(Table.Of<ContainerRow>(), artifact.ContainerId, null) };
        new Values(planned.Command.Parameters).Add(Now());
        return planned;
    }

    private Planned InsertTrigger(Job job, TriggerRow trigger)
    {
        WriteText.Insertable(trigger);
        var table = Table.Of<TriggerRow>();
        var text = Text("trigger", null, "", () => $"{Select(table, nameof(TriggerRow.UpTo))} FROM \"container\" c WHERE c.\"id\" = {At(table, nameof(TriggerRow.ContainerId))}");
        return Row(job, table, trigger, text) with { WhenNone = () => WriteText.Stale(Table.Of<ContainerRow>(), trigger.ContainerId, null) };
    }

    /// <summary>Without an id the table gives the next: never one that was given before.</summary>
    private Planned AppendMessage(Job job, MessageRow message) =>
        Row(job, Table.Of<MessageRow>(), message, Text("append", typeof(MessageRow), "", () => Texts.Insert(Table.Of<MessageRow>(), "DEFAULT") + WriteText.OnceOnly));

    private Planned TakeMessage(Job job, TakeMessage take)
    {
        var (command, values) = Command(Text("take", null, "", Texts.TakeMessage));
        values.Add(take.RunId);
        values.Add(take.MessageId);
        values.Add(take.Turn);
        return new Planned(job, command) { WhenNone = () => WriteText.Stale(take) };
    }

    private Planned AppendAudit(Job job, AuditRow row, NpgsqlConnection connection)
    {
        if (!_ends.TryGetValue(row.Chain, out var end))
            end = ReadEnd(row.Chain, connection);
        var linked = AuditChain.Link(row, end.Number + 1, end.Hash);
        _ends = _ends.SetItem(row.Chain, (linked.Number, linked.Hash));
        return Row(job, Table.Of<AuditRow>(), linked, Text("append", typeof(AuditRow), "", () => Texts.Insert(Table.Of<AuditRow>(), "DEFAULT")));
    }

    private Planned ForgetRunValues(Job job, ForgetRunValues forget)
    {
        var (command, values) = Command(Text("forget", null, "", Texts.ForgetRunValues));
        values.Add(forget.RunId);
        return new Planned(job, command);
    }

    private Planned Increase(Job job, Increase increase)
    {
        var (table, column) = WriteText.Increasable(increase);
        var capped = increase.Cap is not null;
        var (command, values) = Command(Text(capped ? "increase up to" : "increase", table.Row, column.Property, () => Texts.Increase(table, column, capped)));
        values.Add(increase.Id);
        values.Add(increase.By);
        if (capped)
            values.Add(increase.Cap);
        return new Planned(job, command) { WhenNone = () => capped ? new CappedException(column.Property) : WriteText.Stale(table, increase.Id, null) };
    }

    private Planned CapChanges(Job job, CapChanges cap)
    {
        // The partial index of changes serves it: what reads or records is not in it and costs nothing.
        var (command, values) = Command("SELECT 1 WHERE (SELECT COUNT(*) FROM \"action_result\" WHERE \"reach\" >= 2 AND \"started_at\" > $1) < $2");
        values.Add(Table.ToMicroseconds(cap.Since));
        values.Add(cap.Cap);
        return new Planned(job, command) { Gives = true, WhenNone = () => new CappedException(nameof(CapChanges)) };
    }

    private static Planned CapUses(Job job, CapUses cap)
    {
        var (command, values) = Command($"SELECT 1 WHERE ({(cap.NewTarget is null ? WriteText.CountUses('$') : WriteText.CountTargets('$'))}) < {(cap.NewTarget is null ? "$4" : "$5")}");
        values.Add(cap.Cap);
        values.Add(cap.Key);
        values.Add(Table.ToMicroseconds(cap.Since));
        if (cap.NewTarget is { } target)
            values.Add(target);
        values.Add(cap.Most);
        return new Planned(job, command) { Gives = true, WhenNone = () => new CappedException(cap.Name) };
    }

    private static Planned Row(Job job, Table table, IRow row, string text)
    {
        var command = new NpgsqlBatchCommand(text);
        RowBinder<Values>.Of(table)(row, new Values(command.Parameters, table.Columns));
        return new Planned(job, command);
    }

    /// <summary>An insert of a row in which one column is the artifact counter of its container, c.</summary>
    private static string Select(Table table, string counter) =>
        $"INSERT INTO {table.Quoted} ({string.Join(", ", table.Columns.Select(c => c.Quoted))}) SELECT {string.Join(", ", table.Columns.Select(c => c.Property == counter ? "c.\"artifact_counter\"" : At(table, c.Property)))}";

    private static string At(Table table, string property) => $"${table.Columns.Select((column, i) => (column, i)).First(one => one.column.Property == property).i + 1}";

    private static (long Number, string Hash) ReadEnd(string chain, NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT \"number\", \"hash\" FROM \"audit\" WHERE \"chain\" = $1 ORDER BY \"number\" DESC LIMIT 1", connection);
        new Values(command.Parameters).Add(chain);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetString(1)) : (0, "");
    }

    private static (NpgsqlBatchCommand Command, Values Values) Command(string text)
    {
        var command = new NpgsqlBatchCommand(text);
        return (command, new Values(command.Parameters));
    }

    private string Text(string kind, Type? row, string columns, Func<string> text)
    {
        var key = (kind, row, columns);
        if (!_texts.TryGetValue(key, out var known))
            _texts.Add(key, known = text());
        return known;
    }

    private long Now() => Table.ToMicroseconds(time.GetUtcNow());
}
