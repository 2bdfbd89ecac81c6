using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Audit;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>An administrator's word that playbooks may run at a sandbox level that does not hold everything, by the level's name.</summary>
internal sealed class SandboxAcceptance(IStore store, IPlaybookWorkers workers, TimeProvider time)
{
    public async Task TakeUp() => workers.AcceptedLevel = await Row() is { } row ? JsonSerializer.Deserialize<string?>(row.Value) : null;

    public async Task<Outcome<Done>> Accept(Unit unit, Caller caller, string? level)
    {
        if (caller.LacksInPerson(Permissions.EditSettings) is { } refusal)
        {
            return refusal;
        }

        if (level is not null && Fault(level) is { } fault)
        {
            return new Refusal(RefusalKind.Invalid, "sandbox_level", fault);
        }

        var now = time.GetUtcNow();
        var value = JsonSerializer.Serialize(level);
        if (await Row() is { } row)
        {
            unit.Update<SettingRow>(row.Id, row.Version, (nameof(row.Value), value), (nameof(row.Version), row.Version + 1), (nameof(row.UpdatedAt), now));
        }
        else
        {
            unit.Insert(new SettingRow { Id = store.NextId<SettingRow>(), Name = SandboxReport.AcceptedSetting, Value = value, UpdatedAt = now });
        }

        unit.Audit(caller, now, level is null ? "withdrew" : "accepted", "sandbox_level", null, content: new JsonObject { ["level"] = level ?? workers.AcceptedLevel });
        unit.Afterward(() => workers.AcceptedLevel = level);
        return default(Done);
    }

    /// <summary>Only what this machine has shown can be accepted: nobody agrees in advance to something worse.</summary>
    private string? Fault(string level) => workers.Sandbox switch
    {
        { Level: SandboxReport.NoLevel } => $"The workers were not started, so there is no level to accept. {workers.Sandbox.Sentence}",
        { Holds: true } => $"The sandbox holds at the level \"{workers.Sandbox.Level}\": there is nothing to accept.",
        { Level: var reached } when reached != level => $"The level reached is \"{reached}\", not \"{level}\"; only that one can be accepted. {workers.Sandbox.Sentence}",
        _ => null,
    };

    private async Task<SettingRow?> Row()
    {
        var rows = await store.Select<SettingRow>(Query.For(Where.Is(nameof(SettingRow.Name), SandboxReport.AcceptedSetting)));
        return rows.Count == 0 ? null : rows[0];
    }
}
