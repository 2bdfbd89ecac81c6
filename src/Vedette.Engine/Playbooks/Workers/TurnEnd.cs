namespace Vedette.Engine.Playbooks.Workers;

/// <summary>How a turn ended.</summary>
public abstract record TurnEnd
{
    private TurnEnd() { }

    /// <summary>The function returned; <paramref name="Value"/> is JSON, <c>null</c> unless it was a custom function.</summary>
    public sealed record Returned(ReadOnlyMemory<byte> Value) : TurnEnd;

    /// <summary>The function raised; <paramref name="Line"/> is the playbook's own, 0 when none of its lines took part.</summary>
    public sealed record Raised(string Type, string Message, string Traceback, int Line) : TurnEnd;

    /// <summary>The turn came to no end of its own; <paramref name="Sentence"/> says why, for the person who reads the run.</summary>
    public sealed record Lost(LossKind Kind, string Sentence) : TurnEnd;
}

/// <summary>Where a turn was lost.</summary>
public enum LossKind
{
    /// <summary>The child ended in the middle of it.</summary>
    Died = 1,

    /// <summary>It took longer than its deadline.</summary>
    Deadline = 2,

    /// <summary>It needed more memory than it may.</summary>
    Memory = 3,

    /// <summary>The child sent what no honest one sends, or more than a turn may.</summary>
    Breach = 4,

    /// <summary>The caller cancelled.</summary>
    Cancelled = 5,

    /// <summary>No child could be had, or the sandbox does not hold.</summary>
    NotStarted = 6,
}
