using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Containers;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary>The words an event may have: severities, statuses, labels.</summary>
internal sealed class PickListResource(IStore store, IContainers containers, Records records) : IResource
{
    private static readonly Shape Options = new Shape("ContainerOptions", "All pick lists at once.")
        .Needs("label", Kind.Words, "Labels; for an intake token only its own.").Needs("status", Kind.Any, "Statuses.").Needs("severity", Kind.Any, "Severities.")
        .Needs("sensitivity", Kind.Words, "Sensitivities.").Needs("tags", Kind.Words, "Always empty.");

    private static readonly Shape NewSeverity = new Shape("SeverityBody", "A severity that events may have.")
        .Needs("name", Kind.Text, "1 to 20 letters, digits, `_` or `-`. It cannot be changed later.")
        .With("color", Kind.Text, "As in `#dc4e41`; grey unless said.")
        .With("order", Kind.Whole, "Its place, 0 for the highest; those from there on move down. The last unless said.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("severity", "List severities", RecordTypes.Severity, records),
        Route.Post("severity", "Add a severity", NewSeverity, Add) with
        {
            Needed = Permissions.EditSettings, Answers = Shapes.Written, Description = "At most ten. The name of one that was deleted brings it back.",
        },
        Route.Delete("severity/{id}", "Delete a severity", call => call.Work.Write(unit => containers.RemoveSeverity(unit, call.Caller, new SeverityId(call.Number)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Needed = Permissions.EditSettings, Description = "It is disabled: what has it keeps it. The default stays. By a person, not by a token.",
        },
        Route.One("severity/{id}", "Read a severity", RecordTypes.Severity, records),
        Route.List("container_status", "List statuses", RecordTypes.Status, records),
        Route.One("container_status/{id}", "Read a status", RecordTypes.Status, records),
        Route.Get("container_options", "Read all pick lists at once", All) with { Needed = Permissions.ViewPickLists, Answers = Options },
    ];

    private Task<RestAnswer> Add(RestCall call)
    {
        var body = call.Body(NewSeverity);
        var draft = new SeverityDraft(body.NeedText("name"), body.Text("color"), body.Whole("order"));
        return call.Work.Write(unit => containers.AddSeverity(unit, call.Caller, draft), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct);
    }

    private async Task<RestAnswer> All(RestCall call)
    {
        var mine = new Query { Where = Where.Is("TenantId", call.Caller.TenantId) };
        var context = new ReadContext(store, call, true);
        var labels = new JsonArray();
        foreach (var label in (await store.Select<LabelRow>(mine, call.Ct)).Where(label => call.Caller.OnlyLabels?.Contains(label.Name) != false))
        {
            labels.Add(label.Name);
        }

        var statuses = new JsonArray();
        foreach (var row in await store.Select<StatusRow>(mine with { Order = [("Position", false)] }, call.Ct))
        {
            statuses.Add(await Records.Show(RecordTypes.Status, row, context, []));
        }

        var severities = new JsonArray();
        foreach (var row in await store.Select<SeverityRow>(mine with { Order = [("Position", false)] }, call.Ct))
        {
            severities.Add(await Records.Show(RecordTypes.Severity, row, context, []));
        }

        return RestAnswer.Ok(new JsonObject
        {
            ["label"] = labels,
            ["status"] = statuses,
            ["severity"] = severities,
            ["sensitivity"] = new JsonArray("white", "green", "amber", "red"),
            ["tags"] = new JsonArray(),
        });
    }
}
