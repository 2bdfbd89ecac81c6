using Vedette.Engine.Evidence;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class EvidenceResource(IEvidence evidence, Records records) : IResource
{
    private static readonly Shape Body = new Shape("EvidenceBody", "What counts as evidence of an event.")
        .Needs("container_id", Kind.Whole, "The event.", "container")
        .Needs("object_id", Kind.Whole, "Number of the object.")
        .Needs("content_type", Kind.Text, "What the object is: `containerattachment`, `artifact`, `actionrun`, `container` or `note`.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("evidence", "List evidence", RecordTypes.Evidence, records),
        Route.Post("evidence", "Mark something as evidence", Body, call => Arrays.Each(call, Body, Post)) with
        {
            Needed = Permissions.EditEvents, TakesLists = true, Answers = Shapes.Written, Errors = [(400, "It is marked already."), (404, "There is no such object.")],
        },
        Route.One("evidence/{id}", "Read a piece of evidence", RecordTypes.Evidence, records),
        Route.Delete("evidence/{id}", "Take the mark off", call => call.Work.Write(unit => evidence.Remove(unit, call.Caller, new EvidenceId(call.Number)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Description = "By a person, not by a token.", Needed = Permissions.EditEvents,
        },
    ];

    private Task<RestAnswer> Post(RestCall call, Posted body, int part)
    {
        var container = new ContainerId(body.NeedWhole("container_id", "container"));
        var (type, id) = (body.NeedText("content_type"), body.NeedWhole("object_id"));
        return call.Work.Write(unit => evidence.Add(unit, call.Caller, container, type, id), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct, part);
    }
}
