namespace Vedette.Engine.Storage;

/// <summary>A question of a run to a person; its answer is the result of an action run, or lets one leave.</summary>
public sealed record PromptRow : IEventRow
{
    /// <summary>The <see cref="Kind"/> of one about an action that has not left.</summary>
    public const string OfAnAction = "action";

    public required long Id { get; init; }
    public long TenantId { get; init; }

    /// <summary>What an answer builds on: of two, the first to commit counts.</summary>
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public required long ActionRunId { get; init; }
    /// <summary>0 where a person asked for the action.</summary>
    public required long PlaybookRunId { get; init; }

    /// <summary><c>prompt</c>, <c>task</c> or <see cref="OfAnAction"/>.</summary>
    public required string Kind { get; init; }
    public required string Name { get; init; }

    /// <summary>Who may answer: this user, or whoever has <see cref="RoleId"/>.</summary>
    public long? UserId { get; init; }
    public long? RoleId { get; init; }

    /// <summary>Where several may answer, all of them: a list of <c>{"user": id}</c> and <c>{"role": id}</c>.</summary>
    [Json] public string Reviewers { get; init; } = "[]";
    public string Message { get; init; } = "";

    /// <summary>A list of <c>{"prompt", "options"}</c>; empty when it only has to be acknowledged.</summary>
    [Json] public string Questions { get; init; } = "[]";

    /// <summary>Of an action, who has to approve it, all of these: a list of <c>{"rule", "persons", "who": [{"user": id}, {"role": id}]}</c>.</summary>
    [Json] public string Requirements { get; init; } = "[]";

    /// <summary>Who has approved it so far: a list of <c>{"user": id, "counts": [place among requirements], "message", "at"}</c>.</summary>
    [Json] public string Approvals { get; init; } = "[]";

    /// <summary>When <see cref="EscalateTo"/> are asked as well; null for never, or once they are.</summary>
    public DateTimeOffset? EscalateAt { get; init; }

    /// <summary>A list of <c>{"user": id}</c> and <c>{"role": id}</c>.</summary>
    [Json] public string EscalateTo { get; init; } = "[]";

    /// <summary>Of an action, what leaves: a list of <c>{"action", "asset", "app", "parameters", "reach"}</c>.</summary>
    [Json] public string Targets { get; init; } = "[]";

    /// <summary><c>pending</c>, <c>approved</c> (answered), <c>denied</c>, <c>expired</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary>When silence ends it; null for never.</summary>
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public long? AnsweredBy { get; init; }
    [Json] public string Responses { get; init; } = "[]";
}
