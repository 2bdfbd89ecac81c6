using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Actions.Quota;
using Vedette.Engine.Apps;
using Vedette.Engine.Policies;
using Vedette.Engine.Scheduling;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Sdk;

namespace Vedette.Engine.Actions;

/// <summary>
/// Carries out one parameter set on one asset. 1. wait for quota and for the stop switch; 2. if it changes something, write <em>started</em>;
/// 3. call; 4. by the facts: done, failed, again, or settle what nobody answered.
/// </summary>
internal sealed class CarryOut(IStore store, IApps apps, IWayOutFactory ways, IPolicies policies, StopSwitch stop, Settlement settlement, Outcomes outcomes, Governor governor, Flights flights, EngineOptions options, TimeProvider time, ILogger<CarryOut> log)
{
    /// <summary>How often one call is sent, the first time counted.</summary>
    public const int Attempts = 4;

    /// <summary>How the message of an action begins that the stop switch holds.</summary>
    private const string RunWaits = "Waits: ";

    /// <param name="calledOff">Ends the waiting. A changing call that has left is not cut off by it: its answer is awaited and kept.</param>
    /// <param name="ending">The server ends: what is open stays as it is on disk.</param>
    public Task<ActionResultRow> One(ActionRunRow run, AppRunRow appRun, ActionResultRow result, Urgency urgency, bool last, CancellationToken calledOff, CancellationToken ending) =>
        Telemetry.Traced || Telemetry.CountsActions ? Told(run, appRun, result, urgency, last, calledOff, ending) : Carry(run, appRun, result, urgency, last, calledOff, ending);

    /// <summary>Somebody measures.</summary>
    private async Task<ActionResultRow> Told(ActionRunRow run, AppRunRow appRun, ActionResultRow result, Urgency urgency, bool last, CancellationToken calledOff, CancellationToken ending)
    {
        var began = time.GetTimestamp();
        var asking = run.PlaybookRunId is { } id && Telemetry.Traced ? await store.Find<PlaybookRunRow>(id, ending) : null;
        using var span = Telemetry.Continue("action", asking?.Trace ?? "");
        span?.SetTag("vedette.run", run.PlaybookRunId).SetTag("vedette.action_run", run.Id).SetTag("vedette.event", run.ContainerId).SetTag("vedette.action", appRun.Action).SetTag("vedette.asset", appRun.AssetId);
        var ended = await Carry(run, appRun, result, urgency, last, calledOff, ending);
        var status = ended.State == ActionState.Unknown ? "unknown" : ended.Status;
        span?.SetTag("vedette.status", status).SetTag("vedette.attempts", ended.Attempt);
        Telemetry.Action(time.GetElapsedTime(began), status, Word(ended.Reach));
        return ended;
    }

