using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Vedette.Engine.Access;

namespace Vedette.Console.SignIn;

/// <summary>Who sits before a page. Asked anew at every act: what somebody may is what they may now, not when the page was opened.</summary>
internal sealed class Seat(IAccess access, AuthenticationStateProvider connection)
{
    public const string SessionCookie = "sessionid";

    private const string CookieClaim = "session";
    private const string AddressClaim = "address";

    /// <summary>Raised once when the right to sit here has ended or changed.</summary>
    public event Action? Ended;

    /// <summary>Null until the circuit runs, and for a page that is drawn before it.</summary>
    public string? CircuitId { get; set; }

    public bool IsOver { get; private set; }

    public static ClaimsPrincipal PrincipalOf(Caller caller, string cookie, string address) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, caller.Username), new Claim(CookieClaim, cookie), new Claim(AddressClaim, address)], "session"));

    public async ValueTask<Outcome<Caller>> Who(CancellationToken ct = default)
    {
        if (IsOver)
        {
            return new Refusal(RefusalKind.Unauthenticated, "seat_over", "You were signed out, or what you may do has changed: reload the page.");
        }

        var user = (await connection.GetAuthenticationStateAsync()).User;
        var outcome = await access.BySession(user.FindFirstValue(CookieClaim) ?? "", null, false, user.FindFirstValue(AddressClaim) ?? "", ct);
        return outcome.Ok(out var caller, out var refusal) ? caller with { CausedBy = $"console {CircuitId ?? "page"}" } : refusal;
    }

    public async ValueTask<string> Cookie() => (await connection.GetAuthenticationStateAsync()).User.FindFirstValue(CookieClaim) ?? "";

    public void End()
    {
        IsOver = true;
        Ended?.Invoke();
    }
}
