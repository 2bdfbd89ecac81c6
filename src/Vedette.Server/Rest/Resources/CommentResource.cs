using Vedette.Engine.Access;
using Vedette.Engine.Notes;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class CommentResource(INotes notes, Records records) : IResource
{
    private static readonly Shape Body = new Shape("CommentBody", "A comment on an event; it stays as it is.")
        .Needs("container_id", Kind.Whole, "The event.", "container")
        .With("comment", Kind.Text, "The text.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("container_comment", "List comments", RecordTypes.Comment, records),
        Route.Post("container_comment", "Comment on an event", Body, call => Arrays.Each(call, Body, Post)) with { Needed = Permissions.EditEvents, TakesLists = true, Answers = Shapes.Written },
        Route.One("container_comment/{id}", "Read a comment", RecordTypes.Comment, records),
    ];

    private Task<RestAnswer> Post(RestCall call, Posted body, int part)
    {
        var container = new ContainerId(body.NeedWhole("container_id", "container"));
        return call.Work.Write(unit => notes.AddComment(unit, call.Caller, container, body.Text("comment") ?? ""), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct, part);
    }
}
