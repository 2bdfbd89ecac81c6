using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Cases;
using Vedette.Engine.Containers;
using Vedette.Engine.Intake;
using Vedette.Engine.Storage;
using Vedette.Engine.Workbooks;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>container</c> and what hangs on one.</summary>
internal sealed class ContainerResource(IContainers containers, IIntake intake, ICases cases, IWorkbooks workbooks, AuditLists audit, Records records) : IResource
{
    private static readonly Shape Body = new Shape("ContainerBody", "An event or case. A record as GET shows it may be posted back: what is read only or unknown is ignored.")
        .With("id", Kind.Whole, "In a list: the event to change. Ignored in a single object.")
        .With("name", Kind.Text, "What people see. Needed for a new event.")
        .With("label", Kind.Text, "Decides which playbooks start. Must exist; without it the asset's or the user's default label is taken.")
        .With("description", Kind.Text, "Free text.")
        .With("container_type", Kind.Text, "`default` for an event, `case` after promotion.")
        .With("status", Kind.Text, "By name, see `container_status`. One of type `resolved` closes the event and starts the playbooks whose trigger is `container_resolved`.")
        .With("severity", Kind.Text, "By name, see `severity`.")
        .With("sensitivity", Kind.Text, "`white`, `green`, `amber` or `red`.")
        .With("source_data_identifier", Kind.Text, "The sender's own key: a second event with it is answered with `existing_container_id`.")
        .With("asset_id", Kind.Whole, "The asset it came by.", "asset")
        .With("ingest_app_id", Kind.Text, "The app it came by: number, GUID or name.", "ingest_app")
        .With("owner_id", Kind.Text, "Who works on it: number or username. Not together with a role.", "owner")
        .With("role_id", Kind.Text, "Which role works on it: number or name. Not together with an owner.", "role")
        .With("start_time", Kind.Time, "When it happened.")
        .With("end_time", Kind.Time, "When it ended.")
        .With("due_time", Kind.Time, "When it has to be handled.")
        .With("kill_chain", Kind.Text, "The phase of the kill chain.")
        .With("tags", Kind.Words, "Replaces all tags.")
        .With("data", Kind.Object, "The source's own record. Replaced as a whole.")
        .With("custom_fields", Kind.Object, "Merged into what is there.")
        .With("template_id", Kind.Text, "A workbook template, by number or name, for an event that becomes a case. Without it a new case gets the default one, if there is one.", "template")
        .With("current_phase", Kind.Text, "The phase that is worked on, by number or name. Of an existing event only.", "current_phase_id")
        .With("add_to_case", Kind.Truth, "True copies the event `container_id` into this case. Of an existing case only.")
        .With("container_id", Kind.Whole, "With `add_to_case`: the event to copy.")
        .With("copy_artifacts", Kind.Truth, "With `add_to_case`: its artifacts; true unless said otherwise.")
        .With("copy_files", Kind.Truth, "With `add_to_case`: its files; true unless said otherwise.")
        .With("copy_notes", Kind.Truth, "With `add_to_case`: its notes; false unless said otherwise.")
        .With("copy_comments", Kind.Truth, "With `add_to_case`: its comments; true unless said otherwise.")
        .With("run_automation", Kind.Truth, "True starts the active playbooks of the label, once, also without artifacts. New events only.")
        .ListOf("artifacts", ArtifactResource.Body, "Stored with the event. If neither they nor the event say `run_automation`, playbooks start once after the last. New events only.");

    private static readonly Shape New = new Shape("NewContainer", "The event is on disk; or, with `failed`, it was there already and its new artifacts were added.")
        .With("success", Kind.Truth, "True when the event is new.")
        .With("id", Kind.Whole, "Number of the new event.")
        .With("new_artifact_ids", Kind.Any, "Numbers of the artifacts that were stored.")
        .With("failed", Kind.Truth, "True when the key was known; the message then starts with `duplicate`.")
        .With("message", Kind.Text, "Why it failed.")
        .With("existing_container_id", Kind.Whole, "The event that has the key.")
        .With("artifacts", Kind.Any, "One answer per artifact, in order.")
        .With("grouped_into", Kind.Whole, "The open event that this alert repeats and that took its artifacts.");

    private static readonly Shape Ids = new Shape("ContainerIds", "Which events to delete.").With("ids", Kind.Any, "Numbers of events. May stand in the query instead: `?ids=[1,2]`.");

    private static readonly Shape Deleted = new Shape("DeletedContainers")
        .With("success", Kind.Truth, "True when all are deleted.")
        .With("failed", Kind.Truth, "True when at least one is not.")
        .With("message", Kind.Text, "Which are not, and why.")
        .With("ids", Kind.Any, "Numbers of the events that are deleted.");

    private static readonly (int, string)[] UnknownWord = [(400, "The label, status, severity, owner or another word is not known; the message names it."), (413, "A field, or the number of artifacts, is larger than allowed.")];

