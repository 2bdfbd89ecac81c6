using Npgsql;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Postgres;

/// <summary>Rows as PostgreSQL gives them.</summary>
internal sealed class Rows(NpgsqlDataReader reader) : IRowSource
{
    public bool Step() => reader.Read();

    public bool IsNull(int column) => reader.IsDBNull(column);

    public long Number(int column) => reader.GetInt64(column);

    public string Text(int column) => PostgresText.Read(reader.GetString(column));

    public byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);

    public int RowBytes()
    {
        var bytes = 0;
        for (var column = 0; column < reader.FieldCount; column++)
        {
            bytes += reader.IsDBNull(column) ? 0 : reader.GetFieldType(column) == typeof(string) ? reader.GetString(column).Length * 2
                : reader.GetFieldType(column) == typeof(byte[]) ? reader.GetFieldValue<byte[]>(column).Length
                : sizeof(long);
        }

        return bytes;
    }
}
