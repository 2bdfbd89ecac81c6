using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Carriage;

/// <summary>A table as it is carried from store to store: every row type's, and the blocks that ids are handed out of.</summary>
internal sealed record CarriedTable(string Name, IReadOnlyList<Column> Columns, string Key)
{
    public string Quoted { get; } = $"\"{Name}\"";

    public string ColumnList => string.Join(", ", Columns.Select(column => column.Quoted));

    /// <summary>All rows in the order of their key.</summary>
    public string SelectText => $"SELECT {ColumnList} FROM {Quoted} ORDER BY \"{Key}\"";

    public static IReadOnlyList<CarriedTable> All { get; } =
    [
        .. Table.All().Select(table => new CarriedTable(table.Name, table.Columns, "id")),
        new CarriedTable("id_block", [new Column("Name", "name", ColumnKind.Text, typeof(string), false, false), new Column("Next", "next", ColumnKind.Number, typeof(long), false, false)], "name"),
    ];

    public int IndexOf(string property) => Columns.Select((column, i) => (column, i)).First(one => one.column.Property == property).i;
}

/// <summary>Rows as lines: a JSON array for each, in the order of the columns, bytes in base64.</summary>
internal static class RowLines
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A line without its end; the buffer is used again for the next.</summary>
    public static ReadOnlySpan<byte> Write(MemoryStream buffer, object?[] row)
    {
        buffer.SetLength(0);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartArray();
            foreach (var value in row)
            {
                switch (value)
                {
                    case null: json.WriteNullValue(); break;
                    case long number: json.WriteNumberValue(number); break;
                    case string text: json.WriteStringValue(text); break;
                    case byte[] bytes: json.WriteBase64StringValue(bytes); break;
                    default: throw new ArgumentException($"A value of type {value.GetType().Name} is in no table.");
                }
            }

            json.WriteEndArray();
        }

        return buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
    }

    /// <exception cref="StoreException">It is no row of the table.</exception>
    public static object?[] Read(CarriedTable table, string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var values = json.RootElement.EnumerateArray().ToList();
            return values.Count == table.Columns.Count ? [.. values.Select((value, i) => Value(table.Columns[i].Kind, value))] : throw new FormatException();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new StoreException($"The backup holds a line that is no row of {table.Name}.", exception);
        }
    }

    private static object? Value(ColumnKind kind, JsonElement value) => (kind, value.ValueKind) switch
    {
        (_, JsonValueKind.Null) => null,
        (ColumnKind.Text, _) => value.GetString(),
        (ColumnKind.Bytes, _) => value.GetBytesFromBase64(),
        _ => value.GetInt64(),
    };
}

/// <summary>How many rows passed by, and the digest of their lines.</summary>
internal sealed class RowCount : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream _buffer = new();

    public long Rows { get; private set; }

    /// <summary>The row's line, with its end.</summary>
    public ReadOnlySpan<byte> Add(object?[] row)
    {
        RowLines.Write(_buffer, row);
        _buffer.WriteByte((byte)'\n');
        var line = _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length);
        _hash.AppendData(line);
        Rows++;
        return line;
    }

    public IEnumerable<object?[]> Passing(IEnumerable<object?[]> rows)
    {
        foreach (var row in rows)
        {
            Add(row);
            yield return row;
        }
    }

    public TableCount Of(CarriedTable table) => new(table.Name, Rows, Convert.ToHexStringLower(_hash.GetCurrentHash()));

    public void Dispose()
    {
        _hash.Dispose();
        _buffer.Dispose();
    }
}

/// <param name="Sha256">Of the lines of the table, in hexadecimal.</param>
public sealed record TableCount(string Name, long Rows, string Sha256);
