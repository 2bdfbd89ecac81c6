using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;
using Vedette.Storage.Writing;

namespace Vedette.Storage.Sqlite;

/// <summary>
/// Carries out writes on the writer's connection: one prepared statement for each kind, table and set of columns, and the ends of the audit
/// chains. Used by the writer's thread alone.
/// </summary>
internal sealed class Writes(SqliteConnection connection, TimeProvider time) : IDisposable
{
    private static readonly WriteText Texts = new('?');
    private static readonly ImmutableDictionary<string, (long Number, string Hash)> NoEnds = ImmutableDictionary<string, (long Number, string Hash)>.Empty;

    private readonly Dictionary<(string Kind, Type? Row, string Columns), Statement> _statements = [];
    private ImmutableDictionary<string, (long Number, string Hash)> _ends = NoEnds;
    private ImmutableDictionary<string, (long Number, string Hash)> _endsBefore = NoEnds;

    /// <summary>Remembers the ends of the chains, to come back to when the unit is rolled back.</summary>
    public void Begin() => _endsBefore = _ends;

    public void RolledBack() => _ends = _endsBefore;

    /// <summary>The ends are read again from what is on disk.</summary>
    public void Forget() => _ends = _endsBefore = NoEnds;

    public void Run(Write write)
    {
        switch (write)
        {
            case Insert insert: Insert(insert.Row); break;
            case Update update: Update(update); break;
            case Delete delete: Delete(delete); break;
            case Upsert upsert: Upsert(upsert); break;
            case Expect expect: Expect(expect); break;
            case InsertArtifact artifact: InsertArtifact(artifact.Artifact); break;
            case InsertTrigger trigger: InsertTrigger(trigger.Trigger); break;
            case AppendMessage message: AppendMessage(message.Message); break;
            case TakeMessage take: TakeMessage(take); break;
            case AppendAudit audit: AppendAudit(audit.Row); break;
            case ForgetRunValues forget: ForgetRunValues(forget); break;
            case Increase increase: Increase(increase); break;
            case CapChanges cap: CapChanges(cap); break;
            case CapUses cap: CapUses(cap); break;
            default: throw new NotSupportedException($"The store knows no write {write.GetType().Name}.");
        }
    }

    /// <summary>A block of ids for a table; answers the first.</summary>
    public long ReserveIds(string table, long count)
    {
        // The first reservation starts behind what is there, so that rows that came another way are not run into.
        var statement = Prepared("ids", null, table, () => Texts.ReserveIds(table));
        statement.Bind(1, table);
        statement.Bind(2, count);
        return statement.RunNumber()!.Value - count;
    }

