using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>What is known of other playbooks, and of the standard fields.</summary>
internal static class InfoCalls
{
    /// <summary>The standard fields, each with what it contains.</summary>
    public static Task<string> CefFields(Turn turn, JsonElement arguments) => Task.FromResult(
        JsonSerializer.Serialize(Model.CefFields.Standard.ToDictionary(field => field.Key, field => new { contains = field.Value.Length == 0 ? [] : new[] { field.Value } })));

    public static async Task<string> GetPlaybookInfo(Turn turn, JsonElement arguments)
    {
        var where = Where.Is(nameof(PlaybookRow.TenantId), turn.Run.Row.TenantId);
        if (arguments.Number("playbook_id") is { } id)
        {
            where &= Where.Is(nameof(PlaybookRow.Id), id);
        }

        if (arguments.Text("playbook_name") is { } name)
        {
            where &= Where.Is(nameof(PlaybookRow.Name), name);
        }

        if (arguments.Text("playbook_repo") is { } repository)
        {
            where &= Where.Is(nameof(PlaybookRow.Repository), repository);
        }

        var rows = await turn.Services.Store.Select<PlaybookRow>(Query.For(where));
        return JsonSerializer.Serialize(rows.Select(row => new
        {
            id = row.Id,
            name = row.Name,
            repo_name = row.Repository,
            playbook_type = row.PlaybookType,
            run_id = (long?)null,
            parent_playbook_run_id = (long?)null,
            effective_user_id = row.RunAsId,
        }));
    }
}
