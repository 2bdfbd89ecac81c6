using Vedette.Engine.Access;
using Vedette.Model;

namespace Vedette.Server.Rest.Resources;

/// <summary>One's own password; the only thing that somebody may do whose password others know.</summary>
internal sealed class PasswordResource(IAccess access) : IResource
{
    public IReadOnlyList<string> Names => ["password"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Method != "POST" || call.Path.Count > 1)
        {
            return Resource.NotAllowed(call);
        }

        if (call.Caller.ByToken || call.Caller.Run is not null)
        {
            return RestAnswer.Failed(403, "Only a person who is signed in with it has a password to change.");
        }

        var body = call.Json().RequireObject();
        var old = body.Text("old_password") ?? throw new BadRequestException("old_password is missing.");
        var next = body.Text("new_password") ?? throw new BadRequestException("new_password is missing.");
        return await call.Work.Write(
            async unit => await access.ChangePassword(unit, call.Caller, new UserId(call.Caller.UserId), old, next, call.Ct),
            _ => RestAnswer.Ok(Wire.Success()),
            call.Ct);
    }
}
