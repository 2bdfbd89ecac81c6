namespace Vedette.Engine.Storage;

/// <summary>
/// A row of a table, as the store keeps it. The table is the type's name without "Row" in snake_case; a column is a property's name in
/// snake_case. Properties are ids (whole numbers), numbers, text, booleans, enums (their numbers), times (UTC, microseconds) and bytes;
/// text marked <see cref="JsonAttribute"/> is JSON. Every row has <c>id</c>; those of a noun also carry <see cref="INounRow"/>.
/// </summary>
public interface IRow
{
    long Id { get; }
}

/// <summary>What every noun has from the first migration on.</summary>
public interface INounRow : IRow
{
    long TenantId { get; }

    /// <summary>1 at first, one more at every change: what a change builds on.</summary>
    long Version { get; }

    DateTimeOffset CreatedAt { get; }

    DateTimeOffset UpdatedAt { get; }
}

/// <summary>A noun that hangs on an event.</summary>
public interface IEventRow : INounRow
{
    long ContainerId { get; }
}

/// <summary>The text is JSON: filters may go into it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonAttribute : Attribute;
