using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Vedette.Engine.Storage;

namespace Vedette.Storage.Tables;

internal enum ColumnKind
{
    Number,
    Truth,
    Time,
    Text,
    Bytes,
}

/// <summary>A column of a table: a property of its row type.</summary>
internal sealed record Column(string Property, string Name, ColumnKind Kind, Type Type, bool Nullable, bool Json)
{
    /// <summary>The name as it stands in a statement.</summary>
    public string Quoted { get; } = $"\"{Name}\"";

    /// <summary>The form in which the database keeps the value.</summary>
    public object? ToStored(object? value)
    {
        object? stored = (Kind, value) switch
        {
            (_, null) => null,
            (ColumnKind.Time, DateTimeOffset time) => Table.ToMicroseconds(time),
            (ColumnKind.Time, DateTime { Kind: DateTimeKind.Utc } time) => Table.ToMicroseconds(time),
            (ColumnKind.Truth, bool truth) => truth ? 1L : 0L,
            (ColumnKind.Number, Enum number) => Convert.ToInt64(number, null),
            (ColumnKind.Number, long or int or short or byte or uint) => Convert.ToInt64(value, null),
            (ColumnKind.Number or ColumnKind.Truth, double number) => number,
            (ColumnKind.Truth, long or int) => Convert.ToInt64(value, null),
            (ColumnKind.Text, string text) => text,
            (ColumnKind.Bytes, byte[] bytes) => bytes,
            _ => throw new ArgumentException($"{Property} does not take a value of type {value!.GetType().Name}."),
        };
        return stored;
    }
}

/// <summary>What a store knows of a row type: its table and its columns.</summary>
internal sealed class Table
{
    private static readonly ConcurrentDictionary<Type, Table> Known = new();
    private readonly Dictionary<string, Column> _byProperty;

    private Table(Type row)
    {
        Row = row;
        Name = Snake(row.Name.EndsWith("Row", StringComparison.Ordinal) ? row.Name[..^3] : row.Name);
        Quoted = $"\"{Name}\"";
        var nullability = new NullabilityInfoContext();
        Properties = row.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.CanRead).ToList();
        Columns = [.. Properties.Select(p => Describe(p, nullability))];
        _byProperty = Columns.ToDictionary(c => c.Property);
        Version = _byProperty.GetValueOrDefault("Version");
        UpdatedAt = _byProperty.GetValueOrDefault("UpdatedAt");
        SelectList = string.Join(", ", Columns.Select(c => $"t0.{c.Quoted}"));
    }

    public Type Row { get; }

    public string Name { get; }

    public string Quoted { get; }

    public IReadOnlyList<Column> Columns { get; }

    /// <summary>Those of the columns, in their order.</summary>
    public IReadOnlyList<PropertyInfo> Properties { get; }

    public Column? Version { get; }

    public Column? UpdatedAt { get; }

    public string SelectList { get; }

    /// <summary>Every table that holds rows.</summary>
    public static IReadOnlyList<Table> All() =>
        [.. typeof(IRow).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IRow))).Select(Of).OrderBy(table => table.Name, StringComparer.Ordinal)];

    public static Table Of(Type row) => Known.GetOrAdd(row, static type => new Table(type));

    public static Table Of<T>()
        where T : IRow => Of(typeof(T));

    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Column Column(string property) =>
        _byProperty.TryGetValue(property, out var column) ? column : throw new ArgumentException($"{Row.Name} has no column {property}.");

    public static long ToMicroseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    internal static string Snake(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }

    private static Column Describe(PropertyInfo property, NullabilityInfoContext nullability)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var kind =
            type == typeof(long) || type == typeof(int) || type.IsEnum ? ColumnKind.Number :
            type == typeof(bool) ? ColumnKind.Truth :
            type == typeof(DateTimeOffset) ? ColumnKind.Time :
            type == typeof(string) ? ColumnKind.Text :
            type == typeof(byte[]) ? ColumnKind.Bytes :
            throw new NotSupportedException($"{property.DeclaringType!.Name}.{property.Name} is of type {type.Name}, which the store does not keep.");
        var nullable = nullability.Create(property).ReadState == NullabilityState.Nullable;
        return new Column(property.Name, Snake(property.Name), kind, type, nullable, property.IsDefined(typeof(JsonAttribute)));
    }
}
