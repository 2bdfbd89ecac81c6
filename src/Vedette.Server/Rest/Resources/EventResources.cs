using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Containers;
using Vedette.Engine.Intake;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>container</c> and what hangs on one.</summary>
internal sealed class ContainerResource(IContainers containers, IIntake intake, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["container"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method switch
            {
                "POST" => await Arrays.Each(call, Post),
                "DELETE" => Resource.NotAllowed(call),
                _ => await records.List(call, RecordTypes.Container),
            };
        }

        if (RestCall.Id(call.Path[1]) is not { } id)
        {
            return RestAnswer.NotFound("container");
        }

        if (call.Path.Count > 2)
        {
            return await Below(call, id);
        }

        return call.Method switch
        {
            "POST" => await Change(call, call.Json().RequireObject(), id, 0),
            "DELETE" => await call.Work.Write(unit => containers.Delete(unit, call.Caller, new ContainerId(id)), _ => RestAnswer.Ok(Wire.Success()), call.Ct),
            _ => await records.One(call, RecordTypes.Container, id),
        };
    }

    private async Task<RestAnswer> Below(RestCall call, long id)
    {
        if (!call.IsGet || call.Path.Count > 3)
        {
            return Resource.NotAllowed(call);
        }

        if ((await containers.Get(call.Caller, new ContainerId(id))).Refusal is { } refusal)
        {
            return RestAnswer.Of(refusal);
        }

        var within = Where.Is("ContainerId", id);
        switch (call.Path[2])
        {
            case "artifacts":
                return await records.List(call, RecordTypes.Artifact, within);
            case "actions":
                return await records.List(call, RecordTypes.ActionRun, within);
            case "notes":
                return await records.List(call, RecordTypes.Note, within & !Where.Is("NoteType", "task"));
            case "comments":
                return await records.List(call, RecordTypes.Comment, within);
            case "pins":
                return await records.List(call, RecordTypes.Pin, within);
            case "playbook_runs":
                return await records.List(call, RecordTypes.PlaybookRun, within);
            case "audit":
                return await records.List(call, RecordTypes.Audit, within);
        }

        var whole = await records.One(call, RecordTypes.Container, id);
        return whole.Body is JsonObject record && record.TryGetPropertyValue(call.Path[2], out var value)
            ? RestAnswer.Ok(new JsonObject { [call.Path[2]] = value?.DeepClone() })
            : RestAnswer.NotFound(call.Path[2]);
    }

    private Task<RestAnswer> Post(RestCall call, JsonElement body, int part)
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
        var artifacts = body.Objects("artifacts").Select(Nested).ToList();
        return call.Work.Write(unit => intake.PostContainer(unit, call.Caller, draft, artifacts, body.Truth("run_automation")), Posted, call.Ct, part);
    }

    private static ArtifactDraft Nested(JsonElement artifact, int at)
    {
        try
        {
            return ArtifactResource.Draft(artifact);
        }
        catch (BadRequestException exception)
        {
            throw new BadRequestException($"artifacts[{at}]: {exception.Message}", exception);
        }
    }

    private static RestAnswer Posted(PostedContainer posted)
    {
        var fresh = new JsonArray();
        var each = new JsonArray();
        foreach (var artifact in posted.Artifacts)
        {
            each.Add(ArtifactResource.Posted(artifact));
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

    private Task<RestAnswer> Change(RestCall call, JsonElement body, long id, int part)
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
        return call.Work.Write(unit => containers.Change(unit, call.Caller, new ContainerId(id), change), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct, part);
    }
}

internal sealed class ArtifactResource(IContainers containers, IIntake intake, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["artifact"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method switch
            {
                "POST" => await Arrays.Each(call, Post),
                "DELETE" => Resource.NotAllowed(call),
                _ => await records.List(call, RecordTypes.Artifact),
            };
        }

        if (RestCall.Id(call.Path[1]) is not { } id || call.Path.Count > 2)
        {
            return RestAnswer.NotFound("artifact");
        }

        return call.Method switch
        {
            "POST" => await Change(call, call.Json().RequireObject(), id),
            "DELETE" => await call.Work.Write(unit => containers.DeleteArtifact(unit, call.Caller, new ArtifactId(id)), _ => RestAnswer.Ok(Wire.Success()), call.Ct),
            _ => await records.One(call, RecordTypes.Artifact, id),
        };
    }

    public static ArtifactDraft Draft(JsonElement body) => new()
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

    public static JsonObject Posted(Outcome<PostedArtifact> posted)
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

    private Task<RestAnswer> Post(RestCall call, JsonElement body, int part)
    {
        var draft = Draft(body);
        if (draft.Container.Value == 0)
        {
            throw new BadRequestException("container_id is missing.");
        }

        return call.Work.Write(
            unit => intake.PostArtifact(unit, call.Caller, draft, draft.RunAutomation ?? true),
            posted => new RestAnswer(posted.Existing ? 400 : 200, Posted(posted)),
            call.Ct,
            part);
    }

    private Task<RestAnswer> Change(RestCall call, JsonElement body, long id)
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
            call.Ct);
    }
}
