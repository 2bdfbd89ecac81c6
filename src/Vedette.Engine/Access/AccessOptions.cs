namespace Vedette.Engine.Access;

/// <summary>How access is kept. The host may set other values; the defaults hold for a server on one machine.</summary>
public sealed class AccessOptions
{
    /// <summary>Rounds of PBKDF2 for new passwords. Default 600,000; old hashes keep the number they were made with.</summary>
    public int PasswordRounds { get; set; } = 600_000;

    /// <summary>Password hashes computed at once, so that a flood of attempts leaves the other cores to intake. Default: half the cores.</summary>
    public int HashesAtOnce { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Attempts that may wait for a hash; more are sent away. Default 16.</summary>
    public int HashesWaiting { get; set; } = 16;

    /// <summary>Attempts on one account before it is slowed. Default 5; counted anew after a success.</summary>
    public int FreeAttempts { get; set; } = 5;

    /// <summary>Attempts from one address before it is slowed. Default 20; many people may share an address.</summary>
    public int FreeAttemptsOfSource { get; set; } = 20;

    /// <summary>The longest wait between attempts, reached by doubling from one second. Default 30 seconds.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a verified Basic password counts without another hash, from the same address. Default 5 minutes.</summary>
    public TimeSpan BasicKept { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a session lasts. Default 12 hours.</summary>
    public TimeSpan SessionLasts { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How old what we know of users, tokens and sessions may be if another node changed it. Default 5 seconds.</summary>
    public TimeSpan KnownFor { get; set; } = TimeSpan.FromSeconds(5);
}
