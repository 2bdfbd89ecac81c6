using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>What is known of other playbooks.</summary>
internal static class InfoCalls
{
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