    public void Execute(string sql) => Prepared(sql, null, "", () => sql).Run();

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }

    private void Insert(IRow row)
    {
        InsertAll(WriteText.Insertable(row), row, "insert", "");
    }

    private void InsertAll(Table table, IRow row, string kind, string ending)
    {
        var statement = Prepared(kind, table.Row, "", () => Texts.Insert(table) + ending);
        RowBinder<Statement>.Of(table)(row, statement);
        statement.Run();
    }

    private void Update(Update update)
    {
        var table = WriteText.Updatable(update);
        var names = string.Join(',', update.Columns.Select(c => c.Column)) + (update.Version is null ? "" : "?");
        var statement = Prepared("update", table.Row, names, () => Texts.Update(table, update));
        statement.Bind(1, update.Id);
        if (update.Version is { } version)
            statement.Bind(2, version);
        if (WriteText.MovesTime(table, update))
            statement.Bind(3, Now());
        for (var i = 0; i < update.Columns.Count; i++)
        {
            var column = table.Column(update.Columns[i].Column);
            statement.BindValue(i + 4, column.ToStored(update.Columns[i].Value));
        }

        if (statement.Run() == 0)
            throw WriteText.Stale(table, update.Id, update.Version);
    }

    private void Delete(Delete delete)
    {
        var table = WriteText.Writable(delete.Row, "deleted");
        var statement = Prepared("delete", table.Row, "", () => Texts.Delete(table));
        statement.Bind(1, delete.Id);
        statement.Run();
    }

    private void Upsert(Upsert upsert)
    {
        var table = WriteText.Upsertable(upsert);
        InsertAll(table, upsert.Row, "upsert " + string.Join(',', upsert.Unique), WriteText.OrReplace(table, upsert.Unique));
    }

    private void Expect(Expect expect)
    {
        var table = WriteText.Versioned(expect.Row);
        var statement = Prepared("expect", table.Row, "", () => Texts.Expect(table));
        statement.Bind(1, expect.Id);
        statement.Bind(2, expect.Version);
        if (statement.RunNumber() is null)
            throw WriteText.Stale(table, expect.Id, expect.Version);
    }

    private void InsertArtifact(ArtifactRow artifact)
    {
        // The container's version stays: evidence that comes in must not spoil what somebody is editing.
        var count = Prepared("artifact", null, "", () =>
            "UPDATE \"container\" SET \"artifact_counter\" = \"artifact_counter\" + 1, \"artifact_count\" = \"artifact_count\" + 1, "
            + "\"artifact_update_time\" = ?2, \"updated_at\" = ?2 WHERE \"id\" = ?1 RETURNING \"artifact_counter\"");
        count.Bind(1, artifact.ContainerId);
        count.Bind(2, Now());
        var number = count.RunNumber() ?? throw WriteText.Stale(Table.Of<ContainerRow>(), artifact.ContainerId, null);
        Insert(artifact with { Number = number });
    }

    private void InsertTrigger(TriggerRow trigger)
    {
        var counter = Prepared("trigger", null, "", () => "SELECT \"artifact_counter\" FROM \"container\" WHERE \"id\" = ?1");
        counter.Bind(1, trigger.ContainerId);
        var upTo = counter.RunNumber() ?? throw WriteText.Stale(Table.Of<ContainerRow>(), trigger.ContainerId, null);
        Insert(trigger with { UpTo = upTo });
    }

    private void AppendMessage(MessageRow message)
    {
        var table = Table.Of<MessageRow>();
        var statement = Prepared("append", table.Row, "", () => Texts.Insert(table) + WriteText.OnceOnly);
        RowBinder<Statement>.Of(table)(message, statement);
        // Without an id the table gives the next: never one that was given before.
        statement.BindNull(IdIndex(table));
        statement.Run();
    }

    private void TakeMessage(TakeMessage take)
    {
        var statement = Prepared("take", null, "", Texts.TakeMessage);
        statement.Bind(1, take.RunId);
        statement.Bind(2, take.MessageId);
        statement.Bind(3, take.Turn);
        if (statement.Run() == 0)
            throw WriteText.Stale(take);
    }

    private void AppendAudit(AuditRow row)
    {
        if (!_ends.TryGetValue(row.Chain, out var end))
            end = ReadEnd(row.Chain);
        var linked = AuditChain.Link(row, end.Number + 1, end.Hash);
        var table = Table.Of<AuditRow>();
        var statement = Prepared("append", table.Row, "", () => Texts.Insert(table));
        RowBinder<Statement>.Of(table)(linked, statement);
        statement.BindNull(IdIndex(table));
        statement.Run();
        _ends = _ends.SetItem(row.Chain, (linked.Number, linked.Hash));
    }

    private (long Number, string Hash) ReadEnd(string chain)
    {
        using var statement = new Statement(connection, "SELECT \"number\", \"hash\" FROM \"audit\" WHERE \"chain\" = ?1 ORDER BY \"number\" DESC LIMIT 1");
        statement.Bind(1, chain);
        return statement.Step() ? (statement.Number(0), statement.Text(1)) : (0, "");
    }

    private void ForgetRunValues(ForgetRunValues forget)
    {
        var statement = Prepared("forget", null, "", Texts.ForgetRunValues);
        statement.Bind(1, forget.RunId);
        statement.Run();
    }

    private void Increase(Increase increase)
    {
        var (table, column) = WriteText.Increasable(increase);
        var capped = increase.Cap is not null;
        var statement = Prepared(capped ? "increase up to" : "increase", table.Row, column.Property, () => Texts.Increase(table, column, capped));
        statement.Bind(1, increase.Id);
        statement.Bind(2, increase.By);
        if (increase.Cap is { } cap)
            statement.Bind(3, cap);
        if (statement.Run() == 0)
            throw capped ? new CappedException(column.Property) : WriteText.Stale(table, increase.Id, null);
    }

    private void CapChanges(CapChanges cap)
    {
        // The partial index of changes serves it: what reads or records is not in it and costs nothing.
        var statement = Prepared("cap", null, "", () => "SELECT COUNT(*) FROM \"action_result\" WHERE \"reach\" >= 2 AND \"started_at\" > ?1");
        statement.Bind(1, Table.ToMicroseconds(cap.Since));
        if (statement.RunNumber() >= cap.Cap)
            throw new CappedException(nameof(CapChanges));
    }

    private void CapUses(CapUses cap)
    {
        var targets = cap.NewTarget is not null;
        var statement = Prepared(targets ? "cap of targets" : "cap of uses", null, "", () => targets ? WriteText.CountTargets('?') : WriteText.CountUses('?'));
        statement.Bind(1, cap.Cap);
        statement.Bind(2, cap.Key);
        statement.Bind(3, Table.ToMicroseconds(cap.Since));
        if (cap.NewTarget is { } target)
            statement.Bind(4, target);
        if (statement.RunNumber() >= cap.Most)
            throw new CappedException(cap.Name);
    }

    private long Now() => Table.ToMicroseconds(time.GetUtcNow());

    private Statement Prepared(string kind, Type? row, string columns, Func<string> sql)
    {
        var key = (kind, row, columns);
        if (!_statements.TryGetValue(key, out var statement))
        {
            statement = new Statement(connection, sql());
            _statements.Add(key, statement);
        }

        return statement;
    }

    private static int IdIndex(Table table)
    {
        for (var i = 0; i < table.Columns.Count; i++)
        {
            if (table.Columns[i].Property == "Id")
                return i + 1;
        }

        throw new InvalidOperationException($"{table.Row.Name} has no id.");
    }
}
