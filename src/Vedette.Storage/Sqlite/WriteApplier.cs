using Vedette.Engine.Audit;
using Vedette.Engine.Storage;

namespace Vedette.Storage.Sqlite;

/// <summary>Carries out one write after the other on the writer's connection. What a unit may not build on is thrown as <see cref="StaleException"/>.</summary>
internal sealed class WriteApplier(Statements statements, TimeProvider time)
{
    private readonly Dictionary<string, (long Number, string Hash)> _chains = [];
    private readonly Dictionary<string, (long Number, string Hash)> _chainsBefore = [];

    /// <summary>A unit begins: what it does to the chains can be taken back.</summary>
    public void Begin() => _chainsBefore.Clear();

    /// <summary>The unit's savepoint was rolled back.</summary>
    public void TakeBack()
    {
        foreach (var (chain, end) in _chainsBefore)
        {
            _chains[chain] = end;
        }

        _chainsBefore.Clear();
    }

    /// <summary>The whole transaction failed: what was held in memory is read again.</summary>
    public void Forget()
    {
        _chains.Clear();
        _chainsBefore.Clear();
    }

    public void Apply(Write write)
    {
        switch (write)
        {
            case Insert insert:
                InsertRow(insert.Row);
                break;
            case Update update:
                Change(update);
                break;
            case Delete delete:
                var table = Table.Of(delete.Row);
                RunWith($"DELETE FROM {table.Quoted} WHERE \"id\" = ?1", delete.Id);
                break;
            case Upsert upsert:
                InsertOrReplace(upsert);
                break;
            case Expect expect:
                Check(expect);
                break;
            case InsertArtifact artifact:
                Artifact(artifact.Artifact);
                break;
            case InsertTrigger trigger:
                InsertRow(trigger.Trigger with { UpTo = Number("SELECT \"artifact_counter\" FROM \"container\" WHERE \"id\" = ?1", trigger.Trigger.ContainerId) ?? throw new StaleException($"container {trigger.Trigger.ContainerId}") });
                break;
            case AppendMessage message:
                Append(message.Message);
                break;
            case TakeMessage take:
                if (RunWith("UPDATE \"message\" SET \"taken_by\" = ?2 WHERE \"id\" = ?1 AND \"taken_by\" = 0", take.MessageId, take.Turn) == 0)
                {
                    throw new StaleException($"message {take.MessageId}");
                }

                break;
            case AppendAudit audit:
                Audit(audit.Row);
                break;
            case ForgetRunValues forget:
                RunWith("DELETE FROM \"run_value\" WHERE \"run_id\" = ?1", forget.RunId);
                break;
            case Increase increase:
                var column = Table.Of(increase.Row).Column(increase.Column);
                RunWith($"UPDATE {Table.Of(increase.Row).Quoted} SET {column.Quoted} = {column.Quoted} + ?2 WHERE \"id\" = ?1", increase.Id, increase.By);
                break;
            case ReserveIds ids:
                var next = statements.Of("INSERT INTO \"id_block\" VALUES (?1, 1 + ?2) ON CONFLICT (\"name\") DO UPDATE SET \"next\" = \"next\" + ?2 RETURNING \"next\"");
                next.Bind(1, ids.Name);
                next.Bind(2, ids.Count);
                ids.First = next.RunNumber()!.Value - ids.Count;
                break;
            default:
                throw new NotSupportedException($"The store does not know a write of kind {write.GetType().Name}.");
        }
    }

    private void InsertRow(IRow row)
    {
        var table = Table.Of(row.GetType());
        var statement = statements.Of($"INSERT INTO {table.Quoted} ({string.Join(", ", table.Columns.Select(c => c.Quoted))}) VALUES ({Places(table.Columns.Count)})");
        table.BindAll(row, statement);
        statement.Run();
    }

    private void InsertOrReplace(Upsert upsert)
    {
        var table = Table.Of(upsert.Row.GetType());
        var unique = upsert.Unique.Select(table.Column).ToList();
        var kept = table.Columns.Where(c => c.Name != "id" && c.Property is not "CreatedAt" && !unique.Contains(c));
        var sets = kept.Select(c => c == table.Version ? $"{c.Quoted} = {table.Quoted}.{c.Quoted} + 1" : $"{c.Quoted} = excluded.{c.Quoted}");
        var statement = statements.Of(
            $"INSERT INTO {table.Quoted} ({string.Join(", ", table.Columns.Select(c => c.Quoted))}) VALUES ({Places(table.Columns.Count)}) ON CONFLICT ({string.Join(", ", unique.Select(c => c.Quoted))}) DO UPDATE SET {string.Join(", ", sets)}");
        table.BindAll(upsert.Row, statement);
        statement.Run();
    }