    private async Task<ActionResultRow> Carry(ActionRunRow run, AppRunRow appRun, ActionResultRow result, Urgency urgency, bool last, CancellationToken calledOff, CancellationToken ending)
    {
        var (target, fault) = await Target(appRun);
        if (target is null)
        {
            return await Ended(result, ActionAnswer.Failed(fault!), last);
        }

        if (result.State == ActionState.Approved && target.Asset.Version != appRun.AssetVersion)
        {
            return await Ended(result, ActionAnswer.Failed(HeldActions.AssetChanged(target.Asset.Name)), last);
        }

        var given = Parse(result.Parameter);
        var (parameters, wrong) = ParameterCheck.Check(target.Action, given);
        if (wrong is not null)
        {
            return await Ended(result, ActionAnswer.Failed(wrong), last);
        }

        if (!apps.Open(target.Asset).Ok(out var settings, out var closed))
        {
            return await Ended(result, ActionAnswer.Failed(closed.Message), last);
        }

        var limits = QuotaLimits.Of(target.Asset, target.Connector.Manifest, settings);
        if (result.Reach != Reach.Reads || limits.AnswersGoodFor == TimeSpan.Zero)
        {
            return await Call(run, result, target, parameters, settings, urgency, last, calledOff, ending);
        }

        var (answer, askedAt) = await Asked();
        if (askedAt is null)
        {
            return answer;
        }

        governor.CountShared(target, limits);
        return await Ended(
            result with { Decision = $"{result.Decision}; answered by what was asked at {askedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}".TrimStart(' ', ';') },
            new ActionAnswer { Success = answer.Status == "success", Message = answer.Message, Data = JsonNode.Parse(answer.Data)!.AsArray(), Summary = JsonNode.Parse(answer.Summary)!.AsObject() },
            last);

        async Task<(ActionResultRow, DateTimeOffset?)> Asked()
        {
            try
            {
                return await flights.Ask(Flights.Key(target, parameters.GetRawText()), limits.AnswersGoodFor, async () => (await Call(run, result, target, parameters, settings, urgency, last, calledOff, ending), !calledOff.IsCancellationRequested), calledOff);
            }
            catch (OperationCanceledException) when (calledOff.IsCancellationRequested && !ending.IsCancellationRequested)
            {
                return (await Ended(result, ActionAnswer.Failed("Called off before it was done."), last), null);
            }
        }
    }

