using Vedette.Model;

namespace Vedette.Engine.Hall;

/// <summary>Who knocks at a door: every call has one, a run's too.</summary>
public sealed record Caller
{
    public required long UserId { get; init; }

    public required string Username { get; init; }

    public required Permissions May { get; init; }

    public required Channel Channel { get; init; }

    /// <summary>The request or turn that causes what is done, e.g. <c>request 0HN…</c> or <c>run 46 turn 3</c>.</summary>
    public string CausedBy { get; init; } = "";

    /// <summary>The address of the socket's other end; empty inside.</summary>
    public string Address { get; init; } = "";

    public long TenantId { get; init; }

    /// <summary>Authenticated by a token: may not delete, but custom lists.</summary>
    public bool ByToken { get; init; }

    /// <summary>For an intake token: the labels it may create events under; null for all.</summary>
    public IReadOnlySet<string>? OnlyLabels { get; init; }

    /// <summary>The run that acts, if one does: it may never decide about itself.</summary>
    public PlaybookRunId? Run { get; init; }

    public string? DefaultLabel { get; init; }

    /// <summary>Others know the password: nothing is allowed before it is changed.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>Who is written down as the author; null for the platform itself.</summary>
    public long? Author => UserId == 0 ? null : UserId;

    /// <summary>The seeded automation user, as in the field: runs that the platform starts act as it.</summary>
    public const long AutomationUserId = 2;

    /// <summary>The platform itself, at start and in its own housekeeping.</summary>
    public static Caller Platform { get; } = new()
    {
        UserId = 0,
        Username = "platform",
        May = Permissions.All,
        Channel = Channel.System,
    };

    /// <summary>Null when the caller may do this, else the refusal to answer with.</summary>
    public Refusal? Lacks(Permissions needed) => (May & needed) == needed
        ? null
        : MustChangePassword
            ? new Refusal(RefusalKind.Forbidden, "password_must_change", $"User \"{Username}\" has to change the first password before anything else: vedette password, or POST /rest/password with old_password and new_password.")
            : new Refusal(RefusalKind.Forbidden, "not_permitted", $"User \"{Username}\" does not have permission for this: {needed & ~May}.");

    /// <summary>As <see cref="Lacks"/>, for what takes a safeguard away: a token may be stolen, so a person has to sign in for it.</summary>
    public Refusal? LacksInPerson(Permissions needed) => Lacks(needed) ?? (ByToken
        ? new Refusal(RefusalKind.Forbidden, "person_needed", "This takes a safeguard away, so no token may do it; sign in as a person, with name and password.")
        : null);

    /// <summary>As <see cref="Lacks"/>, for what deletes: a token never may.</summary>
    public Refusal? LacksToDelete(Permissions needed) => Lacks(needed) ?? (ByToken
        ? new Refusal(RefusalKind.Forbidden, "token_deletes", "Who came by a token does not have permission to delete; sign in as a person.")
        : null);
}
