namespace Vedette.Engine.Storage;

/// <summary>A playbook of a repository.</summary>
public sealed record PlaybookRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Name of the repository. Unique with <see cref="Name"/>.</summary>
    public required string Repository { get; init; }
    public required string Name { get; init; }
    public bool Active { get; init; }
    public bool Disabled { get; init; }
    public bool DraftMode { get; init; }

    /// <summary>Order among the active ones of one trigger: lower first, then id.</summary>
    public long Position { get; init; }
    [Json] public string Labels { get; init; } = "[]";
    [Json] public string Tags { get; init; } = "[]";
    public string Category { get; init; } = "";
    public string Description { get; init; } = "";
    public string PlaybookType { get; init; } = "automation";

    /// <summary>What starts it when it is active: <c>artifact_created</c> or <c>container_resolved</c>.</summary>
    public string Trigger { get; init; } = "artifact_created";
    [Json] public string InputSpec { get; init; } = "[]";
    [Json] public string OutputSpec { get; init; } = "[]";
    public string PythonVersion { get; init; } = "3";

    /// <summary>SHA-256 of the source, hex: the blob that holds it.</summary>
    public required string SourceHash { get; init; }
    [Json] public string Metadata { get; init; } = "{}";
    public bool PassedValidation { get; init; }

    /// <summary>Why it cannot run, with the line; empty when it can.</summary>
    public string ValidationMessage { get; init; } = "";
    public long? RunAsId { get; init; }
    public long? LatestEditorId { get; init; }

    /// <summary>Of the source in its repository.</summary>
    public string Path { get; init; } = "";

    /// <summary>The commit it was taken from; empty for one that no repository has.</summary>
    public string CommitId { get; init; } = "";

    /// <summary>The commit of a newer version that waits for somebody to take it; empty for none.</summary>
    public string Candidate { get; init; } = "";

    /// <summary>Why it waits.</summary>
    public string CandidateReason { get; init; } = "";

    /// <summary>The versions of the apps whose actions it asks for, as they were when it was activated: name to version.</summary>
    [Json] public string AppVersions { get; init; } = "{}";
}

/// <summary>One going of a playbook.</summary>
public sealed record PlaybookRunRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }

    /// <summary>Every turn builds on it: the commit of an owner that lost the run fails.</summary>
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public required long PlaybookId { get; init; }
    public required string PlaybookName { get; init; }
    public required string Repository { get; init; }
    public required string SourceHash { get; init; }

    /// <summary><c>pending</c>, <c>running</c>, <c>success</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>For a failed run: what, where, and what to do.</summary>
    public string Message { get; init; } = "";
    public long? TriggerId { get; init; }

    /// <summary>Order among the runs of one trigger.</summary>
    public long Position { get; init; }
    public long? ParentRunId { get; init; }

    /// <summary>For a run that another started: under which name, with which callback, handle and loop state.</summary>
    [Json] public string Asked { get; init; } = "{}";

    /// <summary>The effective user: what the run may do.</summary>
    public required long UserId { get; init; }

    /// <summary>Who or what started it.</summary>
    public long? OwnerId { get; init; }

    /// <summary><c>new</c>, <c>all</c>, or a JSON list of artifact ids.</summary>
    public string Scope { get; init; } = "new";

    /// <summary>For scope <c>new</c>: artifacts numbered above this, and up to <see cref="ScopeTo"/>.</summary>
    public long ScopeFrom { get; init; }
    public long ScopeTo { get; init; }
    [Json] public string Inputs { get; init; } = "{}";
    [Json] public string Outputs { get; init; } = "[]";

    /// <summary>Names of the actions, functions and playbooks that were delivered: an object of three lists.</summary>
    [Json] public string Completed { get; init; } = "{}";
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Turns committed.</summary>
    public long Turns { get; init; }

    /// <summary>Tries of the open turn that ended with the death of worker or server.</summary>
    public long Tries { get; init; }

    /// <summary>Asked for and not yet answered: actions, custom functions, children.</summary>
    public long Pending { get; init; }
    public bool Finishing { get; init; }
    public bool Discontinued { get; init; }
    public string WaitingFor { get; init; } = "";
    public DateTimeOffset? WaitingSince { get; init; }
    public long ActionLimit { get; init; } = 50;
    public long ActionsAsked { get; init; }

    /// <summary>Parameter sets on assets that the run asked for, and playbooks it started.</summary>
    public long TargetsAsked { get; init; }

    /// <summary>Of a run that no other started: what it and all below it have begun to write on other systems. Counted by the commits that start them.</summary>
    public long WritesStarted { get; init; }
    public bool Simulated { get; init; }

    /// <summary>The trace it belongs to, as W3C writes it; empty where nobody followed.</summary>
    public string Trace { get; init; } = "";
}

