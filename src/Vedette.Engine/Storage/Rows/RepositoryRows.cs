using Vedette.Model;

namespace Vedette.Engine.Storage;

/// <summary>A Git repository of playbooks. What it holds lies in a folder; which commit counts is said here.</summary>
public sealed record RepositoryRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }

    /// <summary>Who moves <see cref="Head"/> builds on it: of two who save at once, one comes again.</summary>
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Unique, and stays: playbooks are named by it.</summary>
    public required string Name { get; init; }

    /// <summary>The other side; empty where there is none.</summary>
    public string Uri { get; init; } = "";
    public string Branch { get; init; } = "main";
    public string Username { get; init; } = "";

    /// <summary>Sealed for this repository, address and user name: a token, a password, or a private key. Empty for none.</summary>
    public string Secret { get; init; } = "";

    /// <summary>For ssh: the only key that the other side may show.</summary>
    public string HostKey { get; init; } = "";

    /// <summary>Nobody saves into it; it changes by pulls alone.</summary>
    public bool ReadOnly { get; init; }
    public bool Disabled { get; init; }

    /// <summary>A pull also changes what is live, where the new version reaches no further.</summary>
    public bool Follow { get; init; }

    /// <summary>The furthest that actions of its playbooks may reach.</summary>
    public Reach MostReach { get; init; } = Reach.Destroys;

    /// <summary>How often it is pulled by itself; 0 for never.</summary>
    public long EveryMinutes { get; init; }

    /// <summary>The commit that counts here; empty before the first.</summary>
    public string Head { get; init; } = "";

    /// <summary>Where the branch of the other side was when it was last seen.</summary>
    public string RemoteHead { get; init; } = "";

    /// <summary><c>new</c>, <c>ready</c>, <c>failed</c>, or <c>diverged</c>: both sides have commits that the other has not.</summary>
    public string Status { get; init; } = "new";

    /// <summary>What went wrong last, or is to be known.</summary>
    public string Message { get; init; } = "";

    /// <summary>What was left out of the last commit taken in, a sentence each.</summary>
    [Json] public string Notes { get; init; } = "[]";
    public DateTimeOffset? PulledAt { get; init; }
}

/// <summary>A version of a playbook that came into force: what rolling back goes back to.</summary>
public sealed record PlaybookVersionRow : IRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public required long PlaybookId { get; init; }
    public required string CommitId { get; init; }
    public required string Path { get; init; }
    public required string SourceHash { get; init; }
    [Json] public required string Metadata { get; init; }
    public long? UserId { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
