using System.Globalization;
using System.Text;
using Vedette.Engine.Audit;
using Vedette.Engine.Storage;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Writing;

/// <summary>A unit builds on what is no longer so.</summary>
internal sealed class StaleException(string what) : Exception(what);

/// <summary>A unit would pass a cap.</summary>
internal sealed class CappedException(string what) : Exception(what);

/// <summary>
/// The statements of writes, and which writes cannot be; the same for every database but for the mark before a parameter's number.
/// Each says which parameters it has.
/// </summary>
internal sealed class WriteText(char mark)
{
    /// <summary>A message whose id is there already is left out in silence.</summary>
    public const string OnceOnly = " ON CONFLICT (\"run_id\", \"message_id\") DO NOTHING";

    /// <summary>1 the table's name, 2 how many. Answers the first id behind the block.</summary>
    public string ReserveIds(string table) =>
        // The first reservation starts behind what is there, so that rows that came another way are not run into.
        $"INSERT INTO \"id_block\" (\"name\", \"next\") VALUES ({mark}1, (SELECT COALESCE(MAX(\"id\"), 0) FROM \"{table}\") + 1 + {mark}2) "
        + $"ON CONFLICT (\"name\") DO UPDATE SET \"next\" = \"id_block\".\"next\" + {mark}2 RETURNING \"next\"";

    /// <summary>The columns in their order.</summary>
    /// <param name="id">What stands for the id, where the database gives it.</param>
    public string Insert(Table table, string? id = null)
    {
        var text = new StringBuilder("INSERT INTO ").Append(table.Quoted).Append(" (");
        text.AppendJoin(", ", table.Columns.Select(c => c.Quoted)).Append(") VALUES (");
        return text.AppendJoin(", ", table.Columns.Select((c, i) => id is not null && c.Property == nameof(IRow.Id) ? id : $"{mark}{i + 1}")).Append(')').ToString();
    }

    /// <summary>Goes behind an insert.</summary>
    public static string OrReplace(Table table, IReadOnlyList<string> unique)
    {
        var keys = unique.Select(table.Column).ToList();
        if (keys.Count == 0)
            throw new ArgumentException($"An upsert of {table.Row.Name} names no unique columns.");
        // What a row was born with stays.
        var sets = table.Columns
            .Where(c => c.Property is not ("Id" or "CreatedAt") && !keys.Contains(c))
            .Select(c => c == table.Version ? $"\"version\" = {table.Quoted}.\"version\" + 1" : $"{c.Quoted} = excluded.{c.Quoted}")
            .ToList();
        var target = string.Join(", ", keys.Select(k => k.Quoted));
        return sets.Count == 0 ? $" ON CONFLICT ({target}) DO NOTHING" : $" ON CONFLICT ({target}) DO UPDATE SET {string.Join(", ", sets)}";
    }

