using System.Text.Json.Nodes;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>The summary of a run: what <c>get_summary</c> answers, <c>on_finish</c> gets as text, and REST shows as the run's message.</summary>
internal static class RunSummary
{
    public static async Task<JsonObject> Of(IStore store, PlaybookRunRow run)
    {
        var result = new JsonArray();
        // By the event first: that is what is indexed.
        var appRuns = await store.Select<AppRunRow>(Query.For(Where.Is(nameof(AppRunRow.ContainerId), run.ContainerId) & Where.Is(nameof(AppRunRow.PlaybookRunId), run.Id)));
        foreach (var action in await store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id))))
        {
            result.Add(new JsonObject
            {
                ["action"] = action.Action,
                ["name"] = action.Name,
                ["action_run_id"] = action.Id,
                ["status"] = action.Status,
                ["message"] = action.Message,
                ["app_runs"] = new JsonArray([.. appRuns.Where(app => app.ActionRunId == action.Id).Select(app => (JsonNode)new JsonObject
                {
                    ["app"] = app.AppName,
                    ["app_id"] = app.AppId,
                    ["app_run_id"] = app.Id,
                    ["asset_id"] = app.AssetId,
                    ["status"] = app.Status,
                    ["message"] = app.Message,
                    ["summary"] = JsonNode.Parse(app.ResultSummary),
                })]),
            });
        }

        return new JsonObject
        {
            ["playbook"] = $"{run.Repository}/{run.PlaybookName}",
            ["status"] = run.Status,
            ["message"] = run.Message,
            ["result"] = result,
        };
    }
}
