using Vedette.Model;

namespace Vedette.Engine.Access;

/// <summary>The refusals of this room; the first three in the field's words, which clients compare.</summary>
internal static class No
{
    public static Refusal Token { get; } = new(RefusalKind.Unauthenticated, "invalid_token", "Invalid automation token");

    public static Refusal Credentials { get; } = new(RefusalKind.Unauthenticated, "no_credentials", "No supported auth information provided in request");

    public static Refusal Inactive { get; } = new(RefusalKind.Unauthenticated, "inactive_user", "User is inactive");

    public static Refusal Password { get; } = new(RefusalKind.Unauthenticated, "wrong_password", "Invalid username or password");

    /// <summary>Said only to who has brought the right password.</summary>
    public static Refusal SecondFactor { get; } = new(RefusalKind.Unauthenticated, "second_factor_needed", "A code of the second factor is needed beside the password: in the header X-Second-Factor, or in the field code of the sign-in form.");

    public static Refusal Code { get; } = new(RefusalKind.Unauthenticated, "wrong_code", "The code is wrong, or was used already: take the next one.");

    public static Refusal Session { get; } = new(RefusalKind.Unauthenticated, "no_session", "The session has ended: sign in again.");

    public static Refusal Csrf { get; } = new(RefusalKind.Forbidden, "csrf", "The request does not carry the CSRF token of its session: reload the page.");

    public static Refusal Busy { get; } = new(RefusalKind.Unavailable, "too_many_sign_ins", "Too many sign-ins at once: try again in a few seconds.");

    public static Refusal Slow(TimeSpan wait) =>
        new(RefusalKind.Unavailable, "slowed", $"Too many attempts: try again in {Math.Ceiling(wait.TotalSeconds):0} seconds.");

    public static Refusal User { get; } = new(RefusalKind.NotFound, "unknown_user", "ph_user item not found");

    public static Refusal Deletes(Caller caller) =>
        new(RefusalKind.Forbidden, "token_may_not_delete", $"User \"{caller.Username}\" does not have permission for this: a token may not delete.");

    public static Refusal Raises(Caller caller, Permissions lacking) =>
        new(RefusalKind.Forbidden, "raises_rights", $"User \"{caller.Username}\" does not have permission for this: it gives or takes rights beyond their own ({lacking}).");

    public static Refusal Invalid(string code, string message) => new(RefusalKind.Invalid, code, message);
}
