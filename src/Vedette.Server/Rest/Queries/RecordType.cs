using System.Reflection;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Storage;

namespace Vedette.Server.Rest.Queries;

/// <summary>A field of a record on the wire.</summary>
/// <param name="Name">Wire name.</param>
/// <param name="Column">The row's property.</param>
/// <param name="To">The wire type that a foreign key names.</param>
/// <param name="Words">For a word out of a pick list: its wire type. Clients also name the word by its number there.</param>
internal sealed record Field(string Name, PropertyInfo Column, string? To, string? Words)
{
    public bool IsJson { get; } = Column.GetCustomAttribute<JsonAttribute>() is not null;

    public Type Type { get; } = Nullable.GetUnderlyingType(Column.PropertyType) ?? Column.PropertyType;

    public JsonNode? Read(IRow row) => Column.GetValue(row) switch
    {
        null => null,
        string text when IsJson => JsonNode.Parse(text),
        string text => JsonValue.Create(text),
        long number when To is not null && number == 0 && To != "tenant" => null,
        long number => JsonValue.Create(number),
        int number => JsonValue.Create(number),
        bool truth => JsonValue.Create(truth),
        DateTimeOffset time => JsonValue.Create(Wire.Time(time)),
        Enum word => JsonValue.Create(word.ToString().ToLowerInvariant()),
        var other => throw new InvalidOperationException($"{Column.Name} holds {other.GetType().Name}, which has no wire form."),
    };
}

/// <summary>A type of record as REST shows it: what is not a field here can neither be read nor asked about.</summary>
internal abstract class RecordType(string name, Type row, Permissions needed)
{
    private readonly List<Field> _fields = [];
    private readonly List<ShapeField> _further = [];

    public string Name => name;

    public Type Row => row;

    public Permissions Needed => needed;

    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>What is shown beside the fields and cannot be asked about.</summary>
    public IReadOnlyList<ShapeField> Further => _further;

    public Field? Find(string wire) =>
        _fields.Find(field => field.Name == wire) ?? (wire.EndsWith("_id", StringComparison.Ordinal) ? _fields.Find(field => field.To is not null && field.Name == wire[..^3]) : null);

    protected void Add(string wire, string? column, string? to, string? words)
    {
        var property = row.GetProperty(column ?? Pascal(wire)) ?? throw new InvalidOperationException($"{row.Name} has no {column ?? Pascal(wire)} for {name}.{wire}.");
        _fields.Add(new Field(wire, property, to, words));
    }

    protected void AddFurther(string wire, Kind kind, string says) => _further.Add(new ShapeField(wire, kind, says, false, [], null));

    private static string Pascal(string wire) => string.Concat(wire.Split('_').Select(part => part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));

    /// <summary>Rows that this caller may see at all, whatever is asked for.</summary>
    public Where Base { get; init; } = Where.All;
}

internal sealed class RecordType<T>(string name, Permissions needed) : RecordType(name, typeof(T), needed)
    where T : class, IRow
{
    /// <summary>Adds what is no column: counted, looked up, or named otherwise.</summary>
    public Func<T, JsonObject, ReadContext, ValueTask>? Complete { get; init; }

    public RecordType<T> With(params ReadOnlySpan<string> wires)
    {
        foreach (var wire in wires)
        {
            Add(wire, null, null, null);
        }

        return this;
    }

    public RecordType<T> As(string wire, string column, string? to = null)
    {
        Add(wire, column, to, null);
        return this;
    }

    /// <summary>A word out of the pick list that <paramref name="list"/> is.</summary>
    public RecordType<T> Word(string wire, string list)
    {
        Add(wire, null, null, list);
        return this;
    }

    /// <summary>What <see cref="Complete"/> adds.</summary>
    public RecordType<T> And(string wire, Kind kind, string says)
    {
        AddFurther(wire, kind, says);
        return this;
    }
}

/// <param name="Expensive">Heavy fields too.</param>
internal sealed record ReadContext(IStore Store, RestCall Call, bool Expensive)
{
    /// <summary>With the fields for people.</summary>
    public bool Pretty => Call.Flag("pretty");

    public CancellationToken Ct => Call.Ct;
}