    private async Task<ActionResultRow> Call(ActionRunRow run, ActionResultRow result, Apps.ActionTarget target, JsonElement parameters, AssetSettings settings, Urgency urgency, bool last, CancellationToken calledOff, CancellationToken ending)
    {
        // A call that was started before the server died and has no answer: nobody here sent it twice, so first see what became of it.
        var (unanswered, landed) = (result.State is ActionState.Started or ActionState.Unknown, false);
        var mayHaveLanded = unanswered;
        var landsBy = (result.AnsweredBy ?? time.GetUtcNow()) + LandedWithin(target, settings);
        var lost = "It was sent before the server ended, and no answer came.";
        var looks = 0;
        var waited = false;
        try
        {
            while (true)
            {
                var quota = await governor.Enter(target, settings, new QuotaCall(urgency, result.Id, result.Reach == Reach.Reads, Looks: unanswered), calledOff);
                using var pass = quota.Pass;
                if (pass is null)
                {
                    return await Ended(result, ActionAnswer.Failed($"{target.Connector.Manifest.Name}, asset \"{target.Asset.Name}\", {quota.Refused}"), last);
                }

                var moved = stop.Moved;
                if (await stop.Holding(run, target.Asset) is { } holding)
                {
                    pass.Dispose();
                    log.LogInformation("\"{Action}\" on {Asset} waits: {Why}.", run.Action, target.Asset.Name, holding);
                    await Say(run, $"{RunWaits}{holding}.");
                    waited = true;
                    await moved.WaitAsync(calledOff);
                    continue;
                }

                if (waited)
                {
                    waited = false;
                    await Say(run, "");
                }

                if (unanswered)
                {
                    var (verdict, found) = await settlement.Look(Order(run, result, target, parameters, settings, mayHaveLanded), target, result, landed, calledOff);
                    switch (verdict)
                    {
                        case Verdict.Happened:
                            return await Ended(result, found!, last);
                        case Verdict.SendAgain when result.Attempt < Attempts:
                            unanswered = false;
                            break;
                        case Verdict.NotYet:
                            pass.Dispose();
                            await settlement.Landed(result, landsBy, calledOff);
                            landed = true;
                            continue;
                        default:
                            result = await outcomes.Ask(run, result, target.Asset.Name, lost, ending);
                            pass.Dispose();
                            result = await outcomes.Said(result, result.Settling is Settling.Keyed or Settling.Findable ? looks++ : null, calledOff);
                            if (result.Status.Length > 0)
                            {
                                return result;
                            }

                            unanswered = result.State == ActionState.Unknown;
                            mayHaveLanded = true;
                            continue;
                    }
                }

                var (started, refusal) = await Start(result, target, run, parameters);
                if (refusal is not null)
                {
                    return await Ended(result with { Decision = refusal }, ActionAnswer.Failed(refusal), last);
                }

                if (started is null)
                {
                    if (result.State == ActionState.Unknown)
                    {
                        // A person's word may have come first.
                        result = await outcomes.Row(result.Id, calledOff);
                        if (result.Status.Length > 0)
                        {
                            return result;
                        }

                        unanswered = result.State == ActionState.Unknown;
                    }

                    continue;
                }

                result = started;
                var answer = await Send(Order(run, result, target, parameters, settings, mayHaveLanded), target, result.Reach == Reach.Reads ? calledOff : ending);
                pass.Took(answer);
                mayHaveLanded |= answer.Fault is { MayHaveHappened: true };
                switch (Retrying.After(answer, result, Attempts))
                {
                    case Next.End:
                        return await Ended(result, ParameterCheck.LeftOut(target.Action, Parse(result.Parameter)) is { } leftOut ? answer with { Message = $"{answer.Message} {leftOut}".TrimStart() } : answer, last);
                    case Next.Settle:
                        (unanswered, landed, landsBy, lost) = (true, false, time.GetUtcNow() + LandedWithin(target, settings), answer.Message);
                        break;
                    default:
                        pass.Dispose();
                        await Task.Delay(Retrying.Pause(answer, result.Attempt), time, calledOff);
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (calledOff.IsCancellationRequested && !ending.IsCancellationRequested)
        {
            return unanswered
                ? await Unknown(result, target, $"{lost} It was called off before anybody knew what became of it.", last)
                : await Ended(result, ActionAnswer.Failed("Called off before it was done."), last);
        }
    }

    /// <summary>Puts on record why it has not left; nothing hangs on it.</summary>
    private async Task Say(ActionRunRow run, string why)
    {
        var unit = new Unit();
        unit.Update<ActionRunRow>(run.Id, null, (nameof(run.Message), why));
        unit.GoOnBeforeDisk();
        await store.Commit(unit);
    }

    private static string Word(Reach reach) => reach switch
    {
        Reach.Reads => "reads",
        Reach.Records => "records",
        Reach.Changes => "changes",
        _ => "destroys",
    };

    /// <summary>Writes how a parameter set ended.</summary>
    public static void WriteEnd(Unit unit, ActionResultRow result) => unit.Update<ActionResultRow>(
        result.Id,
        null,
        (nameof(result.State), result.State),
        (nameof(result.Settling), result.Settling),
        (nameof(result.Attempt), result.Attempt),
        (nameof(result.StartedAt), result.StartedAt),
        (nameof(result.Decision), result.Decision),
        (nameof(result.EndedAt), result.EndedAt),
        (nameof(result.Status), result.Status),
        (nameof(result.Message), result.Message),
        (nameof(result.Summary), result.Summary),
        (nameof(result.Data), result.Data),
        (nameof(result.StateBefore), result.StateBefore));

    private async Task<(Apps.ActionTarget? Target, string? Fault)> Target(AppRunRow appRun)
    {
        // By its name and not by its number: a number could be another asset's name.
        var asset = (await apps.Catalogue()).Assets.FirstOrDefault(one => one.Id == appRun.AssetId);
        if (asset is null)
        {
            return (null, $"Asset {appRun.AssetId} is no longer there.");
        }

        var resolved = await apps.Resolve(appRun.Action, [asset.Name], null);
        return resolved.Ok(out var targets, out var refusal) ? (targets[0], null) : (null, refusal.Message);
    }

    /// <summary>How long this system may still take to do what it was asked when its answer has been given up.</summary>
    private static TimeSpan LandedWithin(Apps.ActionTarget target, AssetSettings settings) =>
        TimeSpan.FromSeconds(settings.Number("landed_within_seconds", (int)target.Action.LandedWithin.TotalSeconds));

    /// <summary>
    /// For what changes something <em>started</em> is on disk before the call, and what has a cap is counted in the same commit: so a cap holds
    /// for all that start at once, and over a restart. The policy is asked once more, as it may have been made stricter while this waited.
    /// Neither when the stop switch or the policy moved meanwhile; a refusal where a cap is reached or the policy no longer lets it go.
    /// </summary>
    private async Task<(ActionResultRow? Started, string? Refusal)> Start(ActionResultRow result, Apps.ActionTarget target, ActionRunRow run, JsonElement parameters)
    {
        var now = time.GetUtcNow();
        var started = result with
        {
            State = ActionState.Started,
            Attempt = result.Attempt + 1,
            StartedAt = result.StartedAt ?? now,
            SendBy = now + target.AnswerWithin,
            AnsweredBy = now + target.AnswerWithin + target.AnswerWithin,
        };
        if (result.Reach == Reach.Reads)
        {
            return (started, null);
        }

        var unit = new Unit();
        var row = await stop.Row();
        unit.Expect<SettingRow>(row.Id, row.Version);
        Ruling? ruling = null;
        if (result.StartedAt is null)
        {
            var root = await Root(run);
            ruling = await policies.Decide(Asking.Of(target, parameters, named: true, result.Reach) with
            {
                Container = run.ContainerId is { } container ? new ContainerId(container) : null,
                Playbook = run.PlaybookId is { } playbook ? new PlaybookId(playbook) : null,
                Run = root,
            });
            if (NoLonger(ruling, result) is { } sentence)
            {
                return (null, sentence);
            }

            policies.Expect(unit, ruling);
            policies.Count(unit, ruling, result);
            Count(unit, result, root, now);
        }

        // Where a person was asked about it, their word and this look may come at once: the first counts.
        unit.Update<ActionResultRow>(result.Id, result.State == ActionState.Unknown ? result.Version : null, (nameof(started.State), started.State), (nameof(started.Attempt), started.Attempt), (nameof(started.StartedAt), started.StartedAt), (nameof(started.SendBy), started.SendBy), (nameof(started.AnsweredBy), started.AnsweredBy));
        unit.Audit(Caller.Platform with { CausedBy = run.CausedBy, Channel = run.Channel, UserId = run.UserId ?? 0 }, now, "started", "action_result", result.Id, result.ContainerId, new JsonObject { ["rule"] = result.Decision });
        var commit = await store.Commit(unit);
        switch (commit.Kind)
        {
            case CommitKind.Done:
                return (started, null);
            case CommitKind.Capped:
                var sentence = ruling is not null && policies.CapSentence(ruling, commit) is { } ofPolicy ? ofPolicy : commit.What == nameof(CapChanges) ? options.Caps.ChangesSentence(run.Action, target.Asset.Name) : options.Caps.WritesSentence(run.Action, target.Asset.Name);
                log.LogWarning("{Sentence}", sentence);
                return (null, sentence);
            case CommitKind.Stale:
                stop.Forget();
                policies.Forget();
                await stop.Row();
                return (null, null);
            default:
                await Task.Delay(TimeSpan.FromSeconds(1), time);
                return (null, null);
        }
    }

    /// <summary>What is started for the first time counts; sent again after a failure it is the same action.</summary>
    private void Count(Unit unit, ActionResultRow result, PlaybookRunId? root, DateTimeOffset now)
    {
        if (result.Reach is Reach.Changes or Reach.Destroys)
        {
            unit.Add(new CapChanges(now - TimeSpan.FromHours(1), options.Caps.ChangesPerHour));
        }

        if (root is { } run)
        {
            unit.Add(new Increase(typeof(PlaybookRunRow), run.Value, nameof(PlaybookRunRow.WritesStarted), 1, options.Caps.WritesPerRun));
        }
    }

    /// <summary>The run that no other started, on which caps count: who starts playbooks that start playbooks has no more than others.</summary>
    private async Task<PlaybookRunId?> Root(ActionRunRow run)
    {
        if (run.AskingRunId is not { } asking)
        {
            return null;
        }

        while (await store.Find<PlaybookRunRow>(asking) is { ParentRunId: { } above })
        {
            asking = above;
        }

        return new PlaybookRunId(asking);
    }

    /// <summary>Why the policy, as it is now, no longer lets go what it let go when it was asked for; null where it does.</summary>
    private static string? NoLonger(Ruling ruling, ActionResultRow result) => ruling.Kind switch
    {
        RulingKind.Run => null,
        RulingKind.Ask when result.State == ActionState.Approved && result.Decision.StartsWith(ruling.Sentence, StringComparison.Ordinal) => null,
        RulingKind.Ask => "Not sent: the policy was changed after this action was asked for, and now has people asked. Ask for it again.",
        _ => ruling.Sentence,
    };

    private ActionCall Order(ActionRunRow run, ActionResultRow result, Apps.ActionTarget target, JsonElement parameters, AssetSettings settings, bool mayHaveLanded) => new()
    {
        Action = target.Action.Name,
        Parameters = parameters,
        Asset = settings,
        Container = run.ContainerId is { } id ? new ContainerId(id) : null,
        EffectKey = result.EffectKey,
        Attempt = (int)result.Attempt,
        MayHaveLanded = mayHaveLanded,
        SendBy = result.SendBy ?? time.GetUtcNow() + target.AnswerWithin,
        WayOut = ways.For(apps.ScopeOf(target.Asset)),
        Time = time,
        Secrets = new Secrets(target.Connector.Manifest, settings),
    };

    private async Task<ActionAnswer> Send(ActionCall call, Apps.ActionTarget target, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(target.AnswerWithin, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var answer = call.Secrets.HideIn(await target.Connector.Run(call, both.Token));
            return answer.Success && answer.Message.Length == 0 ? answer with { Message = AutomaticMessage.From(answer.Summary) } : answer;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return ActionAnswer.Failed(NoAnswer.Of(target), new Fault(FaultKind.TimedOut, MayHaveHappened: true));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError("The connector for {Action} on {Asset} threw: {Exception}", call.Action, target.Asset.Name, call.Secrets.HideIn(exception.ToString()));
            return ActionAnswer.Failed($"The connector of {target.Asset.Name} broke down: {exception.GetType().Name}.", new Fault(FaultKind.Unreadable, MayHaveHappened: true));
        }
    }

    /// <summary>Called off while nobody knew: not tried again, for a second time may be once too often.</summary>
    private Task<ActionResultRow> Unknown(ActionResultRow result, Apps.ActionTarget target, string why, bool last) =>
        Ended(result with { State = ActionState.Unknown }, ActionAnswer.Failed(Outcomes.Sentence(target.Asset.Name, why)), last);

    private async Task<ActionResultRow> Ended(ActionResultRow result, ActionAnswer answer, bool last)
    {
        var ended = result with
        {
            State = result.State == ActionState.Unknown ? ActionState.Unknown : answer.Success ? ActionState.Done : ActionState.Failed,
            Settling = settlement.Learn(result, answer),
            Status = answer.Success ? "success" : "failed",
            Message = answer.Message,
            Summary = answer.Summary.ToJsonString(),
            Data = answer.Data.ToJsonString(),
            StateBefore = answer is { Success: true, WayBack: { } back } ? new JsonObject { ["action"] = back.Action, ["parameters"] = back.Parameters.DeepClone(), ["left"] = back.Left }.ToJsonString() : result.StateBefore,
            EndedAt = time.GetUtcNow(),
        };
        if (!last)
        {
            var unit = new Unit();
            WriteEnd(unit, ended);
            unit.GoOnBeforeDisk();
            await Patience.Until(
                async () => (await store.Commit(unit)).Kind != CommitKind.Unavailable,
                () => log.LogWarning("The answer to {Action} waits for the store to write again.", result.Target),
                time,
                CancellationToken.None);
        }

        return ended;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
