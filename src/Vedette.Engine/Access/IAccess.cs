using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>
/// Who knocks, and what they may do. Credentials become a <see cref="Caller"/> here and nowhere else. What changes something writes into
/// the unit it is handed, with its audit row; who opened the unit commits it, and only then the change counts.
/// </summary>
/// <remarks>A <c>causedBy</c> is the request or turn; an <c>address</c> is the socket's other end, without port, never a forwarded header
/// that was not decided upon before.</remarks>
public interface IAccess
{
    /// <summary>Who a token stands for. Costs no password hash and, but once a minute for the time of last use, no write.</summary>
    ValueTask<Outcome<Caller>> ByToken(string token, string address, CancellationToken ct = default);

    /// <summary>
    /// Who a user name and a password stand for. An empty user means the password is a token; a Basic text without a colon is handed over
    /// as password with an empty user. Unknown user and wrong password are answered alike, and take alike. Where a second factor is set up
    /// its code is needed as well; it counts once, but the same credentials again from the same address count for some minutes.
    /// </summary>
    ValueTask<Outcome<Caller>> ByBasic(string user, string password, string address, string code = "", CancellationToken ct = default);

    /// <summary>Who a session cookie stands for. A changing request needs the CSRF token of the session as well.</summary>
    ValueTask<Outcome<Caller>> BySession(string cookie, string? csrf, bool changing, string address, CancellationToken ct = default);

    /// <summary>
    /// Who a run acts as: its user's rights without <see cref="Permissions.NeverForRuns"/>. A user that is gone or inactive is refused.
    /// </summary>
    ValueTask<Outcome<Caller>> ForRun(UserId user, PlaybookRunId run, string causedBy, CancellationToken ct = default);

    /// <summary>Opens a session for a person. The unit is to be committed whatever the answer: a failed attempt leaves its audit row too.</summary>
    ValueTask<Outcome<SignedIn>> SignIn(Unit unit, string user, string password, string address, string code = "", CancellationToken ct = default);

    /// <summary>Ends a session. An unknown cookie is no mistake.</summary>
    ValueTask<Outcome<Done>> SignOut(Unit unit, Caller caller, string cookie, CancellationToken ct = default);

    /// <summary>Ends all sessions of a user: one's own, or somebody else's by who may edit users.</summary>
    ValueTask<Outcome<Done>> SignOutEverywhere(Unit unit, Caller caller, UserId user, CancellationToken ct = default);

    /// <summary>Draws the key of a second factor for the caller. It is in this answer and nowhere else; it counts once it is confirmed.</summary>
    ValueTask<Outcome<NewSecondFactor>> BeginSecondFactor(Unit unit, Caller caller, CancellationToken ct = default);

    /// <summary>From now on a code is asked for beside the password.</summary>
    ValueTask<Outcome<Done>> ConfirmSecondFactor(Unit unit, Caller caller, string code, CancellationToken ct = default);

    /// <summary>One's own with a new code of it; somebody else's by who may edit users, who needs none.</summary>
    ValueTask<Outcome<Done>> RemoveSecondFactor(Unit unit, Caller caller, UserId user, string code, CancellationToken ct = default);

    ValueTask<Outcome<UserId>> CreateUser(Unit unit, Caller caller, UserDraft draft, CancellationToken ct = default);

    /// <summary>Changes what the draft names; the rest stays. Nobody grants rights they have not themselves.</summary>
    ValueTask<Outcome<Done>> ChangeUser(Unit unit, Caller caller, UserId user, UserDraft draft, CancellationToken ct = default);

    /// <summary>Ends a user's access: its sessions and tokens no longer count. Rows stay, for the record.</summary>
    ValueTask<Outcome<Done>> DeactivateUser(Unit unit, Caller caller, UserId user, CancellationToken ct = default);

    /// <summary>
    /// Sets a password and ends the user's sessions. One's own needs the old one; somebody else's needs <see cref="Permissions.EditUsers"/>
    /// and must be changed at the next sign-in.
    /// </summary>
    ValueTask<Outcome<Done>> ChangePassword(Unit unit, Caller caller, UserId user, string? oldPassword, string newPassword, CancellationToken ct = default);

    /// <summary>Makes a token for an automation user. The token itself is in this answer and nowhere else, ever.</summary>
    ValueTask<Outcome<NewToken>> AddToken(Unit unit, Caller caller, UserId user, TokenDraft draft, CancellationToken ct = default);