/// <summary>The inbox of a run: what happened to it, in the order of commit.</summary>
public sealed record MessageRow : IRow
{
    /// <summary>Set by the store in the commit: ascending.</summary>
    public long Id { get; init; }
    public required long RunId { get; init; }

    /// <summary>Unique with the run: appended once.</summary>
    public required string MessageId { get; init; }

    /// <summary><c>start</c>, <c>action</c>, <c>function</c>, <c>function_end</c>, <c>child</c>, <c>child_refused</c>.</summary>
    public required string Kind { get; init; }
    [Json] public string Payload { get; init; } = "{}";

    /// <summary>The turn that took it, 0 while it waits.</summary>
    public long TakenBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The record of a committed turn.</summary>
public sealed record TurnRow : IRow
{
    public required long Id { get; init; }
    public required long RunId { get; init; }
    public required long Number { get; init; }
    public required string MessageId { get; init; }
    public required string Function { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public required string Outcome { get; init; }

    /// <summary>Compressed JSON: function, source hash, engine version, seed, clock readings, calls in order, log.</summary>
    public required byte[] Record { get; init; }
}

/// <summary>What an open turn has committed in its middle: its calls and answers so far, given again when it runs again.</summary>
public sealed record OpenTurnRow : IRow
{
    public required long Id { get; init; }
    public required long RunId { get; init; }
    public required long Number { get; init; }
    public required byte[] Record { get; init; }
}

/// <summary>A value a run keeps between turns.</summary>
public sealed record RunValueRow : IRow
{
    public required long Id { get; init; }
    public required long RunId { get; init; }

    /// <summary><c>data</c>, <c>format</c>, <c>filter</c>, <c>completed</c> or <c>started</c>. Unique with run and name.</summary>
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string Value { get; init; }
}

/// <summary>A line a run wrote.</summary>
public sealed record RunLogRow : IRow
{
    public required long Id { get; init; }
    public required long RunId { get; init; }
    public required long ContainerId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>0 error, 1 debug, 2 information.</summary>
    public required int Level { get; init; }
    public required string Message { get; init; }
}

/// <summary>A value kept across runs (save_data).</summary>
public sealed record SavedValueRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }

    /// <summary>Unique with the tenant.</summary>
    public required string Key { get; init; }
    [Json] public required string Value { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>A value kept for an event, a playbook, or both (save_object).</summary>
public sealed record SavedObjectRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }

    /// <summary>Unique with tenant, event, playbook and repository.</summary>
    public required string Key { get; init; }

    /// <summary>0 for no event.</summary>
    public long ContainerId { get; init; }
    public string PlaybookName { get; init; } = "";
    public string Repository { get; init; } = "";
    [Json] public required string Value { get; init; }

    /// <summary>Goes when the event is resolved.</summary>
    public bool AutoDelete { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Bytes stored once by their SHA-256: sources.</summary>
public sealed record BlobRow : IRow
{
    public required long Id { get; init; }

    /// <summary>Hex, unique.</summary>
    public required string Hash { get; init; }

    /// <summary>Compressed.</summary>
    public required byte[] Content { get; init; }
    public long Length { get; init; }
    public bool Held { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
