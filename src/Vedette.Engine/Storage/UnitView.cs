using System.Collections.Concurrent;
using System.Reflection;

namespace Vedette.Engine.Storage;

/// <summary>What a door sees that writes into a unit others wrote into before: the committed row with the unit's own writes on it.</summary>
public static class UnitView
{
    private static readonly ConcurrentDictionary<Type, MethodInfo> Clones = new();

    /// <summary>The row as it will be once the unit is committed, or null.</summary>
    public static async ValueTask<T?> Find<T>(this Unit unit, IStore store, long id, CancellationToken ct = default)
        where T : class, IRow
    {
        var row = await store.Find<T>(id, ct);
        return Seen(unit, id, row);
    }

    /// <summary>The version an update has to build on: null when this unit has already written the row, for then its first write has checked it.</summary>
    public static long? VersionToBuildOn<T>(this Unit unit, long id, long version)
        where T : class, IRow => unit.Writes.Any(write => Touches<T>(write, id)) ? null : version;

    /// <summary>The rows of a kind that this unit inserts: no reader finds them yet.</summary>
    public static IEnumerable<T> Inserted<T>(this Unit unit)
        where T : class, IRow => unit.Writes.OfType<Insert>().Select(insert => insert.Row).OfType<T>();

    private static bool Touches<T>(Write write, long id)
        where T : class, IRow => write switch
        {
            Insert insert => insert.Row is T && insert.Row.Id == id,
            InsertArtifact insert => (typeof(T) == typeof(ArtifactRow) && insert.Artifact.Id == id) || (typeof(T) == typeof(ContainerRow) && insert.Artifact.ContainerId == id),
            Update update => update.Row == typeof(T) && update.Id == id,
            Increase increase => increase.Row == typeof(T) && increase.Id == id,
            Upsert upsert => upsert.Row is T && upsert.Row.Id == id,
            _ => false,
        };

    private static T? Seen<T>(Unit unit, long id, T? row)
        where T : class, IRow
    {
        foreach (var write in unit.Writes)
        {
            row = write switch
            {
                Insert { Row: T inserted } when inserted.Id == id => inserted,
                InsertArtifact { Artifact: T inserted } when inserted.Id == id => inserted,
                Upsert { Row: T upserted } when upserted.Id == id => upserted,
                Delete delete when delete.Row == typeof(T) && delete.Id == id => null,
                Update update when row is not null && update.Row == typeof(T) && update.Id == id => Changed(row, update.Columns),
                _ => row,
            };
        }

        return row;
    }

    private static T Changed<T>(T row, IReadOnlyList<(string Column, object? Value)> columns)
        where T : class, IRow
    {
        // A record's copy is made by a method that C# has no name for outside a with-expression, which in turn needs the names at compile time.
        var clone = Clones.GetOrAdd(typeof(T), static type => type.GetMethod("<Clone>$")
            ?? throw new InvalidOperationException($"{type.Name} is not a record, so a unit cannot show it changed."));
        var copy = (T)clone.Invoke(row, null)!;
        foreach (var (column, value) in columns)
        {
            var property = typeof(T).GetProperty(column) ?? throw new InvalidOperationException($"{typeof(T).Name} has no column {column}.");
            property.SetValue(copy, value);
        }

        return copy;
    }
}
