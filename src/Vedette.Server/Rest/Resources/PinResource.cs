using Vedette.Engine.Access;
using Vedette.Engine.Notes;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class PinResource(INotes notes, Records records) : IResource
{
    private static readonly Shape Body = new Shape("PinBody", "A fact at the head of an event.")
        .With("id", Kind.Whole, "In a list: the pin to change. Ignored in a single object.")
        .With("container_id", Kind.Whole, "The event. Needed for a new pin.", "container")
        .With("name", Kind.Text, "A name to find it by. New pins only.")
        .With("message", Kind.Text, "What it says.")
        .With("data", Kind.Text, "The value that is pinned.")
        .With("pin_type", Kind.Text, "`data`, `card_small`, `card_medium` or `card_large`.")
        .With("pin_style", Kind.Text, "Empty, `white`, `purple` or `red`.")
        .With("playbook_id", Kind.Whole, "The playbook it comes from. New pins only.", "playbook");

    public IEnumerable<Route> Routes =>
    [
        Route.List("container_pin", "List pins", RecordTypes.Pin, records),
        Route.Post("container_pin", "Pin a fact to an event", Body, call => Arrays.Each(call, Body, Post, Change)) with { Needed = Permissions.EditEvents, TakesLists = true, Answers = Shapes.Written },
        Route.One("container_pin/{id}", "Read a pin", RecordTypes.Pin, records),
        Route.Post("container_pin/{id}", "Change a pin", Body, call => Change(call, call.Body(Body), call.Number, 0)) with { Needed = Permissions.EditEvents, Answers = Shapes.Written },
        Route.Delete("container_pin/{id}", "Take a pin off", call => call.Work.Write(unit => notes.DeletePin(unit, call.Caller, new PinId(call.Number)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Description = "By a person, not by a token.", Needed = Permissions.EditEvents,
        },
    ];

    private Task<RestAnswer> Change(RestCall call, Posted body, long id, int part)
    {
        var change = new PinChange(body.Text("message"), body.Text("data"), body.Text("pin_type"), body.Text("pin_style"));
        return call.Work.Write(unit => notes.ChangePin(unit, call.Caller, new PinId(id), change), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct, part);
    }

    private Task<RestAnswer> Post(RestCall call, Posted body, int part)
    {
        var draft = new PinDraft
        {
            Container = new ContainerId(body.NeedWhole("container_id", "container")),
            Name = body.Text("name"),
            Message = body.Text("message") ?? "",
            Data = body.Text("data") ?? "",
            PinType = body.Text("pin_type") ?? "data",
            PinStyle = body.Text("pin_style") ?? "",
            Playbook = body.Whole("playbook_id", "playbook") is { } playbook ? new PlaybookId(playbook) : null,
        };
        return call.Work.Write(unit => notes.AddPin(unit, call.Caller, draft), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct, part);
    }
}
