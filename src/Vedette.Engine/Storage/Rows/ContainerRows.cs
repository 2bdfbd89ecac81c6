namespace Vedette.Engine.Storage;

/// <summary>An event or case.</summary>
public sealed record ContainerRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required string Name { get; init; }
    public required string Label { get; init; }
    public string Description { get; init; } = "";
    public string ContainerType { get; init; } = "default";
    public required string Status { get; init; }
    public required string Severity { get; init; }
    public string Sensitivity { get; init; } = "amber";

    /// <summary>The sender's own key; unique per tenant and <see cref="AssetId"/> (0 for none).</summary>
    public required string SourceDataIdentifier { get; init; }
    public long AssetId { get; init; }
    public long? IngestAppId { get; init; }
    public long? OwnerId { get; init; }
    public long? RoleId { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    public DateTimeOffset? OpenTime { get; init; }
    public DateTimeOffset? DueTime { get; init; }
    public DateTimeOffset? CloseTime { get; init; }
    public long? ClosingOwnerId { get; init; }
    public long? ClosingRunId { get; init; }
    public string? KillChain { get; init; }
    [Json] public string Tags { get; init; } = "[]";
    [Json] public string Data { get; init; } = "{}";
    [Json] public string CustomFields { get; init; } = "{}";
    public string Hash { get; init; } = "";
    public long ArtifactCount { get; init; }

    /// <summary>One more with every artifact stored; never goes back. Tells new artifacts from seen ones.</summary>
    public long ArtifactCounter { get; init; }
    public DateTimeOffset? ArtifactUpdateTime { get; init; }
    public bool InCase { get; init; }
    public long? ParentContainerId { get; init; }

    /// <summary>The phase of its workbook that is worked on.</summary>
    public long? CurrentPhaseId { get; init; }

    /// <summary>The first workbook that was added, empty for none.</summary>
    public string WorkflowName { get; init; } = "";

    /// <summary>The key under which later alerts join this event, null when it is never grouped.</summary>
    public string? GroupKey { get; init; }

    /// <summary>The open event that took this alert's artifacts, if it was a repeat.</summary>
    public long? GroupedIntoId { get; init; }

    /// <summary>How many alerts this event stands for.</summary>
    public long AlertCount { get; init; } = 1;
    public DateTimeOffset? FirstSeenAt { get; init; }
    public DateTimeOffset? LastSeenAt { get; init; }
    public long? CreatedBy { get; init; }
}

/// <summary>A piece of evidence with CEF fields.</summary>
public sealed record ArtifactRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }

    /// <summary>Its number in its container, set by the store in the commit: container's counter plus one.</summary>
    public long Number { get; init; }
    public string Name { get; init; } = "artifact";
    public string Label { get; init; } = "event";
    public required string Severity { get; init; }
    public string? Type { get; init; }
    public required string SourceDataIdentifier { get; init; }
    [Json] public string Cef { get; init; } = "{}";
    [Json] public string CefTypes { get; init; } = "{}";
    [Json] public string Data { get; init; } = "{}";
    public string? Description { get; init; }
    public string? KillChain { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    [Json] public string Tags { get; init; } = "[]";
    public long? OwnerId { get; init; }
    public long? IngestAppId { get; init; }
    public long? AssetId { get; init; }

    /// <summary>The container the sender named, when the artifact was grouped into another.</summary>
    public long? ParentContainerId { get; init; }
    public long? ParentArtifactId { get; init; }
    public long? PlaybookRunId { get; init; }

    /// <summary>Digest of name, label, type and CEF; with the container and <see cref="Sender"/> it is unique when a source data identifier was given.</summary>
    public required string Hash { get; init; }

    /// <summary>Who posted it and under which key: unique per container; a second post of the same is answered as existing.</summary>
    public required string DedupeKey { get; init; }
}

/// <summary>A key of alerts and the open event they belong to.</summary>
public sealed record GroupRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public required string Label { get; init; }

    /// <summary>Unique with tenant and label.</summary>
    public required string Key { get; init; }
    public required long ContainerId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset LastSeenAt { get; init; }
}

/// <summary>A note on an event.</summary>
public sealed record NoteRow : IEventRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public string Title { get; init; } = "";
    public string Content { get; init; } = "";
    public string NoteType { get; init; } = "general";
    public string NoteFormat { get; init; } = "markdown";
    public long? AuthorId { get; init; }
    public long? PhaseId { get; init; }
    public long? TaskId { get; init; }
    public long? ArtifactId { get; init; }
    public long? PlaybookRunId { get; init; }
}

/// <summary>A comment on an event.</summary>
public sealed record CommentRow : IEventRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public required string Comment { get; init; }
    public long? AuthorId { get; init; }
    public long? PlaybookRunId { get; init; }
}

/// <summary>A fact pinned to the head of an event.</summary>
public sealed record PinRow : IEventRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public string? Name { get; init; }
    public string Message { get; init; } = "";
    public string Data { get; init; } = "";
    public string PinType { get; init; } = "data";
    public string PinStyle { get; init; } = "";
    public long? AuthorId { get; init; }
    public long? PlaybookId { get; init; }
    public long? PlaybookRunId { get; init; }
}

/// <summary>The outbox: new artifacts of a container that automation has not looked at.</summary>
public sealed record TriggerRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public required long ContainerId { get; init; }

    /// <summary>Who caused it: its runs act for this sender as the automation user.</summary>
    public required long UserId { get; init; }

    /// <summary>The container's artifact counter at the commit, set by the store.</summary>
    public long UpTo { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public bool Handled { get; init; }

    /// <summary>What happened: <c>artifact_created</c> or <c>container_resolved</c>.</summary>
    public string Kind { get; init; } = "artifact_created";

    /// <summary>Whether the indicators of it are made.</summary>
    public bool Indicated { get; init; }

    /// <summary>For an artifact that was changed: it, and no others, is looked at.</summary>
    public long? ArtifactId { get; init; }

    /// <summary>The trace of the alert, as W3C writes it; empty where nobody followed.</summary>
    public string Trace { get; init; } = "";
}

/// <summary>An answer already given to a request with an Idempotency-Key.</summary>
public sealed record RequestKeyRow : IRow
{
    public required long Id { get; init; }

    /// <summary>Caller and key; unique.</summary>
    public required string Key { get; init; }
    public required string Digest { get; init; }
    public required int Status { get; init; }
    public required string Answer { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