    /// <summary>Revokes the user's automation tokens and makes a new one.</summary>
    ValueTask<Outcome<NewToken>> RegenerateToken(Unit unit, Caller caller, UserId user, CancellationToken ct = default);

    /// <summary>
    /// Shows a token again, to a person, where an administrator has switched that on and the token was made since. Each showing leaves an
    /// audit row in the unit.
    /// </summary>
    ValueTask<Outcome<NewToken>> ReadToken(Unit unit, Caller caller, UserId user, CancellationToken ct = default);

    /// <summary>Whether new tokens are kept sealed so that they can be shown again. Off unless an administrator switched it on.</summary>
    ValueTask<bool> TokensReadable(CancellationToken ct = default);

    /// <summary>Switches that on or off; off forgets what was kept.</summary>
    ValueTask<Outcome<Done>> MakeTokensReadable(Unit unit, Caller caller, bool readable, CancellationToken ct = default);

    ValueTask<Outcome<Done>> RevokeToken(Unit unit, Caller caller, TokenId token, CancellationToken ct = default);

    /// <summary>
    /// On an empty store: roles, the users 1 <c>admin</c> and 2 <c>automation</c>, severities, statuses and the label <c>events</c>. On any
    /// other nothing.
    /// </summary>
    /// <param name="adminPassword">The administrator's password; null makes one up, which must be changed at the first sign-in.</param>
    /// <param name="automationToken">
    /// A token for user 2, usable from any address, as whoever hands one over knows where it goes. Null: user 2 has no token until an
    /// administrator makes one, and then it counts from loopback only, until <see cref="ChangeUser"/> names other addresses.
    /// </param>
    ValueTask<Outcome<FirstStart>> FirstStart(Unit unit, string? adminPassword, string? automationToken, CancellationToken ct = default);
}

/// <summary>A session that was opened: both values go to the browser and are stored as hashes only.</summary>
public sealed record SignedIn(Caller Caller, string Cookie, string Csrf, DateTimeOffset EndsAt, bool MustChangePassword)
{
    public override string ToString() => $"session of {Caller.Username}";
}

/// <summary>A second factor in its only showing.</summary>
/// <param name="Secret">Base32, to be typed.</param>
/// <param name="Uri">The same for a picture that a device reads.</param>
public sealed record NewSecondFactor(string Secret, string Uri)
{
    public override string ToString() => "second factor";
}

/// <summary>A token in its only showing.</summary>
public sealed record NewToken(TokenId Id, string Plain)
{
    public override string ToString() => $"token {Id.Value}";
}

/// <param name="Seeded">False when the store was in use already.</param>
/// <param name="MadeUpPassword">The administrator's first password, if none was given: to be shown once, on a terminal or in a 0600 file.</param>
public sealed record FirstStart(bool Seeded, string? MadeUpPassword)
{
    public override string ToString() => $"first start, seeded: {Seeded}";
}

/// <summary>What to write of a user; null leaves a field as it is, or at its default.</summary>
public sealed record UserDraft
{
    public string? Username { get; init; }

    /// <summary><c>normal</c> or <c>automation</c>; only when created.</summary>
    public string? Type { get; init; }

    /// <summary>For a normal user, only when created. None: nobody can sign in until one is set.</summary>
    public string? Password { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Title { get; init; }
    public string? TimeZone { get; init; }
    public bool? IsActive { get; init; }
    public IReadOnlyList<string>? AllowedIps { get; init; }
    public string? DefaultLabel { get; init; }

    /// <summary>Names of roles.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Roles beside those that stay.</summary>
    public IReadOnlyList<string>? AddRoles { get; init; }

    public IReadOnlyList<string>? RemoveRoles { get; init; }

    public override string ToString() => $"draft of user {Username}";
}

/// <summary>What a new token is to be.</summary>
public sealed record TokenDraft
{
    public string Name { get; init; } = "";

    /// <summary><c>automation</c>, or <c>intake</c>: creates events under its labels, reads pick lists, nothing else.</summary>
    public string Kind { get; init; } = "automation";

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Addresses and ranges beside the user's own list, both of which must hold; empty: only the user's counts.</summary>
    public IReadOnlyList<string> AllowedIps { get; init; } = [];

    public DateTimeOffset? EndsAt { get; init; }
}
