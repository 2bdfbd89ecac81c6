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
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SettingRow? _row;

    public bool Stopped { get; private set; }

    public string Reason { get; private set; } = "";

    /// <summary>What is stopped while the rest goes on.</summary>
    public IReadOnlyList<StoppedPart> Parts { get; private set; } = [];

    /// <summary>Ends with the next move of the switch. To be taken before asking whether something is held.</summary>
    public Task Moved => Volatile.Read(ref _moved).Task;

    /// <summary>Why an action may not leave now, or null.</summary>
    public async Task<string?> Holding(ActionRunRow run, AssetRow asset)
    {
        await Row();
        if (Stopped)
        {
            return $"the stop switch is on ({Reason})";
        }

        foreach (var part in Parts)
        {
            var holds = part.Kind switch
            {
                StopKind.Asset => Same(part.Value, asset.Name),
                StopKind.Label => run.ContainerId is { } id && await store.Find<ContainerRow>(id) is { } container && Same(part.Value, container.Label),
                _ => await Asks(run, part.Value),
            };
            if (holds)
            {
                return $"{part.Kind.ToString().ToLowerInvariant()} \"{part.Value}\" is stopped ({part.Reason})";
            }
        }

        return null;
    }

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

    public async Task<Outcome<Done>> Set(Unit unit, Caller caller, bool stopped, string reason, StopScope? scope)
    {
        if ((stopped ? caller.Lacks(Permissions.StopSwitch) : caller.LacksInPerson(Permissions.StopSwitch)) is { } refusal)
        {
            return refusal;
        }

        var row = await Row();
        var value = JsonNode.Parse(row.Value)!.AsObject();
        var content = new JsonObject { ["stopped"] = stopped, ["reason"] = reason };
        if (scope is null)
        {
            (value["stopped"], value["reason"]) = (stopped, reason);
        }
        else
        {
            if (scope.Value.Length is 0 or > Limits.NameLength)
            {
                return new Refusal(RefusalKind.Invalid, "bad_scope", $"What is stopped has a name of 1 to {Limits.NameLength} signs.");
            }

            var parts = PartsOf(value);
            var left = parts.Where(part => part.Kind != scope.Kind || !Same(part.Value, scope.Value)).ToList();
            if (!stopped && left.Count == parts.Count)
            {
                return new Refusal(RefusalKind.NotFound, "not_stopped", $"{scope.Kind} \"{Faults.Short(scope.Value)}\" is not stopped.");
            }

            value["parts"] = new JsonArray([.. (stopped ? left.Append(new StoppedPart(scope.Kind, scope.Value, reason)) : left)
                .Select(part => new JsonObject { ["kind"] = part.Kind.ToString(), ["value"] = part.Value, ["reason"] = part.Reason })]);
            content[scope.Kind.ToString().ToLowerInvariant()] = scope.Value;
        }

        var now = time.GetUtcNow();
        var next = row with { Value = value.ToJsonString(), Version = row.Version + 1, UpdatedAt = now };
        unit.Update<SettingRow>(row.Id, row.Version, (nameof(SettingRow.Value), next.Value), (nameof(SettingRow.Version), next.Version), (nameof(SettingRow.UpdatedAt), now));
        unit.Audit(caller, now, stopped ? "stopped" : "released", "stop_switch", row.Id, content: content);
        unit.Afterward(() => Take(next));
        return default(Done);
    }

    /// <summary>Forgets what was read: the row turned out to be another one.</summary>
    public void Forget() => _row = null;

    private void Take(SettingRow row)
    {
        var value = JsonNode.Parse(row.Value)!.AsObject();
        (Reason, Stopped, Parts) = ((string?)value["reason"] ?? "", (bool)value["stopped"]!, PartsOf(value));
        _row = row;
        Interlocked.Exchange(ref _moved, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public void Dispose() => _loading.Dispose();

    private static List<StoppedPart> PartsOf(JsonObject value) =>
        [.. (value["parts"] as JsonArray ?? []).Select(part => new StoppedPart(Enum.Parse<StopKind>((string)part!["kind"]!), (string)part["value"]!, (string?)part["reason"] ?? ""))];

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the run that asks, or one that it was started by, is of this playbook: with its repository or by its name alone.</summary>
    private async Task<bool> Asks(ActionRunRow action, string playbook)
    {
        for (var id = action.AskingRunId; id is { } asking && await store.Find<PlaybookRunRow>(asking) is { } run; id = run.ParentRunId)
        {
            if (Same(playbook, run.PlaybookName) || Same(playbook, $"{run.Repository}/{run.PlaybookName}"))
            {
                return true;
            }
        }

        return false;
    }
}
