using Vedette.Engine.Actions;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks;

/// <summary>What a run that has not ended waits for, read from the journal.</summary>
internal sealed class RunWaits(IStore store, IActions actions, TimeProvider time)
{
    public async Task<Outcome<RunWait[]>> Of(Caller caller, PlaybookRunId id)
    {
        if (caller.Lacks(Permissions.ViewEvents) is { } refusal)
        {
            return refusal;
        }

        if (await store.Find<PlaybookRunRow>(id.Value) is not { } run || run.TenantId != caller.TenantId)
        {
            return new Refusal(RefusalKind.NotFound, "no_playbook_run", "playbook_run item not found");
        }

        return run.Status switch
        {
            "pending" => new[] { new RunWait(WaitKind.EarlierRun, run.WaitingFor.Length > 0 ? run.WaitingFor : "its turn", run.WaitingSince ?? run.CreatedAt) },
            "running" => await OfRunning(run),
            _ => Array.Empty<RunWait>(),
        };
    }

    private async Task<RunWait[]> OfRunning(PlaybookRunRow run)
    {
        var waits = new List<RunWait>();
        var open = await store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id) & Where.Is(nameof(ActionRunRow.EndedAt), null)));
        var assets = new Dictionary<long, string>();
        foreach (var action in open)
        {
            if (action.Type == ActionRunRow.OfAPerson)
            {
                waits.Add(new RunWait(WaitKind.Person, $"an answer to \"{action.Name}\"", action.CreatedAt));
                continue;
            }

            var results = await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), action.Id) & Where.Is(nameof(ActionResultRow.EndedAt), null)));
            foreach (var result in results)
            {
                if (!assets.TryGetValue(result.AssetId, out var asset))
                {
                    asset = assets[result.AssetId] = (await store.Find<AssetRow>(result.AssetId))?.Name ?? "an asset that is gone";
                }

                waits.Add(Of(action, result, asset));
            }
        }

        foreach (var child in await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ParentRunId), run.Id) & Where.Is(nameof(PlaybookRunRow.EndedAt), null))))
        {
            waits.Add(new RunWait(WaitKind.Playbook, $"playbook \"{child.PlaybookName}\", run {child.Id}", child.CreatedAt));
        }

        return [.. waits];
    }

    private RunWait Of(ActionRunRow action, ActionResultRow result, string asset)
    {
        var what = $"\"{action.Action}\" on {asset}";
        return result.State switch
        {
            ActionState.Unknown => new RunWait(WaitKind.Outcome, $"a person to say what became of {what}: vedette outcomes say {action.Id} …", result.UpdatedAt),
            ActionState.Waiting => new RunWait(WaitKind.Person, $"an approval of {what}", result.CreatedAt),
            ActionState.Started => new RunWait(WaitKind.System, $"the answer to {what}", result.StartedAt ?? result.CreatedAt),
            _ when actions.Stopped => new RunWait(WaitKind.StopSwitch, $"the stop switch, before {what} leaves ({actions.StopReason})", result.CreatedAt),
            _ when action.Message.StartsWith("Waits: ", StringComparison.Ordinal) => new RunWait(WaitKind.StopSwitch, $"the stop switch, before {what} leaves ({action.Message["Waits: ".Length..]})", result.CreatedAt),
            _ when action.StartAfter is { } at && at > time.GetUtcNow() => new RunWait(WaitKind.Time, $"the time for {what}: {at:yyyy-MM-dd'T'HH:mm:ss'Z'}", result.CreatedAt),
            _ when actions.WaitOf(new AssetId(result.AssetId), new ActionResultId(result.Id)) is { } wait => new RunWait(WaitKind.System, $"{asset}, for {what}: {wait.What}", wait.Since),
            _ => new RunWait(WaitKind.System, what, result.CreatedAt),
        };
    }
}

/// <summary>What kind of thing is waited for.</summary>
public enum WaitKind
{
    /// <summary>Runs on the same event that came first.</summary>
    EarlierRun,

    /// <summary>An answer or an approval.</summary>
    Person,

    /// <summary>Another system, or the asset's turn.</summary>
    System,

    /// <summary>A call of which nobody knows whether it happened.</summary>
    Outcome,
    StopSwitch,
    Time,

    /// <summary>A playbook that the run started.</summary>
    Playbook,
}

/// <param name="What">In words: what it is and, where a person can do something, what.</param>
public sealed record RunWait(WaitKind Kind, string What, DateTimeOffset Since);
