using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks;

/// <summary>The summary of a run: what <c>get_summary</c> answers, <c>on_finish</c> gets as text, and REST shows as the run's message.</summary>
public static class RunSummary
{
    public static async Task<JsonObject> Of(IStore store, PlaybookRunRow run)
    {
        var ofRun = Where.Is(nameof(AppRunRow.PlaybookRunId), run.Id);
        var actions = await store.Select<ActionRunRow>(Query.For(ofRun));
        // By the event first: that is what is indexed.
        var appRuns = await store.Select<AppRunRow>(Query.For(Where.Is(nameof(AppRunRow.ContainerId), run.ContainerId) & ofRun));
        var results = (await store.Select<ActionResultRow>(Query.For(Where.In(nameof(ActionResultRow.ActionRunId), actions.Select(action => (object?)action.Id))))).ToLookup(result => result.AppRunId);
        var assets = (await store.Select<AssetRow>(Query.For(Where.In(nameof(AssetRow.Id), appRuns.Select(app => (object?)app.AssetId).Distinct())))).ToDictionary(asset => asset.Id, asset => asset.Name);
        var list = new JsonArray();
        foreach (var action in actions)
        {
            list.Add(new JsonObject
            {
                ["action"] = action.Action,
                ["name"] = action.Name,
                ["action_run_id"] = action.Id,
                ["status"] = action.Status,
                ["message"] = action.Message,
                ["app_runs"] = new JsonArray([.. appRuns.Where(app => app.ActionRunId == action.Id)
                    .SelectMany(app => results[app.Id].OrderBy(result => result.Position).Select(result => OfResult(app, result, assets)).DefaultIfEmpty(OfApp(app, assets)))]),
            });
        }

        return new JsonObject
        {
            ["playbook"] = $"{run.Repository}/{run.PlaybookName}",
            ["status"] = run.Status,
            ["message"] = run.Message,
            ["result"] = list,
        };
    }

    private static JsonNode OfResult(AppRunRow app, ActionResultRow result, Dictionary<long, string> assets)
    {
        var shown = OfApp(app, assets);
        shown["status"] = result.Status.Length > 0 ? result.Status : app.Status;
        shown["message"] = result.Message;
        shown["parameter"] = JsonNode.Parse(result.Parameter);
        shown["summary"] = JsonNode.Parse(result.Summary);
        return shown;
    }

    private static JsonObject OfApp(AppRunRow app, Dictionary<long, string> assets) => new()
    {
        ["app"] = app.AppName,
        ["app_id"] = app.AppId,
        ["app_run_id"] = app.Id,
        ["asset"] = assets.GetValueOrDefault(app.AssetId, ""),
        ["asset_id"] = app.AssetId,
        ["status"] = app.Status,
        ["message"] = app.Message,
        ["summary"] = JsonNode.Parse(app.ResultSummary),
    };
}
