using Vedette.Model;

namespace Vedette.Engine.Storage;

/// <summary>One asking for an action.</summary>
public sealed record ActionRunRow : INounRow
{
    /// <summary>The <see cref="Type"/> of one that a person carries out: a prompt or a task.</summary>
    public const string OfAPerson = "person";

    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public long? ContainerId { get; init; }
    public long? PlaybookId { get; init; }
    public long? PlaybookRunId { get; init; }

    /// <summary>The run that caused it: the one that gets the answer, or one that asked at the server's own REST and gets none. Caps, stops and approvals look at this.</summary>
    public long? AskingRunId { get; init; }
    public required string Action { get; init; }
    public required string Name { get; init; }
    public string Type { get; init; } = "investigate";

    /// <summary><c>pending</c>, <c>running</c>, <c>success</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }
    public string Message { get; init; } = "";
    [Json] public string Targets { get; init; } = "[]";
    public string? Callback { get; init; }
    [Json] public string? Handle { get; init; }
    public string? LoopState { get; init; }
    public long? UserId { get; init; }
    public Channel Channel { get; init; }

    /// <summary>The request or turn that asked.</summary>
    public string CausedBy { get; init; } = "";
    public DateTimeOffset? StartAfter { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public bool Simulated { get; init; }
}

/// <summary>That asking carried out on one asset.</summary>
public sealed record AppRunRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ActionRunId { get; init; }
    public long? ContainerId { get; init; }
    public long? PlaybookRunId { get; init; }
    public required string Action { get; init; }
    public required long AppId { get; init; }
    public string AppName { get; init; } = "";
    public string AppVersion { get; init; } = "";
    public required long AssetId { get; init; }
    public long AssetVersion { get; init; }
    public long? UserId { get; init; }
    public required string Status { get; init; }
    public string Message { get; init; } = "";
    [Json] public string ResultSummary { get; init; } = "{}";
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }
    public bool Exception { get; init; }
}

/// <summary>One parameter set on one asset: what is journalled, retried and settled.</summary>
public sealed record ActionResultRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long AppRunId { get; init; }
    public required long ActionRunId { get; init; }
    public required long AssetId { get; init; }
    public long? ContainerId { get; init; }
    public required long Position { get; init; }
    public required ActionState State { get; init; }
    public required Reach Reach { get; init; }
    public required Settling Settling { get; init; }

    /// <summary>32 hex digits drawn when the asking was committed.</summary>
    public required string EffectKey { get; init; }
    public long Attempt { get; init; }

    /// <summary>With <c>context</c>, as asked.</summary>
    [Json] public required string Parameter { get; init; }

    /// <summary>What it acts on, in canonical form: app, asset, action and primary parameter.</summary>
    public string Target { get; init; } = "";

    /// <summary>What policy said and which rule.</summary>
    public string Decision { get; init; } = "";
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? SendBy { get; init; }
    public DateTimeOffset? AnsweredBy { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary><c>success</c> or <c>failed</c> once it ended.</summary>
    public string Status { get; init; } = "";
    public string Message { get; init; } = "";
    [Json] public string Summary { get; init; } = "{}";
    [Json] public string Data { get; init; } = "[]";
    /// <summary>How it is taken back: <c>{"action", "parameters", "left"}</c>; null where it cannot be.</summary>
    [Json] public string? StateBefore { get; init; }
    public long? UndoesId { get; init; }

    /// <summary>The newest try to take it back.</summary>
    public long? UndoneById { get; init; }
    public bool Simulated { get; init; }
}

/// <summary>That an action was started under a cap of the policy.</summary>
public sealed record CapUseRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }

    /// <summary>The name of the cap.</summary>
    public required string Cap { get; init; }

    /// <summary>What is counted together, such as <c>run 12</c>; empty for all.</summary>
    public required string Key { get; init; }

    /// <summary>In lower case; empty where the cap does not look at targets.</summary>
    public required string Target { get; init; }
    public required DateTimeOffset At { get; init; }
    public required long ActionRunId { get; init; }
}

/// <summary>An installed package.</summary>
public sealed record AppRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Lower case GUID, unique.</summary>
    public required string AppGuid { get; init; }
    public required string Name { get; init; }
    public required string AppVersion { get; init; }
    public required string ProductVendor { get; init; }
    public required string ProductName { get; init; }
    public string Publisher { get; init; } = "";
    public string Description { get; init; } = "";
    public string Type { get; init; } = "";
    public bool Disabled { get; init; }
    [Json] public required string Manifest { get; init; }
}

/// <summary>One configured instance of an app.</summary>
public sealed record AssetRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required string Name { get; init; }
    public required long AppId { get; init; }
    public string Description { get; init; } = "";
    public string ProductVendor { get; init; } = "";
    public string ProductName { get; init; } = "";
    public string Type { get; init; } = "";
    [Json] public string Tags { get; init; } = "[]";
    public bool Disabled { get; init; }

    /// <summary>Settings without secrets.</summary>
    [Json] public string Configuration { get; init; } = "{}";

    /// <summary>Field name to sealed secret: bound to this asset, the field and the address settings.</summary>
    [Json] public string Secrets { get; init; } = "{}";
    public long? Concurrency { get; init; }

    /// <summary>Steps and outcome of the last test.</summary>
    [Json] public string LastTest { get; init; } = "{}";
}
