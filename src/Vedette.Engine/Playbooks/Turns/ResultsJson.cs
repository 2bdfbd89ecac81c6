using System.Text.Json;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>The results of an action run in the shape a playbook's callback takes: a list, one element per app run.</summary>
internal static class ResultsJson
{
    public static JsonElement Of(ActionRunRow run, IReadOnlyList<AppRunRow> appRuns, IReadOnlyList<ActionResultRow> results, Func<long, string> assetName)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var app in appRuns)
            {
                Write(json, run, app, results.Where(result => result.AppRunId == app.Id).OrderBy(result => result.Position), assetName(app.AssetId));
            }

            if (appRuns.Count == 0)
            {
                json.WriteStartObject();
                Head(json, run, run.Status, run.Message);
                json.WriteStartArray("action_results");
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter json, ActionRunRow run, AppRunRow app, IEnumerable<ActionResultRow> results, string asset)
    {
        json.WriteStartObject();
        Head(json, run, app.Status, app.Message);
        json.WriteString("app", app.AppName);
        json.WriteNumber("app_id", app.AppId);
        json.WriteNumber("app_run_id", app.Id);
        json.WriteString("asset", asset);
        json.WriteNumber("asset_id", app.AssetId);
        json.WritePropertyName("summary");
        json.WriteRawValue(app.ResultSummary);
        json.WriteStartArray("action_results");
        foreach (var result in results)
        {
            json.WriteStartObject();
            json.WritePropertyName("parameter");
            json.WriteRawValue(result.Parameter);
            json.WriteString("status", result.Status);
            json.WriteString("message", result.Message);
            json.WritePropertyName("summary");
            json.WriteRawValue(result.Summary);
            json.WritePropertyName("data");
            json.WriteRawValue(result.Data);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Head(Utf8JsonWriter json, ActionRunRow run, string status, string message)
    {
        json.WriteString("name", run.Name);
        json.WriteString("action", run.Action);
        json.WriteNumber("action_run_id", run.Id);
        json.WriteString("status", status);
        json.WriteString("message", message);
    }
}
