using System.Text.Json.Nodes;
using Vedette.Engine.Access;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>system_settings/auth_settings</c>: what an administrator decides about signing in.</summary>
internal sealed class SettingsResource(IAccess access) : IResource
{
    private const string Readable = "token_readable_by_admin";

    private static readonly Shape Body = new Shape("AuthSettings", "How signing in is set up.")
        .With(Readable, Kind.Truth, "True: tokens made from now on are also kept sealed, and `GET ph_user/<id>/token` shows them to administrators. False: those kept are forgotten.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("system_settings/auth_settings", "Read how signing in is set up", Read) with { Needed = Permissions.EditSettings, Answers = Body },
        Route.Post("system_settings/auth_settings", "Change how signing in is set up", Body, Change) with { Needed = Permissions.EditSettings, Description = "By a person, not by a token." },
    ];

    private async Task<RestAnswer> Read(RestCall call) => RestAnswer.Ok(new JsonObject { [Readable] = await access.TokensReadable(call.Ct) });

    private Task<RestAnswer> Change(RestCall call)
    {
        var readable = call.Body(Body).Truth(Readable) ?? throw new BadRequestException($"{Readable} is missing: true or false.");
        return call.Work.Write(async unit => await access.MakeTokensReadable(unit, call.Caller, readable, call.Ct), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }
}
