using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Actions.Quota;
using Vedette.Engine.Apps;
using Vedette.Engine.Policies;
using Vedette.Engine.Storage;
using Vedette.Model;
using Resolved = Vedette.Engine.Apps.ActionTarget;

namespace Vedette.Engine.Actions;

internal sealed class ActionRoom(IStore store, RepositoryReach repositories, IApps apps, IPolicies policies, Runner runner, EndedActions endings, HeldActions held, Undoing undoing, Outcomes outcomes, StopSwitch stop, AssetTester tester, Governor governor, EngineOptions options, TimeProvider time) : IActions
{
    /// <summary>Parameter sets one asking may have; more is refused.</summary>
    public const int MaxParameterSets = 1000;

    public bool Stopped => stop.Stopped;

    public string StopReason => stop.Reason;

    public IReadOnlyList<StoppedPart> StoppedParts => stop.Parts;

    public IReadOnlyList<QuotaState> Quotas => governor.States();

    public QuotaWait? WaitOf(AssetId asset, ActionResultId result) => governor.WaitOf(asset.Value, result.Value);

    public async Task<Outcome<QuotaState>> Quota(Caller caller, AssetId asset, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.ViewEvents) is { } refusal)
        {
            return refusal;
        }

        if ((await apps.Catalogue(ct)).Assets.FirstOrDefault(one => one.Id == asset.Value && one.TenantId == caller.TenantId) is not { } row)
        {
            return new Refusal(RefusalKind.NotFound, "unknown_asset", "asset item not found");
        }

        return governor.State(row.Id) ?? QuotaState.Untouched(row.Id);
    }

    public async Task<Outcome<Asked>> Ask(Unit unit, Caller caller, ActionRequest request)
    {
        if (caller.Lacks(Permissions.RunActions) is { } refusal)
        {
            return refusal;
        }

        if (request.Targets.Count == 0)
        {
            return new Refusal(RefusalKind.Invalid, "no_targets", $"Action \"{request.Action}\" was asked without targets: give a list of objects, each with assets (names) and parameters (a list of objects).");
        }

        // What a run asks for at the server's own REST is the run's as well: else it would have a way around what is said of its playbook.
        var asking = request.Run?.Run ?? caller.Run;
        var playbook = request.Run?.Playbook ?? (asking is { } by && await unit.Find<PlaybookRunRow>(store, by.Value) is { } causing ? new PlaybookId(causing.PlaybookId) : null);
        var now = time.GetUtcNow();
        var id = request.Id?.Value ?? store.NextId<ActionRunRow>();
        var faults = new List<string>();
        var appRuns = new List<AppRunRow>();
        var results = new List<ActionResultRow>();
        var shown = new List<HeldTarget>();
        var rulings = new List<Ruling>();
        var type = "investigate";
        foreach (var target in request.Targets)
        {
            var parameterSets = target.Parameters.Count == 0 ? [EmptyObject] : target.Parameters;
            if (parameterSets.Count > MaxParameterSets)
            {
                return new Refusal(RefusalKind.TooLarge, "too_many_parameters", $"Action \"{request.Action}\" was asked with {parameterSets.Count} parameter sets; at most {MaxParameterSets} go in one asking.");
            }

            if (target.Assets is { Count: 0 })
            {
                faults.Add($"Action \"{request.Action}\" was asked with an empty list of assets: there is nothing to run it on.");
                continue;
            }

            var resolved = await apps.Resolve(request.Action, target.Assets, target.App);
            if (!resolved.Ok(out var on, out var no))
            {
                faults.Add(no.Message);
                continue;
            }

            if (request.Run is { } run && run.TargetsAsked + results.Count + ((long)on.Count * parameterSets.Count) > options.Caps.ActionsPerRun)
            {
                faults.Add(options.Caps.ActionsSentence($"\"{request.Action}\" with {parameterSets.Count} parameter set{(parameterSets.Count == 1 ? "" : "s")}"));
                continue;
            }

            foreach (var one in on)
            {
                if (request.Run is { } from && await repositories.Refuses(from.Run, request.Action, one.Action.Reach) is { } beyond)
                {
                    faults.Add(beyond);
                    continue;
                }

                type = one.Action.Type;
                await Ask(request, (asking, playbook), id, one, parameterSets, target.Named, now, caller, appRuns, results, shown, rulings);
            }
        }

        // Where one part of it waits for people, all of it does: what was asked for together is approved together.
        var isHeld = shown.Count > 0 && (request.Held || rulings.Any(ruling => ruling.Kind == RulingKind.Ask));
        if (isHeld)
        {
            results = [.. results.Select(result => result.State == ActionState.Allowed ? result with { State = ActionState.Waiting } : result)];
        }

        var ended = results.All(result => result.State is ActionState.Failed);
        var asked = new ActionRunRow
        {
            Id = id,
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = request.Container?.Value,
            PlaybookId = playbook?.Value,
            PlaybookRunId = request.Run?.Run.Value,
            AskingRunId = asking?.Value,
            Action = request.Action,
            Name = request.Name.Length == 0 ? $"{request.Action.Replace(' ', '_')}_{id}" : request.Name,
            Type = type,
            Status = ended ? "failed" : "pending",
            Message = ended ? string.Join(' ', faults.Concat(results.Select(result => result.Message)).Distinct()) : "",
            Targets = JsonSerializer.Serialize(request.Targets.Select(target => new { assets = target.Assets, parameters = target.Parameters, app = target.App })),
            Callback = request.Run?.Callback,
            Handle = request.Run?.Handle,
            LoopState = request.Run?.LoopState,
            UserId = caller.UserId,
            Channel = caller.Channel,
            CausedBy = caller.CausedBy,
            StartAfter = request.Run?.StartAfter,
            EndedAt = ended ? now : null,
        };
        unit.Insert(asked);
        foreach (var appRun in appRuns)
        {
            unit.Insert(appRun);
        }

        foreach (var result in results)
        {
            unit.Insert(result);
        }

        if (request.Undoes is { } undone && results.Count > 0)
        {
            // Of two who undo the same the first counts.
            unit.Update<ActionResultRow>(undone.Id, undone.Version, (nameof(undone.UndoneById), results[0].Id));
        }

        unit.Audit(caller, now, request.Undoes is null ? "asked" : "asked_undo", "action_run", id, asked.ContainerId, new JsonObject
        {
            ["action"] = asked.Action,
            ["name"] = asked.Name,
            ["assets"] = new JsonArray(appRuns.Select(appRun => (JsonNode)appRun.AssetId).ToArray()),
            ["decisions"] = new JsonArray(results.Select(result => (JsonNode)result.Decision).Distinct().ToArray()),
        });
        if (ended)
        {
            runner.TellRun(unit, asked, now);
        }
        else if (!isHeld)
        {
            unit.Afterward(() => runner.Take(asked, appRuns, results));
        }

        return new Asked(new ActionRunId(id), results.Count)
        {
            Held = isHeld ? shown : [],
            Requirements = [.. rulings.SelectMany(ruling => ruling.Requirements).GroupBy(one => (one.Rule, string.Join(',', one.Who))).Select(same => same.MaxBy(one => one.Persons)!)],
            Within = rulings.Min(ruling => ruling.Within),
            Escalation = rulings.Select(ruling => ruling.Escalation).OfType<Escalation>().MinBy(one => one.After),
        };
    }

    public async Task<ActionRecord?> Read(ActionRunId id)
    {
        if (endings.Take(id.Value) is { } just)
        {
            return just;
        }

        return await store.Find<ActionRunRow>(id.Value) is { } run
            ? new ActionRecord(
                run,
                await store.Select<AppRunRow>(Query.For(Where.Is(nameof(AppRunRow.ActionRunId), run.Id))),
                await store.Select<ActionResultRow>(Query.For(Where.Is(nameof(ActionResultRow.ActionRunId), run.Id))))
            : null;
    }

    public Task<Outcome<Done>> Release(Unit unit, Caller caller, ActionRunId id) => held.Release(unit, caller, id);

    public Task Withdraw(Unit unit, ActionRunId id, string status, string message) => held.Withdraw(unit, id, status, message);

    public async Task<Outcome<Done>> Cancel(Unit unit, Caller caller, ActionRunId id)
    {
        if (caller.Lacks(Permissions.RunActions) is { } refusal)
        {
            return refusal;
        }

        var run = await store.Find<ActionRunRow>(id.Value);
        if (run is null)
        {
            return new Refusal(RefusalKind.NotFound, "no_action_run", "action_run item not found");
        }

        unit.Audit(caller, time.GetUtcNow(), "cancelled", "action_run", id.Value, run.ContainerId);
        unit.Afterward(() => runner.CallOff(id.Value));
        return default(Done);
    }

    public Task<Outcome<Done>> Decide(Unit unit, Caller caller, ActionRunId id, OutcomeWord word, string message) => outcomes.Decide(unit, caller, id, word, message);

    public async Task<Outcome<JsonObject>> Explain(Caller caller, ExplainRequest request)
    {
        if (caller.Lacks(Permissions.ViewPlaybooks | Permissions.ViewEvents) is { } refusal)
        {
            return refusal;
        }

        if (!(await apps.Resolve(request.Action, [request.Asset], null)).Ok(out var targets, out var unknown))
        {
            return unknown;
        }

        if (request.Container is { } container && await store.Find<ContainerRow>(container.Value) is null)
        {
            return new Refusal(RefusalKind.Invalid, "unknown_event", $"There is no event {container.Value}.");
        }

        if (request.Playbook is { } playbook && await store.Find<PlaybookRow>(playbook.Value) is null)
        {
            return new Refusal(RefusalKind.Invalid, "unknown_playbook", $"There is no playbook {playbook.Value}.");
        }

        var (parameters, fault) = ParameterCheck.Check(targets[0].Action, request.Parameters);
        return await policies.Explain(Asking.Of(targets[0], fault is null ? parameters : request.Parameters, named: true) with { Container = request.Container, Playbook = request.Playbook });
    }

    public Task<Outcome<IReadOnlyList<UndoStep>>> UndoPlan(Caller caller, PlaybookRunId run) => undoing.Plan(caller, run);

    public Task<Outcome<ActionRequest>> UndoRequest(Caller caller, PlaybookRunId run, ActionResultId result) => undoing.Request(caller, run, result);

    public Task<Outcome<AssetTest>> Test(Caller caller, AssetId asset, CancellationToken ct) => tester.Test(caller, asset, ct);

    public Task<Outcome<Done>> Stop(Unit unit, Caller caller, bool stopped, string reason, StopScope? scope) => stop.Set(unit, caller, stopped, reason, scope);

    private static JsonElement EmptyObject { get; } = JsonSerializer.SerializeToElement(new JsonObject());

    private async Task Ask(
        ActionRequest request, (PlaybookRunId? Run, PlaybookId? Playbook) by, long runId, Resolved on, IReadOnlyList<JsonElement> parameterSets, bool named, DateTimeOffset now, Caller caller, List<AppRunRow> appRuns, List<ActionResultRow> results, List<HeldTarget> shown, List<Ruling> rulings)
    {
        var appRunId = store.NextId<AppRunRow>();
        var asked = new List<ActionResultRow>();
        foreach (var parameters in parameterSets)
        {
            var (sent, wrong) = ParameterCheck.Check(on.Action, parameters);
            var ruling = await policies.Decide(Asking.Of(on, wrong is null ? sent : parameters, named) with { Container = request.Container, Playbook = by.Playbook, Run = by.Run });
            var fault = ruling.Kind is RulingKind.Refuse or RulingKind.Record ? ruling.Sentence : wrong;
            if (fault is null)
            {
                shown.Add(new HeldTarget(on.Action.Name, on.Asset.Name, on.App.Name, sent, ruling.Reach));
                rulings.Add(ruling);
            }

            asked.Add(new ActionResultRow
            {
                Id = store.NextId<ActionResultRow>(),
                TenantId = caller.TenantId,
                CreatedAt = now,
                UpdatedAt = now,
                AppRunId = appRunId,
                ActionRunId = runId,
                AssetId = on.Asset.Id,
                ContainerId = request.Container?.Value,
                Position = asked.Count,
                State = fault is not null ? ActionState.Failed : ActionState.Allowed,
                Reach = ruling.Reach,
                // A query that writes is no look-up that may be asked twice.
                Settling = on.Action.Settling == Settling.Reads && ruling.Reach > Reach.Reads && on.Action.Reach == Reach.Reads ? Settling.Unknown : on.Action.Settling,
                // Never made from ids: after a restored backup the same ids come again, and a new ticket would be taken for an old one.
                EffectKey = RandomNumberGenerator.GetHexString(32, lowercase: true),
                Parameter = parameters.GetRawText(),
                Target = $"{on.Asset.Name}:{on.Action.Name}",
                Decision = ruling.Sentence,
                Status = fault is null ? "" : "failed",
                Message = fault ?? "",
                EndedAt = fault is null ? null : now,
                UndoesId = request.Undoes?.Id,
                Simulated = ruling.Kind == RulingKind.Record,
            });
        }

        var ended = asked.All(result => result.State == ActionState.Failed);
        appRuns.Add(new AppRunRow
        {
            Id = appRunId,
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ActionRunId = runId,
            ContainerId = request.Container?.Value,
            PlaybookRunId = request.Run?.Run.Value,
            Action = on.Action.Name,
            AppId = on.App.Id,
            AppName = on.App.Name,
            AppVersion = on.App.AppVersion,
            AssetId = on.Asset.Id,
            AssetVersion = on.Asset.Version,
            UserId = caller.UserId,
            Status = ended ? "failed" : "pending",
            Message = ended ? asked[0].Message : "",
            ResultSummary = ended ? $"{{\"total_objects\": {asked.Count}, \"total_objects_successful\": 0}}" : "{}",
            EndedAt = ended ? now : null,
        });
        results.AddRange(asked);
    }
}
