using System.Globalization;
using System.Reflection;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Storage.Tests;

/// <summary>Rows filled by reflection, so that a new row type or column is in the tests without a word.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123456);

    public static IEnumerable<Type> RowTypes => typeof(IRow).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false } && typeof(IRow).IsAssignableFrom(t));

    public static IRow Fill(Type type, long id, bool empty)
    {
        var row = (IRow)Activator.CreateInstance(type)!;
        var nullability = new NullabilityInfoContext();
        foreach (var property in type.GetProperties().Where(p => p.CanWrite))
        {
            if (property.Name == "Id")
                property.SetValue(row, id);
            else if (empty && nullability.Create(property).ReadState == NullabilityState.Nullable)
                property.SetValue(row, null);
            else
                property.SetValue(row, Value(property, id));
        }

        return row;
    }

    public static ContainerRow Container(long id, string source) => new()
    {
        Id = id,
        CreatedAt = Noon,
        UpdatedAt = Noon,
        Name = "Häufung " + source,
        Label = "events",
        Status = "new",
        Severity = "high",
        SourceDataIdentifier = source,
    };

    public static ArtifactRow Artifact(long id, long containerId, string key, string cef = "{}") => new()
    {
        Id = id,
        CreatedAt = Noon,
        UpdatedAt = Noon,
        ContainerId = containerId,
        Severity = "high",
        SourceDataIdentifier = key,
        Hash = "h",
        DedupeKey = key,
        Cef = cef,
    };

    public static MessageRow Message(long runId, string id) => new() { RunId = runId, MessageId = id, Kind = "action", CreatedAt = Noon };

    public static AuditRow Audit(string act, string content = "{\"a\":1}") => new()
    {
        At = Noon,
        Channel = Channel.Rest,
        Act = act,
        Object = "container",
        ObjectId = 7,
        Content = content,
    };

    private static object Value(PropertyInfo property, long id)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        // Not the same in two columns, so that a swap is seen.
        var salt = property.Name.Sum(c => c) + id;
        if (type == typeof(long))
            return property.Name == "Version" ? 1L : salt + int.MaxValue;
        if (type == typeof(int))
            return (int)salt;
        if (type == typeof(bool))
            return salt % 2 == 0;
        if (type == typeof(DateTimeOffset))
            return Noon.AddMicroseconds(salt);
        if (type == typeof(byte[]))
            return new byte[] { 0, 255, (byte)salt, 0 };
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue((int)(salt % Enum.GetValues(type).Length))!;
        return property.IsDefined(typeof(JsonAttribute))
            ? string.Create(CultureInfo.InvariantCulture, $"{{\"k\":\"{property.Name} {id} 🦉\"}}")
            : string.Create(CultureInfo.InvariantCulture, $"{property.Name} {id} ü\0🦉\"'");
    }
}