    private void Change(Update update)
    {
        var table = Table.Of(update.Row);
        var columns = update.Columns.Select(c => (Column: table.Column(c.Column), c.Value)).ToList();
        var sets = columns.Select((c, i) => $"{c.Column.Quoted} = ?{i + 3}").ToList();
        // A noun's version and time move by themselves; the other rows' versions are theirs to set.
        if (typeof(INounRow).IsAssignableFrom(update.Row))
        {
            sets.Add("\"version\" = \"version\" + 1");
            if (columns.TrueForAll(c => c.Column != table.UpdatedAt))
            {
                sets.Add($"\"updated_at\" = ?{columns.Count + 3}");
            }
        }

        var fenced = update.Version is not null;
        var statement = statements.Of($"UPDATE {table.Quoted} SET {string.Join(", ", sets)} WHERE \"id\" = ?1 AND (?2 IS NULL OR {(fenced ? "\"version\" = ?2" : "1")})");
        statement.Bind(1, update.Id);
        if (update.Version is { } version)
        {
            statement.Bind(2, version);
        }
        else
        {
            statement.BindNull(2);
        }

        for (var i = 0; i < columns.Count; i++)
        {
            statement.BindValue(i + 3, columns[i].Column.ToStored(columns[i].Value));
        }

        if (sets.Count > columns.Count + 1)
        {
            statement.Bind(columns.Count + 3, Table.ToMicroseconds(time.GetUtcNow()));
        }

        if (statement.Run() == 0)
        {
            throw new StaleException($"{table.Name} {update.Id}");
        }
    }

    private void Check(Expect expect)
    {
        var table = Table.Of(expect.Row);
        if (Number($"SELECT \"version\" FROM {table.Quoted} WHERE \"id\" = ?1", expect.Id) != expect.Version)
        {
            throw new StaleException($"{table.Name} {expect.Id}");
        }
    }

    private void Artifact(ArtifactRow artifact)
    {
        var statement = statements.Of(
            "UPDATE \"container\" SET \"artifact_counter\" = \"artifact_counter\" + 1, \"artifact_count\" = \"artifact_count\" + 1, \"artifact_update_time\" = ?2, \"updated_at\" = ?2 WHERE \"id\" = ?1 RETURNING \"artifact_counter\"");
        statement.Bind(1, artifact.ContainerId);
        statement.Bind(2, Table.ToMicroseconds(artifact.CreatedAt));
        var number = statement.RunNumber() ?? throw new StaleException($"container {artifact.ContainerId}");
        InsertRow(artifact with { Number = number });
    }

    private void Append(MessageRow message)
    {
        var statement = statements.Of(
            "INSERT INTO \"message\" (\"run_id\", \"message_id\", \"kind\", \"payload\", \"taken_by\", \"created_at\") VALUES (?1, ?2, ?3, ?4, 0, ?5) ON CONFLICT (\"run_id\", \"message_id\") DO NOTHING");
        statement.Bind(1, message.RunId);
        statement.Bind(2, message.MessageId);
        statement.Bind(3, message.Kind);
        statement.Bind(4, message.Payload);
        statement.Bind(5, Table.ToMicroseconds(message.CreatedAt));
        statement.Run();
    }

    private void Audit(AuditRow row)
    {
        var (number, hash) = End(row.Chain);
        var linked = AuditChain.Link(row, number + 1, hash);
        _chainsBefore.TryAdd(row.Chain, (number, hash));
        _chains[row.Chain] = (linked.Number, linked.Hash);
        var table = Table.Of<AuditRow>();
        var statement = statements.Of($"INSERT INTO {table.Quoted} ({string.Join(", ", table.Columns.Select(c => c.Quoted))}) VALUES ({Places(table.Columns.Count)})");
        table.BindAll(linked, statement);
        // The database gives the id: ascending in the order of commit.
        statement.BindNull(table.Columns.TakeWhile(c => c.Name != "id").Count() + 1);
        statement.Run();
    }

    private (long Number, string Hash) End(string chain)
    {
        if (_chains.TryGetValue(chain, out var known))
        {
            return known;
        }

        var statement = statements.Of("SELECT \"number\", \"hash\" FROM \"audit\" WHERE \"chain\" = ?1 ORDER BY \"number\" DESC LIMIT 1");
        statement.Bind(1, chain);
        try
        {
            return _chains[chain] = statement.Step() ? (statement.Number(0), statement.Text(1)) : (0, "");
        }
        finally
        {
            statement.Reset();
        }
    }

    private int RunWith(string sql, params ReadOnlySpan<long> numbers)
    {
        var statement = statements.Of(sql);
        for (var i = 0; i < numbers.Length; i++)
        {
            statement.Bind(i + 1, numbers[i]);
        }

        return statement.Run();
    }

    private long? Number(string sql, long id)
    {
        var statement = statements.Of(sql);
        statement.Bind(1, id);
        return statement.RunNumber();
    }

    private static string Places(int count) => string.Join(", ", Enumerable.Range(1, count).Select(i => $"?{i}"));
}

/// <summary>A unit builds on what is no longer so.</summary>
internal sealed class StaleException(string what) : Exception(what);
