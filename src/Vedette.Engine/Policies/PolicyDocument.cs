using Vedette.Model;

namespace Vedette.Engine.Policies;

/// <summary>How far automation goes by itself, from the freest to the strictest: of several that apply the last counts.</summary>
internal enum Level
{
    /// <summary>All, within caps.</summary>
    Full,

    /// <summary>What reads, records or changes; what destroys asks.</summary>
    Guarded,

    /// <summary>What reads or records; the rest asks.</summary>
    Assist,

    /// <summary>What reads; of the rest is recorded what would have been done.</summary>
    Observe,
}

/// <summary>The policy as it was written down.</summary>
internal sealed record PolicyDocument
{
    /// <summary>Of the installation; null: what no rule allows is refused, unless it reads or records.</summary>
    public Level? Level { get; init; }

    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Who is asked where a level asks and no rule says whom; none: the administrators.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    public IReadOnlyList<ReachRule> Reach { get; init; } = [];

    public IReadOnlyList<PolicyRule> Rules { get; init; } = [];

    public IReadOnlyList<PolicyCap> Caps { get; init; } = [];
}

/// <summary>Takes an action for one that reaches further than its app says.</summary>
internal sealed record ReachRule(string? App, string Action, Reach Reach);

/// <summary>One rule: what it is about, and what it says: a level, that people are asked, or never.</summary>
internal sealed record PolicyRule(string Name, When When)
{
    public Level? Level { get; init; }

    public bool Never { get; init; }

    public AskRule? Ask { get; init; }
}

internal sealed record AskRule(IReadOnlyList<string> Approvers, int Persons, TimeSpan? Within, Escalation? Escalation);

/// <summary>At most so many, of what it is about.</summary>
internal sealed record PolicyCap(string Name, When When, long Most)
{
    /// <summary>Different targets count, not actions.</summary>
    public bool OfTargets { get; init; }

    public CapPer Per { get; init; }

    /// <summary>Within any such time; null only per run.</summary>
    public TimeSpan? Within { get; init; }
}

internal enum CapPer
{
    All,
    Run,
    Target,
    Asset,
}
