using Vedette.Engine.Storage;
using Vedette.Storage.Tables;

namespace Vedette.Storage.Carriage;

/// <summary>Between a row and the values of its columns.</summary>
internal static class Stored
{
    public static T Row<T>(object?[] values)
        where T : class, IRow => RowMaker<Source, T>.Make(new Source(values));

    public static object?[] Values(IRow row)
    {
        var target = new Target(Table.Of(row.GetType()).Columns.Count);
        RowBinder<Target>.Of(Table.Of(row.GetType()))(row, target);
        return target.Values;
    }

    private sealed class Source(object?[] values) : IRowSource
    {
        public bool Step() => false;

        public bool IsNull(int column) => values[column] is null;

        public long Number(int column) => (long)values[column]!;

        public string Text(int column) => (string)values[column]!;

        public byte[] Bytes(int column) => (byte[])values[column]!;

        public int RowBytes() => 0;
    }

    private sealed class Target(int columns)
    {
        public object?[] Values { get; } = new object?[columns];

        public void Bind(int index, long value) => Values[index - 1] = value;

        public void Bind(int index, string? value) => Values[index - 1] = value;

        public void Bind(int index, byte[]? value) => Values[index - 1] = value;

        public void BindNull(int index) => Values[index - 1] = null;
    }
}
