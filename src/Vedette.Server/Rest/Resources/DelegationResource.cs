using Vedette.Engine.Access;
using Vedette.Engine.Approvals;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>delegation</c>: who answers what runs ask somebody else, and until when.</summary>
internal sealed class DelegationResource(IApprovals approvals, Records records) : IResource
{
    private static readonly Shape Body = new Shape("DelegationBody", "Somebody answers in place of the caller.")
        .Needs("to", Kind.Text, "Username of who answers.")
        .Needs("until", Kind.Time, "When it ends, at most 90 days ahead.")
        .With("reason", Kind.Text, "Why; it is in the audit trail.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("delegation", "List who answers for whom", RecordTypes.Delegation, records),
        Route.Post("delegation", "Have somebody else answer until a time", Body, Give) with
        {
            Needed = Permissions.ViewEvents, Answers = Shapes.Written,
            Description = "By a person, for themselves. What the caller has asked for is not approved in the caller's place.",
        },
        Route.Delete("delegation/{id}", "End a delegation before its time", End) with { Needed = Permissions.ViewEvents, Description = "By whom it is for, or who may edit users; by a person." },
    ];

    private Task<RestAnswer> Give(RestCall call)
    {
        var body = call.Body(Body);
        var until = body.Time("until") ?? throw new BadRequestException("until is missing: when it ends.");
        return call.Work.Write(unit => approvals.Delegate(unit, call.Caller, body.NeedText("to"), until, body.Text("reason") ?? ""), id => RestAnswer.Ok(Wire.Success(id.Value)), call.Ct);
    }

    private Task<RestAnswer> End(RestCall call) =>
        call.Work.Write(unit => approvals.EndDelegation(unit, call.Caller, new DelegationId(call.Number)), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
}
