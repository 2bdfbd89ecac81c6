using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>
/// The switch that stops every action that has not left. It is a row: a changing call is written as started only if the row is still the
/// one its runner saw, so that nothing slips through between the look and the write.
/// </summary>
internal sealed class StopSwitch(IStore store, TimeProvider time) : IDisposable
{
    public const string Setting = "stop_switch";
    private readonly SemaphoreSlim _loading = new(1, 1);
    private TaskCompletionSource _lifted = Completed();
    private SettingRow? _row;

    public bool Stopped { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>Reads the row, or makes it at the first start.</summary>
    public async Task<SettingRow> Row()
    {
        if (_row is { } known)
        {
            return known;
        }

        await _loading.WaitAsync();
        try
        {
            if (_row is null)
            {
                var rows = await store.Select<SettingRow>(Query.For(Where.Is(nameof(SettingRow.Name), Setting)));
                if (rows.Count == 0)
                {
                    var first = new SettingRow { Id = store.NextId<SettingRow>(), Name = Setting, Value = "{\"stopped\":false,\"reason\":\"\"}", UpdatedAt = time.GetUtcNow() };
                    var unit = new Unit();
                    unit.Insert(first);
                    await store.Commit(unit);
                    rows = [first];
                }

                Take(rows[0]);
            }

            return _row!;
        }
        finally
        {
            _loading.Release();
        }
    }

    public async Task<Outcome<Done>> Set(Unit unit, Caller caller, bool stopped, string reason)
    {
        if ((stopped ? caller.Lacks(Permissions.StopSwitch) : caller.LacksInPerson(Permissions.StopSwitch)) is { } refusal)
        {
            return refusal;
        }

        var row = await Row();
        var value = new JsonObject { ["stopped"] = stopped, ["reason"] = reason };
        var now = time.GetUtcNow();
        var next = row with { Value = value.ToJsonString(), Version = row.Version + 1, UpdatedAt = now };
        unit.Update<SettingRow>(row.Id, row.Version, (nameof(SettingRow.Value), next.Value), (nameof(SettingRow.Version), next.Version), (nameof(SettingRow.UpdatedAt), now));
        unit.Audit(caller, now, stopped ? "stopped" : "released", "stop_switch", row.Id, content: (JsonObject)value.DeepClone());
        unit.Afterward(() => Take(next));
        return default(Done);
    }

    /// <summary>Forgets what was read: the row turned out to be another one.</summary>
    public void Forget() => _row = null;

    public Task Lifted(CancellationToken ct) => _lifted.Task.WaitAsync(ct);

    private void Take(SettingRow row)
    {
        using var value = JsonDocument.Parse(row.Value);
        Reason = value.RootElement.GetProperty("reason").GetString() ?? "";
        var stopped = value.RootElement.GetProperty("stopped").GetBoolean();
        if (stopped && !Stopped)
        {
            _lifted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Stopped = stopped;
        _row = row;
        if (!stopped)
        {
            _lifted.TrySetResult();
        }
    }

    public void Dispose() => _loading.Dispose();

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.SetResult();
        return source;
    }
}
