using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>Puts the record of a run together: its turns, and the rows that came of them.</summary>
internal sealed class RunRecords(IStore store)
{
    /// <summary>
    /// A turn's record holds what doors answered the run's user, whatever that user may see. Who may write playbooks could have a playbook tell the same; nobody else
    /// gets it, and no run.
    /// </summary>
    private const Permissions Needed = Permissions.ViewEvents | Permissions.EditPlaybooks;

    public async Task<Outcome<RunRecord>> Read(Caller caller, PlaybookRunId id)
    {
        if (caller.Lacks(Needed) is { } lacks)
        {
            return lacks;
        }

        if (await store.Find<PlaybookRunRow>(id.Value) is not { } run || run.TenantId != caller.TenantId || await store.Find<ContainerRow>(run.ContainerId) is not { } container)
        {
            return OwnRows.NotFound("playbook_run");
        }

        if (run.Status is not ("success" or "failed") || run.StartedAt is not { } started || run.EndedAt is not { } ended)
        {
            return new Refusal(RefusalKind.Invalid, "run_not_ended", $"Run {run.Id} is {run.Status}: only one that came to its own end, success or failed, has a whole record.");
        }

        var runs = await WithThoseBelow(run);
        var ofRuns = Where.In(nameof(NoteRow.PlaybookRunId), runs.Select(one => (object?)one.Id));
        var scope = await RunScope.Artifacts(store, run, CancellationToken.None);
        var turns = await store.Select<TurnRow>(Query.For(Where.In(nameof(TurnRow.RunId), runs.Select(one => (object?)one.Id))));
        var (start, end) = (await At(container, started), await At(container, ended));
        return new RunRecord(
            run,
            container with { Label = start("label", container.Label), Severity = start("severity", container.Severity), Status = start("status", container.Status), Sensitivity = start("sensitivity", container.Sensitivity) },
            end("severity", container.Severity),
            end("status", container.Status),
            await store.Select<ArtifactRow>(Query.For(Where.In(nameof(ArtifactRow.Id), scope.Select(one => (object?)one)))),
            [.. turns.OrderBy(turn => turn.Id).Select(turn => Turn(turn))],
            await Actions(runs),
            await Prompts(runs),
            await store.Select<NoteRow>(Query.For(Where.Is(nameof(NoteRow.ContainerId), run.ContainerId) & ofRuns)),
            await store.Select<PinRow>(Query.For(Where.Is(nameof(PinRow.ContainerId), run.ContainerId) & ofRuns)));
    }

    private async Task<List<PlaybookRunRow>> WithThoseBelow(PlaybookRunRow run)
    {
        var all = new List<PlaybookRunRow> { run };
        for (var at = 0; at < all.Count; at++)
        {
            all.AddRange(await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ParentRunId), all[at].Id))));
        }

        return all;
    }

    private static RecordedTurn Turn(TurnRow turn)
    {
        var (calls, clock) = TurnRecord.ReadClosed(turn.Record);
        return new RecordedTurn(turn.RunId, turn.Function, clock, [.. calls.Select(call => new RecordedTurnCall(call.Name, call.Arguments, call.Answer))]);
    }

    private async Task<IReadOnlyList<RecordedAction>> Actions(List<PlaybookRunRow> runs)
    {
        var asked = await store.Select<ActionRunRow>(Query.For(
            Where.In(nameof(ActionRunRow.PlaybookRunId), runs.Select(run => (object?)run.Id)) & !Where.Is(nameof(ActionRunRow.Type), ActionRunRow.OfAPerson)));
        var results = await store.Select<ActionResultRow>(Query.For(Where.In(nameof(ActionResultRow.ActionRunId), asked.Select(action => (object?)action.Id))));
        var assets = (await store.Select<AssetRow>(Query.For(Where.In(nameof(AssetRow.Id), results.Select(result => (object?)result.AssetId).Distinct())))).ToDictionary(asset => asset.Id, asset => asset.Name);
        return [.. asked.OrderBy(action => action.Id).Select(action => new RecordedAction(
            action,
            [.. results.Where(result => result.ActionRunId == action.Id).OrderBy(result => result.Id).Select(result => (assets.GetValueOrDefault(result.AssetId, ""), result))]))];
    }

    private async Task<IReadOnlyList<RecordedPrompt>> Prompts(List<PlaybookRunRow> runs)
    {
        var prompts = new List<RecordedPrompt>();
        foreach (var run in runs)
        {
            foreach (var prompt in await store.Select<PromptRow>(Query.For(Where.Is(nameof(PromptRow.ContainerId), run.ContainerId) & Where.Is(nameof(PromptRow.PlaybookRunId), run.Id))))
            {
                prompts.Add(new RecordedPrompt(prompt, prompt.AnsweredBy is { } user ? (await store.Find<UserRow>(user))?.Username : null));
            }
        }

        return prompts;
    }

    /// <summary>The fields of an event at a moment: the row has only what they are now, the audit trail each change.</summary>
    private async Task<Func<string, string, string>> At(ContainerRow container, DateTimeOffset moment)
    {
        var trail = await store.Select<AuditRow>(Query.For(
            Where.Is(nameof(AuditRow.Object), "container") & Where.Is(nameof(AuditRow.ObjectId), container.Id) & Where.In(nameof(AuditRow.Act), ["created", "changed"])));
        var changes = trail.OrderBy(row => row.Id).Select(row => (row.At, Content: JsonSerializer.Deserialize<JsonElement>(row.Content))).ToList();
        return (field, now) =>
        {
            var told = changes.Where(change => change.Content.ValueKind == JsonValueKind.Object && change.Content.TryGetProperty(field, out _)).ToList();
            return !told.Any(change => change.At > moment) ? now
                : told.LastOrDefault(change => change.At <= moment) is { Content.ValueKind: JsonValueKind.Object } last ? last.Content.GetProperty(field).ToString()
                : Otherwise(field, now);
        };
    }

    /// <summary>What an event has that nobody gave it this field.</summary>
    private static string Otherwise(string field, string now) => field switch
    {
        "status" => "new",
        "sensitivity" => "amber",
        _ => now,
    };
}
