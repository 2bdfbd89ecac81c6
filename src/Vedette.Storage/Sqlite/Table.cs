using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Vedette.Engine.Storage;

namespace Vedette.Storage.Sqlite;

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

/// <summary>
/// What the store knows of a row type: its table, its columns, and accessors compiled once, so that nothing is reflected per row.
/// </summary>
internal sealed class Table
{
    private static readonly ConcurrentDictionary<Type, Table> Known = new();
    private readonly Dictionary<string, Column> _byProperty;
    private readonly Lazy<Delegate> _reader;

    private Table(Type row)
    {
        Row = row;
        Name = Snake(row.Name.EndsWith("Row", StringComparison.Ordinal) ? row.Name[..^3] : row.Name);
        Quoted = $"\"{Name}\"";
        var nullability = new NullabilityInfoContext();
        var properties = row.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && p.CanRead).ToList();
        Columns = properties.ConvertAll(p => Describe(p, nullability));
        _byProperty = Columns.ToDictionary(c => c.Property);
        Version = _byProperty.GetValueOrDefault("Version");
        UpdatedAt = _byProperty.GetValueOrDefault("UpdatedAt");
        SelectList = string.Join(", ", Columns.Select(c => $"t0.{c.Quoted}"));
        FindText = $"SELECT {SelectList} FROM {Quoted} t0 WHERE t0.\"id\" = ?1";
        BindAll = CompileBinder(row, properties);
        _reader = new Lazy<Delegate>(() => CompileReader(row, properties));
    }

    public Type Row { get; }

    public string Name { get; }

    public string Quoted { get; }

    public IReadOnlyList<Column> Columns { get; }

    public Column? Version { get; }

    public Column? UpdatedAt { get; }

    public string SelectList { get; }

    public string FindText { get; }

    /// <summary>Binds all columns of a row, in their order, from parameter 1.</summary>
    public Action<IRow, Statement> BindAll { get; }

    public static Table Of(Type row) => Known.GetOrAdd(row, static type => new Table(type));

    public static Table Of<T>()
        where T : IRow => Of(typeof(T));

    /// <exception cref="ArgumentException">There is no such column.</exception>
    public Column Column(string property) =>
        _byProperty.TryGetValue(property, out var column) ? column : throw new ArgumentException($"{Row.Name} has no column {property}.");

    public Func<Statement, T> Reader<T>() => (Func<Statement, T>)_reader.Value;

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

    private static Action<IRow, Statement> CompileBinder(Type row, List<PropertyInfo> properties)
    {
        var argument = Expression.Parameter(typeof(IRow));
        var statement = Expression.Parameter(typeof(Statement));
        var typed = Expression.Variable(row);
        var body = new List<Expression> { Expression.Assign(typed, Expression.Convert(argument, row)) };
        for (var i = 0; i < properties.Count; i++)
        {
            var index = Expression.Constant(i + 1);
            Expression value = Expression.Property(typed, properties[i]);
            var inner = Nullable.GetUnderlyingType(value.Type);
            var bind = Bind(statement, index, inner is null ? value : Expression.Property(value, "Value"));
            body.Add(inner is null
                ? bind
                : Expression.IfThenElse(
                    Expression.Property(value, "HasValue"),
                    bind,
                    Expression.Call(statement, nameof(Statement.BindNull), null, index)));
        }

        return Expression.Lambda<Action<IRow, Statement>>(Expression.Block([typed], body), argument, statement).Compile();
    }

    private static MethodCallExpression Bind(Expression statement, Expression index, Expression value)
    {
        var stored =
            value.Type == typeof(DateTimeOffset) ? Expression.Call(typeof(Table), nameof(ToMicroseconds), null, value) :
            value.Type == typeof(bool) ? Expression.Condition(value, Expression.Constant(1L), Expression.Constant(0L)) :
            value.Type == typeof(int) || value.Type.IsEnum ? Expression.Convert(value, typeof(long)) :
            value;
        var method = typeof(Statement).GetMethod(nameof(Statement.Bind), [typeof(int), stored.Type])!;
        return Expression.Call(statement, method, index, stored);
    }

    private static Delegate CompileReader(Type row, List<PropertyInfo> properties)
    {
        var statement = Expression.Parameter(typeof(Statement));
        var bindings = properties.Select((property, i) =>
        {
            var index = Expression.Constant(i);
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            Expression value =
                type == typeof(string) ? Expression.Call(statement, nameof(Statement.Text), null, index) :
                type == typeof(byte[]) ? Expression.Call(statement, nameof(Statement.Bytes), null, index) :
                Expression.Call(statement, nameof(Statement.Number), null, index);
            if (type == typeof(DateTimeOffset))
                value = Expression.Call(typeof(Table), nameof(FromMicroseconds), null, value);
            else if (type == typeof(bool))
                value = Expression.NotEqual(value, Expression.Constant(0L));
            if (value.Type != property.PropertyType)
                value = Expression.Convert(value, property.PropertyType);
            if (!property.PropertyType.IsValueType || property.PropertyType != type)
            {
                value = Expression.Condition(
                    Expression.Call(statement, nameof(Statement.IsNull), null, index),
                    Expression.Default(property.PropertyType),
                    value);
            }

            return Expression.Bind(property, value);
        });
        var made = Expression.MemberInit(Expression.New(row), bindings);
        return Expression.Lambda(typeof(Func<,>).MakeGenericType(typeof(Statement), row), made, statement).Compile();
    }
}
