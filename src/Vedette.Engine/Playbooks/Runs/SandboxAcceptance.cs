using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>An administrator's word that playbooks may run at a sandbox level that does not hold everything, by the level's name.</summary>
internal sealed class SandboxAcceptance(IStore store, TimeProvider time)
{
    public const string Setting = "sandbox_accepted";

    public async ValueTask<bool> Accepted(string level) => await Row() is { } row && JsonSerializer.Deserialize<string>(row.Value) == level;

    public async Task<Outcome<Done>> Accept(Unit unit, Caller caller, string level)
    {
        if (caller.Lacks(Permissions.EditSettings) is { } refusal)
        {
            return refusal;
        }

        var now = time.GetUtcNow();
        var value = JsonSerializer.Serialize(level);
        if (await Row() is { } row)
        {
            unit.Update<SettingRow>(row.Id, row.Version, (nameof(row.Value), value), (nameof(row.Version), row.Version + 1), (nameof(row.UpdatedAt), now));
        }
        else
        {
            unit.Insert(new SettingRow { Id = store.NextId<SettingRow>(), Name = Setting, Value = value, UpdatedAt = now });
        }

        unit.Audit(caller, now, "accepted", "sandbox_level", null, content: new JsonObject { ["level"] = level });
        return default(Done);
    }

    private async Task<SettingRow?> Row()
    {
        var rows = await store.Select<SettingRow>(Query.For(Where.Is(nameof(SettingRow.Name), Setting)));
        return rows.Count == 0 ? null : rows[0];
    }
}
