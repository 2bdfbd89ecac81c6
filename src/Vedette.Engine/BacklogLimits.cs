namespace Vedette.Engine;

/// <summary>From where on senders of alerts are told to come again: what was accepted is worked off first, and there is room to write it.</summary>
public sealed record BacklogLimits
{
    /// <summary>Alerts whose playbooks have not been looked for or have not started; 0 for no limit.</summary>
    public long MostWaiting { get; init; } = 1_000_000;

    /// <summary>Bytes.</summary>
    public long LeastDiskFree { get; init; } = 64L << 20;

    /// <summary>How much may still be written, in bytes; the host knows.</summary>
    public Func<long> DiskFree { get; init; } = () => long.MaxValue;
}
