using Vedette.Engine.Access;
using Vedette.Model;

namespace Vedette.Server.Rest.Resources;

/// <summary>One's own password; the only thing that somebody may do whose password others know.</summary>
internal sealed class PasswordResource(IAccess access) : IResource
{
    private static readonly Shape Body = new Shape("PasswordBody", "A new password of one's own.")
        .Needs("old_password", Kind.Text, "The password so far.")
        .Needs("new_password", Kind.Text, "The password from now on.");

    public IEnumerable<Route> Routes =>
    [
        Route.Post("password", "Change one's own password", Body, Change) with
        {
            Description = "For a person who is signed in with it; their sessions end.", Errors = [(400, "The new password is too easy to guess, or the old one."), (401, "The old password is wrong.")],
        },
    ];

    private async Task<RestAnswer> Change(RestCall call)
    {
        if (call.Caller.ByToken || call.Caller.Run is not null)
        {
            return RestAnswer.Failed(403, $"User \"{call.Caller.Username}\" does not have permission for this: only a person who is signed in with it has a password to change.");
        }

        var body = call.Body(Body);
        var (old, next) = (body.NeedText("old_password"), body.NeedText("new_password"));
        return await call.Work.Write(
            async unit => await access.ChangePassword(unit, call.Caller, new UserId(call.Caller.UserId), old, next, call.Ct),
            _ => RestAnswer.Ok(Wire.Success()),
            call.Ct);
    }
}
