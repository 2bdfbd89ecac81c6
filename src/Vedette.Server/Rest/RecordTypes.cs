using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest;

/// <summary>What each type of record shows. Secrets, hashes of credentials and sealed settings have no field: they cannot be asked about either.</summary>
internal static class RecordTypes
{
    public static RecordType<ContainerRow> Container { get; } = new RecordType<ContainerRow>("container", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) =>
        {
            record["tenant"] = row.TenantId;
            record["external_id"] = null;
            record["owner_name"] = row.OwnerId is { } owner ? (await context.Store.Find<UserRow>(owner, context.Ct))?.Username : null;
            if (context.Pretty)
            {
                record["_pretty_owner"] = record["owner_name"]?.DeepClone() ?? "";
                record["_pretty_asset"] = row.AssetId == 0 ? "" : (await context.Store.Find<AssetRow>(row.AssetId, context.Ct))?.Name ?? "";
                record["_pretty_tenant"] = "_default_";
                record["_pretty_create_time"] = Wire.Time(row.CreatedAt);
            }
        },
    }
        .With("id", "version", "name", "label", "description", "container_type").Word("status", "container_status").Word("severity", "severity").With("sensitivity", "source_data_identifier", "hash")
        .As("asset", "AssetId", "asset").As("ingest_app", "IngestAppId", "app").As("owner", "OwnerId", "ph_user").As("role", "RoleId", "role")
        .As("create_time", "CreatedAt").With("start_time", "end_time", "open_time", "due_time", "close_time").As("closing_owner", "ClosingOwnerId", "ph_user")
        .As("closing_rule_run", "ClosingRunId", "playbook_run").As("container_update_time", "UpdatedAt").With("artifact_count", "artifact_update_time", "kill_chain", "tags", "data", "custom_fields", "in_case")
        .As("parent_container", "ParentContainerId", "container").As("grouped_into", "GroupedIntoId", "container").As("current_phase", "CurrentPhaseId", "workbook_phase").With("workflow_name", "alert_count").As("first_seen", "FirstSeenAt").As("last_seen", "LastSeenAt")
        .And("tenant", Kind.Whole, "Always 0.").And("external_id", Kind.Text, "Always null.")
        .And("owner_name", Kind.Text, "Username of the owner, or null.");

    public static RecordType<ArtifactRow> Artifact { get; } = new RecordType<ArtifactRow>("artifact", Permissions.ViewEvents)
    {
        Complete = static (row, record, context) =>
        {
            record["has_note"] = false;
            record["in_case"] = false;
            if (context.Call.Flag("include_all_cef_types"))
            {
                record["cef_types"] = CefFields.AllTypes(record["cef"] as JsonObject, record["cef_types"] as JsonObject);
            }

            return ValueTask.CompletedTask;
        },
    }
        .With("id", "version").As("container", "ContainerId", "container").With("name", "label", "type").Word("severity", "severity").With("source_data_identifier", "hash", "kill_chain", "description")
        .As("create_time", "CreatedAt").As("update_time", "UpdatedAt").With("start_time", "end_time", "tags", "data", "cef", "cef_types").As("owner", "OwnerId", "ph_user")
        .As("ingest_app", "IngestAppId", "app").As("asset", "AssetId", "asset").As("playbook_run", "PlaybookRunId", "playbook_run")
        .As("parent_container", "ParentContainerId", "container").As("parent_artifact", "ParentArtifactId", "artifact")
        .And("has_note", Kind.Truth, "Always false.").And("in_case", Kind.Truth, "Always false.");

    public static RecordType<ActionRunRow> ActionRun { get; } = new RecordType<ActionRunRow>("action_run", Permissions.ViewEvents)
        .With("id", "version", "action", "name", "type", "status", "message", "targets").As("container", "ContainerId", "container").As("playbook", "PlaybookId", "playbook")
        .As("playbook_run", "PlaybookRunId", "playbook_run").As("owner", "UserId", "ph_user").As("creator", "UserId", "ph_user")
        .As("create_time", "CreatedAt").As("update_time", "UpdatedAt").As("close_time", "EndedAt");

    public static RecordType<PromptRow> Approval { get; } = new RecordType<PromptRow>("approval", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) =>
        {
            record["type"] = row.Kind == PromptRow.OfAnAction ? "parameter" : "manual";
            record["owner_type"] = row.UserId is null ? "Role" : "User";
            if (context.Pretty)
            {
                record["_pretty_owner"] = row.UserId is { } user ? (await context.Store.Find<UserRow>(user, context.Ct))?.Username ?? ""
                    : row.RoleId is { } role ? (await context.Store.Find<RoleRow>(role, context.Ct))?.Name ?? "" : "";
            }
        },
    }
        .With("id", "version", "name", "status").As("action", "Kind").With("message").As("response_types", "Questions").With("targets", "reviewers", "requirements", "approvals", "responses").As("owner", "UserId", "ph_user").As("role", "RoleId", "role")
        .As("container", "ContainerId", "container").As("action_run", "ActionRunId", "action_run").As("playbook_run", "PlaybookRunId", "playbook_run")
        .As("start_time", "CreatedAt").As("due_time", "DueAt").As("close_time", "ClosedAt").As("responder", "AnsweredBy", "ph_user")
        .And("type", Kind.Text, "`manual`, or `parameter` where an action waits.").And("owner_type", Kind.Text, "`User` or `Role`.");

    public static RecordType<DelegationRow> Delegation { get; } = new RecordType<DelegationRow>("delegation", Permissions.ViewUsers)
        .With("id", "version").As("from", "FromUserId", "ph_user").As("to", "ToUserId", "ph_user").As("start_time", "CreatedAt").As("end_time", "EndsAt").With("reason");

    public static RecordType<AppRunRow> AppRun { get; } = new RecordType<AppRunRow>("app_run", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) =>
        {
            record["extra_data"] = new JsonArray();
            if (context.Expensive)
            {
                record["result_data"] = await Results(context.Store, row, context.Ct);
            }
        },
    }
        .With("id", "version", "action").As("action_run", "ActionRunId", "action_run").As("app", "AppId", "app").With("app_name", "app_version").As("asset", "AssetId", "asset")
        .As("container", "ContainerId", "container").As("playbook_run", "PlaybookRunId", "playbook_run").As("effective_user", "UserId", "ph_user").With("status", "message")
        .As("start_time", "StartedAt").As("end_time", "EndedAt").As("exception_occured", "Exception").With("result_summary")
        .And("extra_data", Kind.Any, "Always an empty list.").And("result_data", Kind.Any, "One item per parameter set: status, message, parameter, data, summary. In lists only with `include_expensive`.");

    /// <summary>By the asking first: that is what is indexed.</summary>
    public static Where Of(AppRunRow row) => Where.Is(nameof(ActionResultRow.ActionRunId), row.ActionRunId) & Where.Is(nameof(ActionResultRow.AppRunId), row.Id);

    /// <summary>The results of an app run, in the shape of <c>result_data</c>.</summary>
    public static async Task<JsonArray> Results(IStore store, AppRunRow row, CancellationToken ct)
    {
        var results = new JsonArray();
        foreach (var result in await store.Select<ActionResultRow>(new Query { Where = Of(row), Order = [("Position", false)] }, ct))
        {
            results.Add(new JsonObject
            {
                ["status"] = result.Status,
                ["message"] = result.Message,
                ["parameter"] = JsonNode.Parse(result.Parameter),
                ["data"] = JsonNode.Parse(result.Data),
                ["summary"] = JsonNode.Parse(result.Summary),
                ["extra_data"] = new JsonArray(),
            });
        }

        return results;
    }

    public static RecordType<PlaybookRow> Playbook { get; } = new RecordType<PlaybookRow>("playbook", Permissions.ViewPlaybooks)
    {
        Complete = static async (row, record, context) =>
        {
            var repository = await context.Store.Select<RepositoryRow>(Query.For(Where.Is(nameof(RepositoryRow.TenantId), row.TenantId) & Where.Is(nameof(RepositoryRow.Name), row.Repository)), context.Ct);
            record["scm"] = repository.Count == 0 ? null : repository[0].Id;
            if (context.Pretty)
            {
                record["_pretty_scm"] = row.Repository;
            }
        },
    }
        .With("id", "version", "name", "active", "disabled", "labels", "tags", "category", "description", "playbook_type", "input_spec", "output_spec", "passed_validation", "draft_mode", "python_version")
        .As("repository", "Repository").As("validation_message", "ValidationMessage").As("playbook_trigger", "Trigger").As("run_as", "RunAsId", "ph_user").As("latest_editor", "LatestEditorId", "ph_user")
        .As("create_time", "CreatedAt").As("update_time", "UpdatedAt")
        .As("commit", "CommitId").With("path", "candidate", "candidate_reason", "app_versions")
        .And("scm", Kind.Whole, "The repository by number. Can be filtered by.");

    public static RecordType<RepositoryRow> Repository { get; } = new RecordType<RepositoryRow>("scm", Permissions.ViewPlaybooks)
    {
        Complete = static (row, record, context) =>
        {
            record["type"] = "git";
            record["has_password"] = row.Secret.Length > 0;
            return ValueTask.CompletedTask;
        },
    }
        .With("id", "version", "name", "uri", "branch", "username", "host_key", "read_only", "disabled", "follow", "most_reach", "every_minutes", "head", "remote_head", "status", "message", "notes").As("pull_time", "PulledAt")
        .As("create_time", "CreatedAt").As("update_time", "UpdatedAt")
        .And("type", Kind.Text, "Always `git`.").And("has_password", Kind.Truth, "Whether a token, password or key is kept; it is shown to nobody.");

    public static RecordType<PlaybookRunRow> PlaybookRun { get; } = new RecordType<PlaybookRunRow>("playbook_run", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) =>
        {
            record["message"] = Wire.Spaced(await RunSummary.Of(context.Store, row));
            // In the field both are lists of texts, each JSON.
            record["inputs"] = row.Inputs == "{}" ? new JsonArray() : new JsonArray(row.Inputs);
            record["outputs"] = new JsonArray([.. JsonNode.Parse(row.Outputs)!.AsArray().Select(output => (JsonNode)output!.ToJsonString())]);
            record["test_mode"] = row.Simulated;
            record["cancelled"] = row.Status == "cancelled" ? "cancelled" : "";
            record["misc"] = new JsonObject
            {
                ["scope"] = row.Scope.StartsWith('[') ? JsonNode.Parse(row.Scope) : row.Scope,
                ["scope_artifact_ids"] = new JsonArray([.. (await RunScope.Artifacts(context.Store, row, context.Ct)).Select(id => (JsonNode)id)]),
                ["parent_playbook_run"] = row.ParentRunId is { } parent ? new JsonObject { ["parent_playbook_run_id"] = parent } : [],
            };
        },
    }
        .With("id", "version").As("playbook", "PlaybookId", "playbook").As("container", "ContainerId", "container").With("status", "inputs", "outputs").As("owner", "OwnerId", "ph_user")
        .As("effective_user", "UserId", "ph_user").As("parent_run", "ParentRunId", "playbook_run").As("start_time", "StartedAt").As("update_time", "UpdatedAt").As("end_time", "EndedAt").As("last_artifact", "ScopeTo")
        .And("message", Kind.Text, "JSON as text: playbook, status, message, and under `result` each action with its app runs.").And("test_mode", Kind.Truth, "True for a run that touched nothing.")
        .And("cancelled", Kind.Text, "`cancelled`, or empty.").And("misc", Kind.Object, "Its scope, the numbers of the artifacts in it, and the run that started it.");

    public static RecordType<RunLogRow> RunLog { get; } = new RecordType<RunLogRow>("log", Permissions.ViewEvents).With("id", "message").As("message_type", "Level").As("time", "At");

    public static RecordType<NoteRow> Note { get; } = new RecordType<NoteRow>("note", Permissions.ViewEvents)
        .With("id", "version").As("container", "ContainerId", "container").With("title", "content", "note_type", "note_format").As("author", "AuthorId", "ph_user")
        .As("create_time", "CreatedAt").As("modified_time", "UpdatedAt").As("phase", "PhaseId").As("task", "TaskId").As("artifact", "ArtifactId", "artifact");

    public static RecordType<VaultDocumentRow> VaultDocument { get; } = new RecordType<VaultDocumentRow>("vault_document", Permissions.ViewEvents)
    {
        Complete = static (row, record, context) =>
        {
            record["meta"] = Meta(row);
            return ValueTask.CompletedTask;
        },
    }
        .With("id", "version", "hash", "names", "size", "mime_type", "contains").As("create_time", "CreatedAt").And("meta", Kind.Object, "`sha1`, `sha256`, `md5`, `size` and `contains`.");

    public static RecordType<ContainerAttachmentRow> Attachment { get; } = new RecordType<ContainerAttachmentRow>("container_attachment", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) =>
        {
            var document = await context.Store.Find<VaultDocumentRow>(row.VaultDocumentId, context.Ct);
            record["mime_type"] = document?.MimeType;
            record["es_attachment_id"] = null;
            if (context.Pretty && document is not null)
            {
                record["_pretty_vault_id"] = document.Hash;
                record["_pretty_hash"] = document.Hash;
                record["_pretty_size"] = document.Size;
                record["_pretty_metadata"] = Meta(document);
                record["_pretty_contains"] = JsonNode.Parse(document.Contains);
                record["_pretty_aka"] = JsonNode.Parse(document.Names);
                record["_pretty_container_id"] = row.ContainerId;
                record["_pretty_container"] = (await context.Store.Find<ContainerRow>(row.ContainerId, context.Ct))?.Name;
                record["_pretty_user"] = row.UserId is { } user ? (await context.Store.Find<UserRow>(user, context.Ct))?.Username : "";
                record["_pretty_path"] = $"/rest/download_attachment?vault_id={document.Hash}";
            }
        },
    }
        .With("id", "version", "name").As("container", "ContainerId", "container").As("vault_document", "VaultDocumentId", "vault_document").With("metadata", "created_via").As("task", "TaskId")
        .As("user", "UserId", "ph_user").As("playbook_run", "PlaybookRunId", "playbook_run").As("create_time", "CreatedAt")
        .And("mime_type", Kind.Text, "By the ending of its name.").And("es_attachment_id", Kind.Text, "Always null.");

    public static RecordType<CommentRow> Comment { get; } = new RecordType<CommentRow>("container_comment", Permissions.ViewEvents)
        .With("id", "version").As("container", "ContainerId", "container").With("comment").As("user", "AuthorId", "ph_user").As("time", "CreatedAt");

    public static RecordType<PinRow> Pin { get; } = new RecordType<PinRow>("container_pin", Permissions.ViewEvents)
        .With("id", "version").As("container", "ContainerId", "container").With("name", "message", "data", "pin_type", "pin_style").As("author", "AuthorId", "ph_user").As("playbook", "PlaybookId", "playbook");

    public static RecordType<CustomListRow> DecidedList { get; } = new RecordType<CustomListRow>("decided_list", Permissions.ViewLists)
        .With("id", "version", "name", "content").As("create_time", "CreatedAt").As("update_time", "UpdatedAt").As("latest_editor", "LatestEditorId", "ph_user");

    public static RecordType<SeverityRow> Severity { get; } = new RecordType<SeverityRow>("severity", Permissions.ViewPickLists).With("id", "name", "color", "is_default", "disabled").As("order", "Position");

    public static RecordType<StatusRow> Status { get; } = new RecordType<StatusRow>("container_status", Permissions.ViewPickLists).With("id", "name", "status_type", "is_default", "disabled").As("order", "Position");

    public static RecordType<UserRow> User { get; } = new RecordType<UserRow>("ph_user", Permissions.ViewUsers)
        .With("id", "version", "username", "type", "email", "first_name", "last_name", "title", "time_zone", "is_active", "allowed_ips", "default_label", "roles");

    public static RecordType<RoleRow> Role { get; } = new RecordType<RoleRow>("role", Permissions.ViewUsers).With("id", "version", "name", "description", "immutable", "permissions");

    public static RecordType<AppRow> App { get; } = new RecordType<AppRow>("app", Permissions.ViewAssets)
        .With("id", "version").As("appid", "AppGuid").With("name", "app_version", "product_vendor", "product_name", "publisher", "description", "type", "disabled").As("create_time", "CreatedAt");

    /// <summary>The configuration is no field: it is shown masked by the resource and cannot be asked about.</summary>
    public static RecordType<AssetRow> Asset { get; } = new RecordType<AssetRow>("asset", Permissions.ViewAssets)
        .With("id", "version", "name").As("app", "AppId", "app").With("description", "product_vendor", "product_name", "type", "tags", "disabled").As("concurrency_limit", "Concurrency").As("validation", "LastTest")
        .And("configuration", Kind.Object, "The settings; in place of each secret a mask, `salt:...`.");

    /// <summary>Lines of an app run's log, in the shape of a run's.</summary>
    public static Shape LogLines { get; } = new Shape("LogLines", "All lines at once; there are no pages.")
        .Needs("count", Kind.Whole, "How many.").Needs("num_pages", Kind.Whole, "0 or 1.").Needs("data", Kind.Any, "Each with `id`, `message`, `message_type` (0 error, 1 debug, 2 information) and `time`.");

    public static RecordType<WorkbookTemplateRow> WorkbookTemplate { get; } = new RecordType<WorkbookTemplateRow>("workbook_template", Permissions.ViewEvents)
        .With("id", "version", "name", "description", "is_default", "is_note_required", "status").As("creator", "CreatorId", "ph_user").As("create_time", "CreatedAt").As("modified_time", "UpdatedAt");

    public static RecordType<WorkbookPhaseTemplateRow> WorkbookPhaseTemplate { get; } = new RecordType<WorkbookPhaseTemplateRow>("workbook_phase_template", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) => record["tasks"] = await Under(context, WorkbookTaskTemplate!, Where.Is(nameof(WorkbookTaskTemplateRow.PhaseId), row.Id)),
    }
        .With("id", "version", "name").As("order", "Position").As("template", "TemplateId", "workbook_template").And("tasks", Kind.Any, "Its task templates, in their order.");

    public static RecordType<WorkbookTaskTemplateRow> WorkbookTaskTemplate { get; } = new RecordType<WorkbookTaskTemplateRow>("workbook_task_template", Permissions.ViewEvents)
    {
        Complete = static (row, record, context) =>
        {
            var suggested = (JsonObject)JsonNode.Parse(row.Suggestions)!;
            record["actions"] = suggested["actions"]?.DeepClone();
            record["playbooks"] = suggested["playbooks"]?.DeepClone();
            record["sla_type"] = "minutes";
            return ValueTask.CompletedTask;
        },
    }
        .With("id", "version", "name").As("order", "Position").With("description").As("owner", "OwnerId", "ph_user").As("role", "RoleId", "role").With("is_note_required", "sla")
        .As("phase", "PhaseId", "workbook_phase_template").As("template", "TemplateId", "workbook_template")
        .And("actions", Kind.Any, "Names of actions.").And("playbooks", Kind.Any, "Objects with `scm` and `playbook`.").And("sla_type", Kind.Text, "Always `minutes`.");

    public static RecordType<WorkbookPhaseRow> WorkbookPhase { get; } = new RecordType<WorkbookPhaseRow>("workbook_phase", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) => record["tasks"] = await Under(context, WorkbookTask!, Where.Is(nameof(WorkbookTaskRow.PhaseId), row.Id)),
    }
        .With("id", "version", "name").As("order", "Position").As("container", "ContainerId", "container").As("phase_template", "TemplateId", "workbook_phase_template").With("start_time", "end_time")
        .And("tasks", Kind.Any, "Its tasks, in their order.");

    public static RecordType<WorkbookTaskRow> WorkbookTask { get; } = new RecordType<WorkbookTaskRow>("workbook_task", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) =>
        {
            record["sla_type"] = "minutes";
            record["notes"] = await Under(context, Note, Where.Is(nameof(NoteRow.TaskId), row.Id) & Where.Is(nameof(NoteRow.ContainerId), row.ContainerId));
        },
    }
        .With("id", "version", "name").As("order", "Position").As("container", "ContainerId", "container").As("phase", "PhaseId", "workbook_phase").As("owner", "OwnerId", "ph_user").As("role", "RoleId", "role")
        .With("description", "suggestions", "status", "is_note_required", "sla", "start_time", "end_time").As("create_time", "CreatedAt").As("modified_time", "UpdatedAt")
        .And("sla_type", Kind.Text, "Always `minutes`.").And("notes", Kind.Any, "Notes on it.");

    public static RecordType<EvidenceRow> Evidence { get; } = new RecordType<EvidenceRow>("evidence", Permissions.ViewEvents)
    {
        Complete = static (row, record, context) =>
        {
            record["_special_content_type"] = row.ContentType;
            return ValueTask.CompletedTask;
        },
    }
        .With("id", "version").As("container", "ContainerId", "container").With("object_id", "content_type").As("user", "UserId", "ph_user").As("create_time", "CreatedAt")
        .And("_special_content_type", Kind.Text, "The content type, once more.");

    public static RecordType<IndicatorRow> Indicator { get; } = new RecordType<IndicatorRow>("indicator", Permissions.ViewEvents)
    {
        Complete = static async (row, record, context) =>
        {
            record["tenant"] = row.TenantId;
            if (context.Call.Flag("_special_contains"))
            {
                record["_special_contains"] = JsonNode.Parse(row.Contains);
            }

            if (context.Call.Flag("_special_fields"))
            {
                record["_special_fields"] = JsonNode.Parse(row.Fields);
            }

            if (context.Call.Flag("_special_labels"))
            {
                var seen = await context.Store.Select<IndicatorArtifactRow>(new Query { Where = Where.Is(nameof(IndicatorArtifactRow.IndicatorId), row.Id), Limit = 1_000 }, context.Ct);
                var containers = await context.Store.Select<ContainerRow>(Query.For(Where.In("Id", seen.Select(one => (object?)one.ContainerId).Distinct())), context.Ct);
                record["_special_labels"] = new JsonArray([.. containers.Select(one => one.Label).Distinct().Order(StringComparer.Ordinal).Select(label => (JsonNode)label)]);
            }
        },
    }
        .With("id", "version", "value", "value_hash", "tags", "earliest_time", "latest_time").And("tenant", Kind.Whole, "Always 0.")
        .And("_special_contains", Kind.Any, "With `_special_contains`: what it is.").And("_special_fields", Kind.Any, "With `_special_fields`: the CEF fields it was seen in.")
        .And("_special_labels", Kind.Any, "With `_special_labels`: labels of the events it was seen in.");

    /// <summary>What belongs to a record, shown in it.</summary>
    private static async Task<JsonArray> Under<T>(ReadContext context, RecordType<T> type, Where where)
        where T : class, IRow
    {
        var order = typeof(T).GetProperty("Position") is null ? "Id" : "Position";
        var shown = new JsonArray();
        foreach (var row in await context.Store.Select<T>(new Query { Where = where, Order = [(order, false)] }, context.Ct))
        {
            shown.Add(await Records.Show(type, row, context, []));
        }

        return shown;
    }

    private static JsonObject Meta(VaultDocumentRow row) => new()
    {
        ["sha1"] = row.Hash,
        ["sha256"] = row.Sha256,
        ["md5"] = row.Md5,
        ["size"] = row.Size,
        ["contains"] = JsonNode.Parse(row.Contains),
    };

    /// <summary>Those that other records name; also what lists are tested by.</summary>
    public static IReadOnlyCollection<RecordType> All => ByName.Values;

    private static readonly Dictionary<string, RecordType> ByName = new RecordType[]
    {
        Container, Artifact, ActionRun, AppRun, Playbook, PlaybookRun, Repository, Note, Comment, Pin, Attachment, VaultDocument, WorkbookTemplate, WorkbookPhaseTemplate, WorkbookTaskTemplate, WorkbookPhase, WorkbookTask, Evidence, Indicator, DecidedList, Severity, Status, User, Role, App, Asset,
    }.ToDictionary(type => type.Name);

    public static RecordType? Find(string name) => ByName.GetValueOrDefault(name);
}
