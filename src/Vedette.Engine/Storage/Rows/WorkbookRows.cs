namespace Vedette.Engine.Storage;

/// <summary>A procedure for cases: phases with tasks, to be copied onto an event.</summary>
public sealed record WorkbookTemplateRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Unique in a tenant.</summary>
    public required string Name { get; init; }
    public string Description { get; init; } = "";

    /// <summary>Taken where a case is made and none is named. One at most.</summary>
    public bool IsDefault { get; init; }
    public bool IsNoteRequired { get; init; }

    /// <summary><c>published</c> or <c>draft</c>.</summary>
    public string Status { get; init; } = "published";
    public long? CreatorId { get; init; }
}

public sealed record WorkbookPhaseTemplateRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long TemplateId { get; init; }
    public required string Name { get; init; }
    public required long Position { get; init; }
}

public sealed record WorkbookTaskTemplateRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long TemplateId { get; init; }
    public required long PhaseId { get; init; }
    public required string Name { get; init; }
    public required long Position { get; init; }
    public string Description { get; init; } = "";
    public long? OwnerId { get; init; }
    public long? RoleId { get; init; }

    /// <summary><c>actions[]</c> and <c>playbooks[]</c> with <c>scm</c> and <c>playbook</c>.</summary>
    [Json] public string Suggestions { get; init; } = "{}";
    public bool IsNoteRequired { get; init; }

    /// <summary>Minutes.</summary>
    public long? Sla { get; init; }
}

/// <summary>A phase of an event's workbook.</summary>
public sealed record WorkbookPhaseRow : IEventRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }

    /// <summary>The phase template it was copied from, if it was.</summary>
    public long? TemplateId { get; init; }
    public required string Name { get; init; }
    public required long Position { get; init; }

    /// <summary>When it became the current phase for the first time.</summary>
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>A task of a phase.</summary>
public sealed record WorkbookTaskRow : IEventRow
{
    public const long NotStarted = 0;
    public const long Complete = 1;
    public const long InProgress = 2;

    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public required long PhaseId { get; init; }
    public required string Name { get; init; }
    public required long Position { get; init; }
    public string Description { get; init; } = "";
    public long? OwnerId { get; init; }
    public long? RoleId { get; init; }
    [Json] public string Suggestions { get; init; } = "{}";

    /// <summary>0 not started, 2 in progress, 1 complete.</summary>
    public long Status { get; init; }
    public bool IsNoteRequired { get; init; }

    /// <summary>Minutes.</summary>
    public long? Sla { get; init; }
    public DateTimeOffset? StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
}
