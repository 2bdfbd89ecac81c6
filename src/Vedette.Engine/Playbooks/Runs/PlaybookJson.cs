using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model.Datapaths;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>Containers and artifacts as playbooks see them: the dicts of the field's playbook API.</summary>
internal static class PlaybookJson
{
    public static JsonElement Container(ContainerRow row, string baseUrl, long runId) => Build(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("id", row.Id);
        json.WriteNumber("version", row.Version);
        json.WriteString("name", row.Name);
        json.WriteString("label", row.Label);
        json.WriteString("description", row.Description);
        json.WriteString("container_type", row.ContainerType);
        json.WriteString("status", row.Status);
        json.WriteString("severity", row.Severity);
        json.WriteString("sensitivity", row.Sensitivity);
        json.WriteString("source_data_identifier", row.SourceDataIdentifier);
        Number(json, "asset", row.AssetId == 0 ? null : row.AssetId);
        Number(json, "asset_id", row.AssetId == 0 ? null : row.AssetId);
        Number(json, "ingest_app_id", row.IngestAppId);
        Number(json, "owner", row.OwnerId);
        Number(json, "owner_id", row.OwnerId);
        Number(json, "role_id", row.RoleId);
        Number(json, "current_phase", row.CurrentPhaseId);
        Number(json, "current_phase_id", row.CurrentPhaseId);
        json.WriteString("workflow_name", row.WorkflowName);
        Time(json, "create_time", row.CreatedAt);
        Time(json, "start_time", row.StartTime);
        Time(json, "end_time", row.EndTime);
        Time(json, "open_time", row.OpenTime);
        Time(json, "due_time", row.DueTime);
        Time(json, "close_time", row.CloseTime);
        json.WriteString("kill_chain", row.KillChain);
        Raw(json, "tags", row.Tags);
        Raw(json, "data", row.Data);
        Raw(json, "custom_fields", row.CustomFields);
        json.WriteNumber("artifact_count", row.ArtifactCount);
        json.WriteNumber("tenant", row.TenantId);
        json.WriteBoolean("in_case", row.InCase);
        Number(json, "parent_container", row.ParentContainerId);
        json.WriteNumber("alert_count", row.AlertCount);
        json.WriteNumber("current_rule_run_id", runId);
        json.WriteString("url", $"{baseUrl}/mission/{row.Id}");
        json.WriteEndObject();
    });

    public static ArtifactData Artifact(ArtifactRow row) => new(row.Id, Build(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("id", row.Id);
        json.WriteNumber("version", row.Version);
        json.WriteNumber("container", row.ContainerId);
        json.WriteNumber("container_id", row.ContainerId);
        json.WriteString("name", row.Name);
        json.WriteString("label", row.Label);
        json.WriteString("type", row.Type);
        json.WriteString("severity", row.Severity);
        json.WriteString("source_data_identifier", row.SourceDataIdentifier);
        json.WriteString("hash", row.Hash);
        json.WriteString("description", row.Description);
        json.WriteString("kill_chain", row.KillChain);
        Time(json, "create_time", row.CreatedAt);
        Time(json, "update_time", row.UpdatedAt);
        Time(json, "start_time", row.StartTime);
        Time(json, "end_time", row.EndTime);
        Raw(json, "tags", row.Tags);
        Raw(json, "cef", row.Cef);
        Raw(json, "cef_types", row.CefTypes);
        Raw(json, "data", row.Data);
        json.WriteEndObject();
    }), Tags(row.Tags));

    public static JsonElement Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>In containers and artifacts a time stands as the field's database writes it, which playbooks read with a form of just that; REST writes it otherwise.</summary>
    private static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } at)
        {
            json.WriteString(name, at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Raw(Utf8JsonWriter json, string name, string value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value);
    }

    private static List<string> Tags(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateArray().Select(tag => tag.ToString()).ToList();
    }
}
