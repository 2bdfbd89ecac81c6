using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Model;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>second_factor</c>: codes that are asked for beside the password; and signing out everywhere.</summary>
internal sealed class SecondFactorResource(IAccess access) : IResource
{
    private static readonly Shape Key = new Shape("NewSecondFactor", "Shown once. It counts when a first code has confirmed it.")
        .Needs("secret", Kind.Text, "The key in Base32, to be typed into an authenticator app.").Needs("uri", Kind.Text, "The same for a picture that a device reads.");

    private static readonly Shape Code = new Shape("SecondFactorCode").Needs("code", Kind.Text, "Six digits, as the device shows them now.");

    public IEnumerable<Route> Routes =>
    [
        Route.Post("second_factor", "Begin a second factor of one's own", new Shape("Nothing"), Begin) with { Answers = Key, Description = "An empty object does. For a person who is signed in with a password.", Errors = [(409, "One is set up already.")] },
        Route.Post("second_factor/confirm", "Set the second factor up", Code, Confirm) with { Description = "From then on a code is needed beside the password: in the header `X-Second-Factor`, or in the field `code` of `/login`.", Errors = [(400, "The code is wrong.")] },
        Route.Post("second_factor/remove", "Remove the second factor of one's own", Code, Remove) with { Errors = [(400, "The code is wrong, or was used already.")] },
        Route.Delete("ph_user/{id}/second_factor", "Remove somebody's second factor", call => RemoveOf(call, call.Number, "")) with { Needed = Permissions.EditUsers, Description = "Where the device is lost. By a person." },
        Route.Delete("ph_user/{id}/sessions", "Sign a user out everywhere", SignOut) with { Description = "Oneself, or somebody else by who may edit users. Consoles that are open end with it." },
    ];

    private Task<RestAnswer> Begin(RestCall call) => call.Work.Write(
        async unit => await access.BeginSecondFactor(unit, call.Caller, call.Ct),
        key => RestAnswer.Ok(new JsonObject { ["success"] = true, ["secret"] = key.Secret, ["uri"] = key.Uri }) with { ShownOnce = true },
        call.Ct);

    private Task<RestAnswer> Confirm(RestCall call)
    {
        var code = call.Body(Code).Text("code") ?? "";
        return call.Work.Write(async unit => await access.ConfirmSecondFactor(unit, call.Caller, code, call.Ct), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }

    private Task<RestAnswer> Remove(RestCall call) => RemoveOf(call, call.Caller.UserId, call.Body(Code).Text("code") ?? "");

    private Task<RestAnswer> RemoveOf(RestCall call, long user, string code) =>
        call.Work.Write(async unit => await access.RemoveSecondFactor(unit, call.Caller, new UserId(user), code, call.Ct), _ => RestAnswer.Ok(Wire.Success()), call.Ct);

    private Task<RestAnswer> SignOut(RestCall call) =>
        call.Work.Write(async unit => await access.SignOutEverywhere(unit, call.Caller, new UserId(call.Number), call.Ct), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
}