    public IEnumerable<Route> Routes =>
    [
        Route.List("container", "List events", RecordTypes.Container, records),
        Route.Post("container", "Send an alert: make an event", Body, call => Arrays.Each(call, Body, Post, (_, body, id, part) => Change(call, body, id, part))) with
        {
            Description = "The acknowledgement is given when event and artifacts are on disk. With an `Idempotency-Key` header the same request is answered the same again, also after a restart. An element of a list that carries an `id` changes that event instead.",
            Needed = Permissions.CreateEvents, TakesLists = true, Answers = New, Errors = UnknownWord,
        },
        Route.Delete("container", "Delete several events", DeleteMany) with
        {
            Description = "By a person, not by a token. Each event by itself: one that cannot be deleted does not keep the others.",
            Needed = Permissions.DeleteEvents, Takes = Ids, Answers = Deleted, Parameters = [("ids", "Numbers of events, as `[1,2]`.")], Errors = [(400, "No numbers were given.")],
        },
        Route.One("container/{id}", "Read an event", RecordTypes.Container, records),
        Route.Post("container/{id}", "Change an event", Body, call => Change(call, call.Body(Body), call.Number, 0)) with
        {
            Description = "Only the fields that are given change.", Needed = Permissions.EditEvents, Answers = Shapes.Written, Errors = UnknownWord,
        },
        Route.Delete("container/{id}", "Delete an event", call => Delete(call, call.Number)) with
        {
            Description = "With all that hangs on it; the audit trail stays. By a person, not by a token.",
            Needed = Permissions.DeleteEvents, Errors = [(409, "Playbooks or actions of it are still under way.")],
        },
        Below("artifacts", "List the artifacts of an event", RecordTypes.Artifact),
        Below("actions", "List the actions asked for on an event; of a case, also those of the events in it", RecordTypes.ActionRun, withMerged: true),
        Below("notes", "List the notes on an event; those of tasks are left out", RecordTypes.Note, !Where.Is("NoteType", "task")),
        Below("comments", "List the comments on an event", RecordTypes.Comment),
        Below("pins", "List what is pinned to an event", RecordTypes.Pin),
        Below("attachments", "List the files of an event", RecordTypes.Attachment),
        Below("phases", "List the phases of an event's workbook", RecordTypes.WorkbookPhase),
        Below("evidence", "List the evidence of an event", RecordTypes.Evidence),
        Below("playbook_runs", "List the runs on an event; of a case, also those of the events in it", RecordTypes.PlaybookRun, withMerged: true),
        audit.Of("container/{id}/audit", "Who did what to an event", "container"),
        Route.Get("container/{id}/{field}", "Read one field of an event", Field) with
        {
            Needed = Permissions.ViewEvents, Answers = new Shape("OneField", "An object with that field and no other."),
        },
    ];

    private Route Below<T>(string name, string summary, RecordType<T> type, Where? more = null, bool withMerged = false)
        where T : class, IRow => Route.Get($"container/{{id}}/{name}", summary, async call =>
            (await containers.Get(call.Caller, new ContainerId(call.Number))).Refusal is { } refusal
                ? RestAnswer.Of(refusal)
                : await records.List(call, type, (withMerged ? await OfAll(call) : Where.Is("ContainerId", call.Number)) & (more ?? Where.All))) with
        {
            Lists = type,
            Needed = type.Needed,
        };

    /// <summary>What hangs on the event or on one that was put into it.</summary>
    private async Task<Where> OfAll(RestCall call) =>
        Where.In("ContainerId", [.. (await cases.WithMerged(call.Caller, new ContainerId(call.Number))).Select(one => (object)one.Value)]);

    private async Task<RestAnswer> Field(RestCall call)
    {
        var whole = await records.One(call, RecordTypes.Container, call.Number);
        return whole.Status != 200 ? whole
            : whole.Body is JsonObject record && record.TryGetPropertyValue(call.Path[2], out var value)
                ? RestAnswer.Ok(new JsonObject { [call.Path[2]] = value?.DeepClone() })
                : RestAnswer.NotFound(call.Path[2]);
    }

    private Task<RestAnswer> Delete(RestCall call, long id) =>
        call.Work.Write(unit => containers.Delete(unit, call.Caller, new ContainerId(id)), _ => RestAnswer.Ok(Wire.Success()), call.Ct);

    private async Task<RestAnswer> DeleteMany(RestCall call)
    {
        var named = call.Param("ids") is { Length: > 0 } literal
            ? Literals.ReadList(literal)
            : call.Content.IsEmpty || call.Body(Ids).Value("ids") is not { } value ? [] : Literals.ReadList(value.GetRawText());
        var ids = named.Select(one => Coerce.Whole(one) ?? throw new BadRequestException("ids takes numbers of events.")).Distinct().ToList();
        if (ids.Count is 0 or > Arrays.Most)
        {
            throw new BadRequestException($"ids has {ids.Count} numbers of events; it takes 1 to {Arrays.Most}, in the body as {{\"ids\": [1, 2]}} or in the query as ids=[1,2].");
        }

        var deleted = new JsonArray();
        var not = new List<string>();
        foreach (var id in ids)
        {
            var answer = await Delete(call, id);
            if (answer.Status == 200)
            {
                deleted.Add(id);
            }
            else
            {
                not.Add($"{id}: {(string?)answer.Body?["message"]}");
            }
        }

        var body = not.Count == 0 ? Wire.Success() : Wire.Failed($"Not deleted: {string.Join(' ', not)}");
        body["ids"] = deleted;
        return RestAnswer.Ok(body);
    }

