using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Vedette.Engine.Storage;

namespace Vedette.Storage.Tables;

/// <summary>
/// Binds the columns of a row to what a database takes, compiled once for each row type, so that nothing is reflected per row. The target
/// has <c>Bind(int, long)</c>, <c>Bind(int, string?)</c>, <c>Bind(int, byte[]?)</c> and <c>BindNull(int)</c>, called in the order of the columns, from 1.
/// </summary>
internal static class RowBinder<TTarget>
{
    private static readonly ConcurrentDictionary<Table, Action<IRow, TTarget>> Known = new();

    public static Action<IRow, TTarget> Of(Table table) => Known.GetOrAdd(table, Compile);

    private static Action<IRow, TTarget> Compile(Table table)
    {
        var argument = Expression.Parameter(typeof(IRow));
        var target = Expression.Parameter(typeof(TTarget));
        var typed = Expression.Variable(table.Row);
        var body = new List<Expression> { Expression.Assign(typed, Expression.Convert(argument, table.Row)) };
        for (var i = 0; i < table.Properties.Count; i++)
        {
            var index = Expression.Constant(i + 1);
            Expression value = Expression.Property(typed, table.Properties[i]);
            var inner = Nullable.GetUnderlyingType(value.Type);
            var bind = Bind(target, index, inner is null ? value : Expression.Property(value, "Value"));
            body.Add(inner is null
                ? bind
                : Expression.IfThenElse(
                    Expression.Property(value, "HasValue"),
                    bind,
                    Expression.Call(target, "BindNull", null, index)));
        }

        return Expression.Lambda<Action<IRow, TTarget>>(Expression.Block([typed], body), argument, target).Compile();
    }

    private static MethodCallExpression Bind(Expression target, Expression index, Expression value)
    {
        var stored =
            value.Type == typeof(DateTimeOffset) ? Expression.Call(typeof(Table), nameof(Table.ToMicroseconds), null, value) :
            value.Type == typeof(bool) ? Expression.Condition(value, Expression.Constant(1L), Expression.Constant(0L)) :
            value.Type == typeof(int) || value.Type.IsEnum ? Expression.Convert(value, typeof(long)) :
            value;
        var method = typeof(TTarget).GetMethod("Bind", [typeof(int), stored.Type])!;
        return Expression.Call(target, method, index, stored);
    }
}

/// <summary>Makes a row of the columns of <see cref="Table.SelectList"/>, compiled once for each row type.</summary>
internal static class RowMaker<TSource, T>
    where TSource : IRowSource
    where T : class, IRow
{
    public static Func<TSource, T> Make { get; } = Compile();

    private static Func<TSource, T> Compile()
    {
        var source = Expression.Parameter(typeof(TSource));
        var bindings = Table.Of<T>().Properties.Select((property, i) => Expression.Bind(property, Value(source, property, Expression.Constant(i))));
        return Expression.Lambda<Func<TSource, T>>(Expression.MemberInit(Expression.New(typeof(T)), bindings), source).Compile();
    }

    private static Expression Value(Expression source, PropertyInfo property, Expression index)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Expression value =
            type == typeof(string) ? Expression.Call(source, nameof(IRowSource.Text), null, index) :
            type == typeof(byte[]) ? Expression.Call(source, nameof(IRowSource.Bytes), null, index) :
            Expression.Call(source, nameof(IRowSource.Number), null, index);
        if (type == typeof(DateTimeOffset))
            value = Expression.Call(typeof(Table), nameof(Table.FromMicroseconds), null, value);
        else if (type == typeof(bool))
            value = Expression.NotEqual(value, Expression.Constant(0L));
        if (value.Type != property.PropertyType)
            value = Expression.Convert(value, property.PropertyType);
        return property.PropertyType.IsValueType && property.PropertyType == type
            ? value
            : Expression.Condition(Expression.Call(source, nameof(IRowSource.IsNull), null, index), Expression.Default(property.PropertyType), value);
    }
}

/// <summary>Rows as a database gives them; columns from 0.</summary>
internal interface IRowSource
{
    /// <summary>True when there is a row.</summary>
    bool Step();

    bool IsNull(int column);

    long Number(int column);

    string Text(int column);

    byte[] Bytes(int column);

    /// <summary>About how much memory the row takes.</summary>
    int RowBytes();
}
