using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Containers;
using Vedette.Engine.Intake;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class ArtifactResource(IContainers containers, IIntake intake, Records records) : IResource
{
    private static readonly Shape New = new Shape("NewArtifact", "The artifact is on disk; or, with `failed`, the same sender had posted the same before.")
        .With("success", Kind.Truth, "True when the artifact is new.")
        .With("id", Kind.Whole, "Number of the new artifact.")
        .With("failed", Kind.Truth, "True when nothing was stored.")
        .With("message", Kind.Text, "Why it failed; `artifact already exists` when it was there.")
        .With("existing_artifact_id", Kind.Whole, "The artifact that was there.");

    private static readonly (int, string)[] Faults = [(400, "A field cannot be read, the severity is not known, or the artifact is there already (`existing_artifact_id`)."), (413, "A field is larger than allowed.")];

    public static Shape Body { get; } = new Shape("ArtifactBody", "A piece of evidence. A record as GET shows it may be posted back: what is read only or unknown is ignored.")
        .With("id", Kind.Whole, "In a list: the artifact to change. Ignored in a single object.")
        .With("container_id", Kind.Whole, "The event it belongs to. Needed, unless it stands inside its event.", "container")
        .With("name", Kind.Text, "What people see; `artifact` if nothing is said.")
        .With("label", Kind.Text, "Free text; `event` if nothing is said.")
        .With("severity", Kind.Text, "By name, see `severity`.")
        .With("type", Kind.Text, "Free text, such as `network`, `host` or `email`.")
        .With("source_data_identifier", Kind.Text, "The sender's own key. The same key with the same name, label, type and CEF fields is stored once per event.")
        .With("cef", Kind.Object, "The CEF fields, with any JSON values. Replaced as a whole.")
        .With("cef_types", Kind.Object, "For a CEF field a list of what it contains, beside what `cef_metadata` says. Replaced as a whole.")
        .With("data", Kind.Object, "The source's own record. Replaced as a whole.")
        .With("description", Kind.Text, "Free text.")
        .With("kill_chain", Kind.Text, "The phase of the kill chain.")
        .With("start_time", Kind.Time, "When it was seen first.")
        .With("end_time", Kind.Time, "When it was seen last.")
        .With("tags", Kind.Words, "Replaces all tags.")
        .With("owner_id", Kind.Text, "Number or username. New artifacts only.")
        .With("ingest_app_id", Kind.Text, "Number, GUID or name of the app. New artifacts only.", "ingest_app")
        .With("asset_id", Kind.Whole, "The asset it came by. New artifacts only.", "asset")
        .With("run_automation", Kind.Truth, "Whether playbooks start. True for a single artifact if nothing is said; in a batch say false on all but the last.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("artifact", "List artifacts", RecordTypes.Artifact, records),
        Route.Post("artifact", "Add an artifact to an event", Body, call => Arrays.Each(call, Body, Post, Change)) with
        {
            Description = "If the event repeats an open one, the artifact is stored there. An element of a list that carries an `id` changes that artifact instead.",
            Needed = Permissions.CreateEvents, TakesLists = true, Answers = New, Errors = Faults,
        },
        Route.One("artifact/{id}", "Read an artifact", RecordTypes.Artifact, records),
        Route.Post("artifact/{id}", "Change an artifact", Body, call => Change(call, call.Body(Body), call.Number, 0)) with
        {
            Description = "Only the fields that are given change. `run_automation` true starts the playbooks again.",
            Needed = Permissions.EditEvents, Answers = Shapes.Written, Errors = Faults,
        },
        Route.Delete("artifact/{id}", "Delete an artifact", call => call.Work.Write(unit => containers.DeleteArtifact(unit, call.Caller, new ArtifactId(call.Number)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)) with
        {
            Description = "By a person, not by a token.", Needed = Permissions.DeleteEvents,
        },
    ];

    public static ArtifactDraft Draft(Posted body) => new()
    {
        Container = new ContainerId(body.Whole("container_id", "container") ?? 0),
        Name = body.Text("name"),
        Label = body.Text("label"),
        Severity = body.Text("severity"),
        Type = body.Text("type"),
        SourceDataIdentifier = body.Text("source_data_identifier"),
        Cef = body.Value("cef"),
        CefTypes = body.Value("cef_types"),
        Data = body.Value("data"),
        Description = body.Text("description"),
        KillChain = body.Text("kill_chain"),
        StartTime = body.Time("start_time"),
        EndTime = body.Time("end_time"),
        Tags = body.Words("tags"),
        Owner = body.Text("owner_id"),
        IngestApp = body.Text("ingest_app_id", "ingest_app"),
        AssetId = body.Whole("asset_id", "asset"),
        RunAutomation = body.Truth("run_automation"),
    };

    public static JsonObject Answer(Outcome<PostedArtifact> posted)
    {
        if (posted.Refusal is { } refusal)
        {
            return Wire.Failed(refusal.Message);
        }

        if (!posted.Value.Existing)
        {
            return Wire.Success(posted.Value.Id.Value);
        }

        var body = Wire.Failed("artifact already exists");
        body["existing_artifact_id"] = posted.Value.Id.Value;
        return body;
    }

    private Task<RestAnswer> Post(RestCall call, Posted body, int part)
    {
        var draft = Draft(body);
        if (draft.Container.Value == 0)
        {
            throw new BadRequestException("container_id is missing.");
        }

        return call.Work.Write(
            unit => intake.PostArtifact(unit, call.Caller, draft, draft.RunAutomation ?? true),
            posted => new RestAnswer(posted.Existing ? 400 : 200, Answer(posted)),
            call.Ct,
            part);
    }

    private Task<RestAnswer> Change(RestCall call, Posted body, long id, int part)
    {
        var change = new ArtifactChange
        {
            Name = body.Text("name"),
            Label = body.Text("label"),
            Severity = body.Text("severity"),
            Type = body.SetText("type"),
            SourceDataIdentifier = body.Text("source_data_identifier"),
            Cef = body.Value("cef"),
            CefTypes = body.Value("cef_types"),
            Data = body.Value("data"),
            Description = body.SetText("description"),
            KillChain = body.SetText("kill_chain"),
            StartTime = body.SetTime("start_time"),
            EndTime = body.SetTime("end_time"),
            Tags = body.Words("tags"),
        };
        return call.Work.Write(
            async unit =>
            {
                var changed = await containers.ChangeArtifact(unit, call.Caller, new ArtifactId(id), change);
                if (changed.Refused || body.Truth("run_automation") != true)
                {
                    return changed;
                }

                var row = await call.Work.Store.Find<ArtifactRow>(id, call.Ct);
                return row is null ? changed : await intake.RunAutomation(unit, call.Caller, new ContainerId(row.ContainerId));
            },
            _ => RestAnswer.Ok(Wire.Success(id)),
            call.Ct,
            part);
    }
}