    private Task<RestAnswer> Post(RestCall call, Posted body, int part)
    {
        var draft = new ContainerDraft
        {
            Name = body.Text("name"),
            Label = body.Text("label"),
            Description = body.Text("description"),
            ContainerType = body.Text("container_type"),
            Status = body.Text("status"),
            Severity = body.Text("severity"),
            Sensitivity = body.Text("sensitivity"),
            SourceDataIdentifier = body.Text("source_data_identifier"),
            AssetId = body.Whole("asset_id", "asset"),
            IngestApp = body.Text("ingest_app_id", "ingest_app"),
            Owner = body.Text("owner_id", "owner"),
            Role = body.Text("role_id", "role"),
            StartTime = body.Time("start_time"),
            EndTime = body.Time("end_time"),
            DueTime = body.Time("due_time"),
            KillChain = body.Text("kill_chain"),
            Tags = body.Words("tags"),
            Data = body.Value("data"),
            CustomFields = body.Value("custom_fields"),
        };
        var artifacts = body.Each("artifacts", ArtifactResource.Draft);
        var template = body.Text("template_id", "template");
        return call.Work.Write(
            async unit =>
            {
                var posted = await intake.PostContainer(unit, call.Caller, draft, artifacts, body.Truth("run_automation"));
                return !posted.Refused && !posted.Value.Duplicate && draft.ContainerType == "case" && (await cases.Promote(unit, call.Caller, posted.Value.Id, template)).Refusal is { } refusal
                    ? refusal
                    : posted;
            },
            Posted,
            call.Ct,
            part);
    }

    private static RestAnswer Posted(PostedContainer posted)
    {
        var fresh = new JsonArray();
        var each = new JsonArray();
        foreach (var artifact in posted.Artifacts)
        {
            each.Add(ArtifactResource.Answer(artifact));
            if (!artifact.Refused && !artifact.Value.Existing)
            {
                fresh.Add(artifact.Value.Id.Value);
            }
        }

        var body = posted.Duplicate ? Wire.Failed($"duplicate with source_data_identifier {posted.SourceDataIdentifier}") : Wire.Success(posted.Id.Value);
        body[posted.Duplicate ? "existing_container_id" : "new_artifact_ids"] = posted.Duplicate ? posted.Id.Value : fresh;
        if (each.Count > 0)
        {
            body["artifacts"] = each;
        }

        if (posted.GroupedInto is { } into)
        {
            body["grouped_into"] = into.Value;
        }

        // 200 also for a duplicate: the SDK's client raises on 400 before it reads which container there is.
        return RestAnswer.Ok(body);
    }

    private Task<RestAnswer> Change(RestCall call, Posted body, long id, int part)
    {
        var change = new ContainerChange
        {
            Name = body.Text("name"),
            Label = body.Text("label"),
            Description = body.Text("description"),
            ContainerType = body.Text("container_type"),
            Status = body.Text("status"),
            Severity = body.Text("severity"),
            Sensitivity = body.Text("sensitivity"),
            SourceDataIdentifier = body.Text("source_data_identifier"),
            Owner = body.SetText("owner_id", "owner"),
            Role = body.SetText("role_id", "role"),
            StartTime = body.SetTime("start_time"),
            EndTime = body.SetTime("end_time"),
            DueTime = body.SetTime("due_time"),
            KillChain = body.SetText("kill_chain"),
            Tags = body.Words("tags"),
            Data = body.Value("data"),
            CustomFields = body.Value("custom_fields"),
        };
        return call.Work.Write(unit => Change(unit, call.Caller, new ContainerId(id), change, body), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct, part);
    }

    private async Task<Outcome<Done>> Change(Unit unit, Caller caller, ContainerId id, ContainerChange change, Posted body)
    {
        if (body.Truth("add_to_case") == true)
        {
            return await cases.Merge(unit, caller, new MergeRequest
            {
                Case = id,
                Container = new ContainerId(body.NeedWhole("container_id")),
                Artifacts = body.Truth("copy_artifacts") ?? true,
                Files = body.Truth("copy_files") ?? true,
                Notes = body.Truth("copy_notes") ?? false,
                Comments = body.Truth("copy_comments") ?? true,
            });
        }

        var template = body.Text("template_id", "template");
        if (template is not null && (await cases.Promote(unit, caller, id, template)).Refusal is { } no)
        {
            return no;
        }

        if (body.Text("current_phase", "current_phase_id") is { Length: > 0 } phase && (await workbooks.SetPhase(unit, caller, id, phase)).Refusal is { } unknown)
        {
            return unknown;
        }

        return await containers.Change(unit, caller, id, change);
    }
}
