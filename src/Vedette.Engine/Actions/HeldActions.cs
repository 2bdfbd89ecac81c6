using System.Text.Json;
using Vedette.Engine.Apps;
using Vedette.Engine.Policies;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>
/// Actions that are asked for in full and wait for a person. They lie on disk as they will leave, bound to the asset and app of that
/// moment; a restart leaves them where they are.
/// </summary>
internal sealed class HeldActions(IStore store, IApps apps, IPolicies policies, Runner runner, TimeProvider time)
{
    public static string AssetChanged(string asset) => $"Not sent: asset \"{asset}\" was changed after this action was asked for, so the approval is void. Ask for it again.";

    public async Task<Outcome<Done>> Release(Unit unit, Caller caller, ActionRunId id)
    {
        var run = (await store.Find<ActionRunRow>(id.Value))!;
        var appRuns = await store.Select<AppRunRow>(Query.For(Where.Is(nameof(AppRunRow.ActionRunId), id.Value)));
        var results = (await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), id.Value)))).ToList();
        foreach (var appRun in appRuns.Where(appRun => results.Any(result => result.AppRunId == appRun.Id && result.State == ActionState.Waiting)))
        {
            var waiting = results.Where(result => result.AppRunId == appRun.Id && result.State == ActionState.Waiting).ToList();
            if (await Changed(unit, run, appRun, waiting) is { } sentence)
            {
                return new Refusal(RefusalKind.Conflict, "approval_void", sentence);
            }

            unit.Expect<AssetRow>(appRun.AssetId, appRun.AssetVersion);
        }

        for (var at = 0; at < results.Count; at++)
        {
            if (results[at].State == ActionState.Waiting)
            {
                var result = results[at] with { State = ActionState.Approved, Decision = $"{results[at].Decision}; approved by {caller.Username}" };
                unit.Update<ActionResultRow>(result.Id, result.Version, (nameof(result.State), result.State), (nameof(result.Decision), result.Decision));
                results[at] = result;
            }
        }

        unit.Afterward(() => runner.Take(run, appRuns, results));
        return default(Done);
    }

    public async Task Withdraw(Unit unit, ActionRunId id, string status, string message)
    {
        var now = time.GetUtcNow();
        var run = (await unit.Find<ActionRunRow>(store, id.Value))!;
        IReadOnlyList<ActionResultRow> results =
        [
            .. unit.Inserted<ActionResultRow>().Where(result => result.ActionRunId == id.Value),
            .. await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), id.Value))),
        ];
        IReadOnlyList<AppRunRow> appRuns =
        [
            .. unit.Inserted<AppRunRow>().Where(appRun => appRun.ActionRunId == id.Value),
            .. await store.Select<AppRunRow>(Query.For(Where.Is(nameof(AppRunRow.ActionRunId), id.Value))),
        ];
        foreach (var result in results.Where(result => result.State == ActionState.Waiting))
        {
            unit.Update<ActionResultRow>(result.Id, null, (nameof(result.State), ActionState.Failed), (nameof(result.Status), "failed"), (nameof(result.Message), message), (nameof(result.EndedAt), now));
        }

        foreach (var appRun in appRuns.Where(appRun => appRun.EndedAt is null))
        {
            var total = results.Count(result => result.AppRunId == appRun.Id);
            unit.Update<AppRunRow>(
                appRun.Id,
                null,
                (nameof(appRun.Status), status),
                (nameof(appRun.Message), message),
                (nameof(appRun.ResultSummary), $"{{\"total_objects\": {total}, \"total_objects_successful\": 0}}"),
                (nameof(appRun.EndedAt), now));
        }

        unit.Update<ActionRunRow>(run.Id, null, (nameof(run.Status), status), (nameof(run.Message), message), (nameof(run.EndedAt), now));
        runner.TellRun(unit, run, now);
    }

    /// <summary>What is no longer as it was asked, in a sentence; null where all is.</summary>
    private async Task<string?> Changed(Unit unit, ActionRunRow run, AppRunRow appRun, IReadOnlyList<ActionResultRow> waiting)
    {
        var asset = (await apps.Catalogue()).Assets.FirstOrDefault(one => one.Id == appRun.AssetId);
        if (asset is null)
        {
            return $"Not sent: asset {appRun.AssetId} is no longer there, so the approval is void.";
        }

        if (asset.Version != appRun.AssetVersion)
        {
            return AssetChanged(asset.Name);
        }

        if (!(await apps.Resolve(appRun.Action, [asset.Name], null)).Ok(out var targets, out var refusal))
        {
            return $"Not sent: {refusal.Message}";
        }

        if (targets[0].App.Id != appRun.AppId || targets[0].App.AppVersion != appRun.AppVersion)
        {
            return $"Not sent: the app of asset \"{asset.Name}\" was changed after this action was asked for, so the approval is void. Ask for it again.";
        }

        foreach (var result in waiting)
        {
            var (parameters, _) = ParameterCheck.Check(targets[0].Action, JsonSerializer.Deserialize<JsonElement>(result.Parameter));
            // Whatever writes was allowed only because its asset was named.
            var ruling = await policies.Decide(Asking.Of(targets[0], parameters, named: true) with
            {
                Container = run.ContainerId is { } container ? new ContainerId(container) : null,
                Playbook = run.PlaybookId is { } playbook ? new PlaybookId(playbook) : null,
                Run = run.AskingRunId is { } asking ? new PlaybookRunId(asking) : null,
            });
            if (ruling.Sentence != result.Decision)
            {
                return $"Not sent: the policy was changed after this action was asked for, so the approval is void. {ruling.Sentence}";
            }

            policies.Expect(unit, ruling);
        }

        return null;
    }
}
