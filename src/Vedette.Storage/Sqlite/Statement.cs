using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Sqlite;

/// <summary>
/// A prepared statement. Commands of ADO.NET bind text only up to its first NUL and box every number; the hot paths bind here, on the
/// connection's own handle.
/// </summary>
internal sealed class Statement : IRowSource, IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    public void Bind(int index, string? value)
    {
        if (value is null)
        {
            BindNull(index);
        }
        else if (value.Length == 0)
        {
            // An empty span has no address and would be bound as NULL.
            Check(raw.sqlite3_bind_text(_statement, index, ""));
        }
        else if (value.Length <= 256)
        {
            Span<byte> bytes = stackalloc byte[value.Length * 3];
            Check(raw.sqlite3_bind_text(_statement, index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        }
        else
        {
            Check(raw.sqlite3_bind_text(_statement, index, Encoding.UTF8.GetBytes(value)));
        }
    }

    public void Bind(int index, byte[]? value)
    {
        if (value is null)
            BindNull(index);
        else if (value.Length == 0)
            Check(raw.sqlite3_bind_zeroblob(_statement, index, 0));
        else
            Check(raw.sqlite3_bind_blob(_statement, index, value));
    }

    public void Bind(int index, double value) => Check(raw.sqlite3_bind_double(_statement, index, value));

    public void BindNull(int index) => Check(raw.sqlite3_bind_null(_statement, index));

    /// <summary>Binds a value that is already in the form the database keeps: null, whole number, number, text or bytes.</summary>
    public void BindValue(int index, object? value)
    {
        switch (value)
        {
            case null: BindNull(index); break;
            case long number: Bind(index, number); break;
            case double number: Bind(index, number); break;
            case string text: Bind(index, text); break;
            case byte[] bytes: Bind(index, bytes); break;
            default: throw new ArgumentException($"A value of type {value.GetType().Name} has no form in the database.");
        }
    }

    /// <summary>True when there is a row.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result == raw.SQLITE_DONE)
            return false;
        throw Failure(result);
    }

    /// <summary>Runs to the end and makes ready for the next; answers how many rows were changed.</summary>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Runs and answers the number in the first column of the first row, null when there is no row.</summary>
    public long? RunNumber()
    {
        try
        {
            long? number = Step() ? Number(0) : null;
            // An UPDATE with RETURNING has done its work at the first row, but is only over at the end.
            while (number is not null && Step())
            {
            }

            return number;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The result of reset repeats the error of the step before it, which was thrown there.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>As bytes, for the text may hold a NUL.</summary>
    public string Text(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    /// <summary>About how much memory the row takes.</summary>
    public int RowBytes()
    {
        var bytes = 0;
        for (var column = raw.sqlite3_data_count(_statement) - 1; column >= 0; column--)
        {
            // Asked for the length of a number, SQLite would write it out as text.
            bytes += raw.sqlite3_column_type(_statement, column) is raw.SQLITE_TEXT or raw.SQLITE_BLOB ? raw.sqlite3_column_bytes(_statement, column) : sizeof(long);
        }

        return bytes;
    }

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    public void Dispose() => _statement.Dispose();

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
            throw Failure(result);
    }

    private SqliteException Failure(int result) =>
        new(raw.sqlite3_errmsg(_database).utf8_to_string(), result & 0xff, raw.sqlite3_extended_errcode(_database));
}
