using System.Net;

namespace Vedette.Git;

/// <summary>What the host says about Git.</summary>
public sealed record GitOptions
{
    /// <summary>Holds a bare folder for each repository; made with mode 0700.</summary>
    public required string Folder { get; init; }

    public string Program { get; init; } = "/usr/bin/git";

    /// <summary>Folders on this machine under which repositories may lie; none by default.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>How long the other side has for one fetch or push.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Seconds in which less than a kilobyte a second came, after which the other side is given up.</summary>
    public int SlowFor { get; init; } = 30;

    /// <summary>The largest file, in bytes, that a fetch may write: what it brings is one.</summary>
    public long MostFetched { get; init; } = 1L << 30;

    /// <summary>Asks for the addresses of a name.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