    /// <summary>1 the id, 2 the version if one is built on, 3 the time now if it moves, from 4 the columns.</summary>
    public string Update(Table table, Update update)
    {
        var sets = update.Columns.Select((c, i) => $"{table.Column(c.Column).Quoted} = {mark}{i + 4}").ToList();
        if (MovesVersion(table, update))
            sets.Add("\"version\" = \"version\" + 1");
        if (MovesTime(table, update))
            sets.Add($"\"updated_at\" = {mark}3");
        return $"UPDATE {table.Quoted} SET {string.Join(", ", sets)} WHERE \"id\" = {mark}1{(update.Version is null ? "" : $" AND \"version\" = {mark}2")}";
    }

    /// <summary>1 the id.</summary>
    public string Delete(Table table) => $"DELETE FROM {table.Quoted} WHERE \"id\" = {mark}1";

    /// <summary>1 the id, 2 the version. Gives a row if it is so.</summary>
    public string Expect(Table table) => $"SELECT 1 FROM {table.Quoted} WHERE \"id\" = {mark}1 AND \"version\" = {mark}2";

    /// <summary>1 the run, 2 the message, 3 the turn.</summary>
    public string TakeMessage() => $"UPDATE \"message\" SET \"taken_by\" = {mark}3 WHERE \"run_id\" = {mark}1 AND \"message_id\" = {mark}2 AND \"taken_by\" = 0";

    /// <summary>1 the run.</summary>
    public string ForgetRunValues() => $"DELETE FROM \"run_value\" WHERE \"run_id\" = {mark}1";

    /// <summary>1 the id, 2 by how much, 3 the cap.</summary>
    public string Increase(Table table, Column column, bool capped) =>
        $"UPDATE {table.Quoted} SET {column.Quoted} = {column.Quoted} + {mark}2 WHERE \"id\" = {mark}1{(capped ? $" AND {column.Quoted} + {mark}2 <= {mark}3" : "")}";

    /// <summary>1 the cap, 2 the key, 3 since when.</summary>
    public static string CountUses(char mark) => $"SELECT COUNT(*) FROM \"cap_use\" WHERE \"cap\" = {mark}1 AND \"key\" = {mark}2 AND \"at\" > {mark}3";

    /// <summary>Of other targets: 1 the cap, 2 the key, 3 since when, 4 the target.</summary>
    public static string CountTargets(char mark) => $"SELECT COUNT(DISTINCT \"target\") FROM \"cap_use\" WHERE \"cap\" = {mark}1 AND \"key\" = {mark}2 AND \"at\" > {mark}3 AND \"target\" <> {mark}4";

    public static bool MovesTime(Table table, Update update) => table.UpdatedAt is not null && update.Columns.All(c => c.Column != table.UpdatedAt.Property);

    private static bool MovesVersion(Table table, Update update) => table.Version is not null && update.Columns.All(c => c.Column != table.Version.Property);

    public static Table Insertable(IRow row) => WithId(Writable(row.GetType(), "inserted; append it"), row);

    public static Table Upsertable(Upsert upsert) => WithId(Writable(upsert.Row.GetType(), "replaced"), upsert.Row);

    public static Table Updatable(Update update)
    {
        var table = Table.Of(update.Row);
        if (table.Row == typeof(AuditRow) && update.Columns is not [(nameof(AuditRow.Content), AuditChain.Emptied)])
            throw new ArgumentException("An audit row is never changed; retention may empty its content.");
        if (update.Version is not null)
            Versioned(update.Row);
        return update.Columns.Count == 0 && !MovesVersion(table, update) && !MovesTime(table, update)
            ? throw new ArgumentException($"Nothing to change in {table.Row.Name}.")
            : table;
    }

    public static Table Versioned(Type row) => Table.Of(row) is { Version: not null } table ? table : throw new ArgumentException($"{row.Name} has no version.");

    public static (Table Table, Column Column) Increasable(Increase increase)
    {
        var table = Writable(increase.Row, "changed");
        var column = table.Column(increase.Column);
        return column.Kind != ColumnKind.Number || column.Type.IsEnum || column.Property == "Id"
            ? throw new ArgumentException($"{table.Row.Name}.{column.Property} is not a number to add to.")
            : (table, column);
    }

    /// <summary>The record is appended to and never else written.</summary>
    public static Table Writable(Type row, string how) =>
        row == typeof(AuditRow) ? throw new ArgumentException($"An audit row is never {how}.") : Table.Of(row);

    public static StaleException Stale(Table table, long id, long? version) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{table.Name} {id} {(version is null ? "is not there" : $"is not there in version {version}")}"));

    public static StaleException Stale(TakeMessage take) =>
        new(string.Create(CultureInfo.InvariantCulture, $"message \"{take.MessageId}\" of run {take.RunId} is taken or gone"));

    private static Table WithId(Table table, IRow row) => row.Id == 0 ? throw new ArgumentException($"A new {table.Row.Name} has no id.") : table;
}
