using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>
/// What a store begins with that was restored from a backup: the stop switch on. What was done since the backup is not in it, so nothing may
/// leave before a person has looked and lets it go. The store puts these rows in as it fills the new one: nobody ever sees it without them.
/// </summary>
public static class StopAfterRestore
{
    /// <summary>Name of the setting.</summary>
    public const string Setting = StopSwitch.Setting;

    /// <param name="before">The row of the backup, if it has one.</param>
    public static SettingRow Row(SettingRow? before, long id, string reason, DateTimeOffset now) =>
        new() { Id = id, Name = Setting, Version = (before?.Version ?? 0) + 1, Value = Kept(before, reason).ToJsonString(), UpdatedAt = now };

    /// <summary>The row of the record; number and hashes are the store's.</summary>
    public static AuditRow Audit(string reason, string by, DateTimeOffset now) => new()
    {
        At = now,
        Channel = Channel.Cli,
        CausedBy = by,
        Act = "stopped",
        Object = "stop_switch",
        Content = Value(reason).ToJsonString(),
    };

    /// <summary>What was stopped by itself stays so.</summary>
    private static JsonObject Kept(SettingRow? before, string reason)
    {
        var value = before is null ? [] : JsonNode.Parse(before.Value)!.AsObject();
        (value["stopped"], value["reason"]) = (true, reason);
        return value;
    }

    private static JsonObject Value(string reason) => new() { ["stopped"] = true, ["reason"] = reason };
}
