using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Values kept across runs under a key alone: the older form.</summary>
internal static class SavedCalls
{
    public static Task<string> SaveData(Turn turn, JsonElement arguments)
    {
        var key = arguments.Text("key") ?? Guid.NewGuid().ToString("N");
        var value = arguments.Get("value")?.GetRawText() ?? "null";
        turn.Saved[key] = value;
        turn.Unit.Upsert(
            new SavedValueRow { Id = turn.Services.Store.NextId<SavedValueRow>(), TenantId = turn.Run.Row.TenantId, Key = key, Value = value, UpdatedAt = turn.Services.Time.GetUtcNow() },
            nameof(SavedValueRow.TenantId),
            nameof(SavedValueRow.Key));
        return Task.FromResult(JsonSerializer.Serialize(key));
    }

    public static async Task<string> GetData(Turn turn, JsonElement arguments)
    {
        var key = arguments.Text("key") ?? "";
        var clear = arguments.Flag("clear_data", otherwise: true);
        if (turn.Saved.ContainsKey(key) && clear)
        {
            // It is deleted by its row, and that is there only once what was saved is committed.
            await turn.CommitSoFar();
        }

        if (turn.Saved.TryGetValue(key, out var own))
        {
            return own ?? "null";
        }

        var rows = await turn.Services.Store.Select<SavedValueRow>(Query.For(Where.Is(nameof(SavedValueRow.Key), key) & Where.Is(nameof(SavedValueRow.TenantId), turn.Run.Row.TenantId)));
        if (rows.Count == 0)
        {
            return "null";
        }

        if (clear)
        {
            turn.Unit.Delete<SavedValueRow>(rows[0].Id);
            turn.Saved[key] = null;
        }

        return rows[0].Value;
    }

    public static async Task<string> ClearData(Turn turn, JsonElement arguments)
    {
        await GetData(turn, arguments);
        return "null";
    }
}
