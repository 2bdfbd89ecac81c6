namespace Vedette.Engine.Storage;

/// <summary>A value seen across artifacts.</summary>
public sealed record IndicatorRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required string Value { get; init; }

    /// <summary>SHA-256 of the value in UTF-8, in lower-case hexadecimal. Unique in a tenant.</summary>
    public required string ValueHash { get; init; }

    /// <summary>What artifacts say it is.</summary>
    [Json] public string Contains { get; init; } = "[]";

    /// <summary>CEF fields it was seen in.</summary>
    [Json] public string Fields { get; init; } = "[]";
    [Json] public string Tags { get; init; } = "[]";
    public required DateTimeOffset EarliestTime { get; init; }
    public required DateTimeOffset LatestTime { get; init; }
}

/// <summary>Where an indicator was seen: a field of an artifact.</summary>
public sealed record IndicatorArtifactRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public required long IndicatorId { get; init; }
    public required long ArtifactId { get; init; }
    public required long ContainerId { get; init; }
    public required string Field { get; init; }
}

/// <summary>Something that counts as evidence of an event.</summary>
public sealed record EvidenceRow : IEventRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public required long ObjectId { get; init; }

    /// <summary><c>containerattachment</c>, <c>artifact</c>, <c>actionrun</c>, <c>container</c> or <c>note</c>.</summary>
    public required string ContentType { get; init; }
    public long? UserId { get; init; }
}
