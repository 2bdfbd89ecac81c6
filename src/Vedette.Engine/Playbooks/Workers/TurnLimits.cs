namespace Vedette.Engine.Playbooks.Workers;

/// <summary>How much one turn may take. Past the deadline or the memory the child is killed, past the rest the turn ends as a breach.</summary>
public sealed record TurnLimits
{
    public static TurnLimits Default { get; } = new();

    /// <summary>From the moment the turn is sent to the child until it has ended; the time of calls counts.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Address space of the child beyond what the interpreter itself has.</summary>
    public long MemoryBytes { get; init; } = 512L << 20;

    /// <summary>Calls and one-way messages together.</summary>
    public int MaxCalls { get; init; } = 10_000;

    public int MaxFrameBytes { get; init; } = 16 << 20;

    public int MaxDepth { get; init; } = 64;

    /// <summary>Values in one frame, and readings of the clock in a turn: each takes many times its own bytes once it is read.</summary>
    public int MaxValues { get; init; } = 1_000_000;

    /// <summary>An honest worker stops by itself and says so in the log; more than this and a little is a breach.</summary>
    public int MaxLogLines { get; init; } = 10_000;

    public long MaxLogBytes { get; init; } = 1 << 20;

    /// <summary>All that a child sends in a turn.</summary>
    public long MaxBytes { get; init; } = 64L << 20;
}
