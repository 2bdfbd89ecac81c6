using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Approvals;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks;

internal sealed class PlaybookRoom(IStore store, PlaybookImporter importer, RunAsRights runAs, PlaybookSources sources, RunStarts starts, RunLine line, RunDispatcher dispatcher, SandboxAcceptance acceptance, RunRecords records, RunWaits waits, IApprovals approvals, RunEnds ends, RunPace pace, Lazy<RunServices> services, Lazy<ISourceExaminer> examiner, AppsAsked apps, TimeProvider time) : IPlaybooks
{
    public double EndedPerSecond => pace.EndedPerSecond;

    public (int Count, DateTimeOffset? Since) TurnsWaiting => services.Value.Gate.Waiting;

    public async Task<Outcome<PlaybookRunId>> Start(Unit unit, Caller caller, StartRun what)
    {
        if (caller.Lacks(Permissions.RunPlaybooks) is { } refusal)
        {
            return refusal;
        }

        var found = await starts.Find(what.Playbook);
        if (!found.Ok(out var playbook, out var missing))
        {
            return missing;
        }

        var container = await unit.Find<ContainerRow>(store, what.Container.Value);
        if (container is null)
        {
            return new Refusal(RefusalKind.NotFound, "no_container", "container item not found");
        }

        if (what.Scope is not ("new" or "all") && !IsIds(what.Scope))
        {
            return new Refusal(RefusalKind.Invalid, "bad_scope", $"Scope \"{what.Scope}\" is none of \"new\", \"all\" and a list of artifact ids.");
        }

        var run = starts.New(playbook, container, caller) with
        {
            Scope = what.Scope,
            Inputs = what.Inputs is { ValueKind: JsonValueKind.Object } inputs ? inputs.GetRawText() : "{}",
        };
        starts.Write(unit, caller, run);
        return new PlaybookRunId(run.Id);
    }

    public Task<Outcome<RunWait[]>> WaitsFor(Caller caller, PlaybookRunId id) => waits.Of(caller, id);

    public Task<IDisposable> Hold(ContainerId container) => line.Hold(container.Value);

    public async Task<Outcome<Done>> StartByTrigger(Unit unit, Caller caller, ContainerRow container, TriggerRow trigger)
    {
        var open = (await line.Open(container.Id)).ToList();
        var active = await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Active), true) & Where.Is(nameof(PlaybookRow.Disabled), false) & Where.Is(nameof(PlaybookRow.Trigger), trigger.Kind)));
        var position = 0;
        foreach (var playbook in active.Where(playbook => HasLabel(playbook, container.Label)).OrderBy(playbook => playbook.Position).ThenBy(playbook => playbook.Id))
        {
            // One that has not started takes the new artifacts along: its scope is set when it starts.
            if (open.Any(run => run.PlaybookId == playbook.Id && run.Status == "pending") || !playbook.PassedValidation)
            {
                continue;
            }

            var run = starts.New(playbook, container, caller) with { TriggerId = trigger.Id, Position = position++, UserId = playbook.RunAsId ?? caller.UserId };
            open.Add(await starts.Enter(unit, caller, run, open, container));
        }

        return default(Done);
    }

    public Task<Outcome<ImportedPlaybook>> Import(Unit unit, Caller caller, PlaybookImport import) => importer.Import(unit, caller, import);

    public async Task<SourceFacts> Facts(string name, byte[] source, bool python2, CancellationToken ct)
    {
        var (check, facts) = await examiner.Value.Examine($"{name}.py", source, python2, ct);
        return SourceFacts.Read(check, facts);
    }

    public async Task<Outcome<Done>> RollBack(Unit unit, Caller caller, PlaybookId id, PlaybookVersionRow to)
    {
        if (caller.Lacks(Permissions.EditPlaybooks) is { } refusal)
        {
            return refusal;
        }

        var row = await store.Find<PlaybookRow>(id.Value);
        if (row is null || row.TenantId != caller.TenantId || to.PlaybookId != row.Id)
        {
            return new Refusal(RefusalKind.NotFound, "no_playbook", "playbook item not found");
        }

        using var metadata = JsonDocument.Parse(to.Metadata);
        var imported = await importer.Import(unit, caller, new PlaybookImport(row.Repository, row.Name, await sources.Bytes(to.SourceHash), metadata.RootElement, Force: true) { Commit = to.CommitId, Path = to.Path });
        return imported.Ok(out _, out var no) ? default(Done) : no;
    }

    public async Task<Outcome<Done>> Change(Unit unit, Caller caller, PlaybookId id, PlaybookChange change)
    {
        if (caller.Lacks(Permissions.EditPlaybooks) is { } refusal)
        {
            return refusal;
        }

        var row = await store.Find<PlaybookRow>(id.Value);
        if (row is null)
        {
            return new Refusal(RefusalKind.NotFound, "no_playbook", "playbook item not found");
        }

        if (change.Active == true && await runAs.Lacking(caller, row) is { } raises)
        {
            return raises;
        }

        if (change.Trigger is { } trigger && trigger != row.Trigger)
        {
            if (!Triggers.All.Contains(trigger))
            {
                return new Refusal(RefusalKind.Invalid, "unknown_trigger", $"playbook_trigger \"{trigger}\" is not known; it is one of: {string.Join(", ", Triggers.All)}.");
            }

            unit.Update<PlaybookRow>(row.Id, row.Version, (nameof(row.Trigger), trigger));
            unit.Audit(caller, time.GetUtcNow(), "changed", "playbook", row.Id, content: new JsonObject { ["playbook_trigger"] = trigger });
        }

        if (change.Active is { } on)
        {
            if (on && !row.PassedValidation)
            {
                return new Refusal(RefusalKind.Invalid, "playbook_broken", $"Playbook \"{row.Repository}/{row.Name}\" cannot be activated: {row.ValidationMessage}");
            }

            if (on && row.PlaybookType != PlaybookTypes.Automation)
            {
                return new Refusal(RefusalKind.Invalid, "not_automation", $"\"{row.Repository}/{row.Name}\" is of type {row.PlaybookType}; only automation playbooks start by themselves.");
            }

            unit.Update<PlaybookRow>(row.Id, unit.VersionToBuildOn<PlaybookRow>(row.Id, row.Version), (nameof(row.Active), on), (nameof(row.AppVersions), on ? await apps.Of(row) : row.AppVersions));
            unit.Audit(caller, time.GetUtcNow(), on ? "activated" : "deactivated", "playbook", row.Id, content: new JsonObject { ["commit"] = row.CommitId, ["path"] = row.Path });
        }

        if (change.CancelRuns)
        {
            foreach (var run in await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.PlaybookId), row.Id) & Where.In(nameof(PlaybookRunRow.Status), ["pending", "running"]))))
            {
                await WriteCancel(unit, caller, run);
            }
        }

        return default(Done);
    }

    public async Task<Outcome<ExportedPlaybook>> Export(Caller caller, PlaybookId id)
    {
        if (caller.Lacks(Permissions.ViewPlaybooks) is { } refusal)
        {
            return refusal;
        }

        return await store.Find<PlaybookRow>(id.Value) is { } row && row.TenantId == caller.TenantId
            ? new ExportedPlaybook(row.Name, await sources.Bytes(row.SourceHash), row.Metadata, row.PlaybookType == PlaybookTypes.CustomFunction)
            : new Refusal(RefusalKind.NotFound, "no_playbook", "playbook item not found");
    }

    public Task<Outcome<RunRecord>> Record(Caller caller, PlaybookRunId id) => records.Read(caller, id);

    public async Task<Outcome<Done>> Cancel(Unit unit, Caller caller, PlaybookRunId id)
    {
        if (caller.Lacks(Permissions.RunPlaybooks) is { } refusal)
        {
            return refusal;
        }

        var run = await store.Find<PlaybookRunRow>(id.Value);
        if (run is null)
        {
            return new Refusal(RefusalKind.NotFound, "no_playbook_run", "playbook_run item not found");
        }

        if (run.Status is not ("pending" or "running"))
        {
            return new Refusal(RefusalKind.Invalid, "run_ended", $"Run {run.Id} has ended already: {run.Status}.");
        }

        await WriteCancel(unit, caller, run);
        return default(Done);
    }

    public async Task<Outcome<Done>> AcceptSandbox(Unit unit, Caller caller, string? level)
    {
        var outcome = await acceptance.Accept(unit, caller, level);
        unit.Afterward(() => _ = dispatcher.WakeAll());
        return outcome;
    }

    public Task TakeUpAcceptance() => acceptance.TakeUp();

    public async Task TakeUp()
    {
        ends.Ended += run =>
        {
            _ = line.Next(run.ContainerId);
            if (run.ParentRunId is { } parent)
            {
                dispatcher.Wake(parent);
            }
        };
        await dispatcher.TakeUp();
        await line.TakeUp();
    }

    /// <summary>With it end the children it waits for; those it does not wait for go on.</summary>
    private async Task WriteCancel(Unit unit, Caller caller, PlaybookRunRow run)
    {
        var now = time.GetUtcNow();
        var cancelled = run with { Status = "cancelled", Message = $"Cancelled by {caller.Username}.", EndedAt = now };
        unit.Update<PlaybookRunRow>(run.Id, run.Version, (nameof(run.Status), cancelled.Status), (nameof(run.Message), cancelled.Message), (nameof(run.EndedAt), now), (nameof(run.WaitingFor), ""), (nameof(run.WaitingSince), null));
        ChildCall.WriteEnd(unit, cancelled, now);
        await approvals.Drop(unit, new PlaybookRunId(run.Id));
        unit.Audit(caller, now, "cancelled", "playbook_run", run.Id, run.ContainerId);
        unit.Afterward(() =>
        {
            Telemetry.RunEnded(cancelled);
            ends.Tell(run);
        });
        foreach (var child in await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ParentRunId), run.Id) & Where.In(nameof(PlaybookRunRow.Status), ["pending", "running"]))))
        {
            if (ChildCall.Of(child).Waited)
            {
                await WriteCancel(unit, caller, child);
            }
        }
    }

    private static bool HasLabel(PlaybookRow playbook, string label)
    {
        using var labels = JsonDocument.Parse(playbook.Labels);
        return labels.RootElement.EnumerateArray().Any(one => one.ValueEquals("*") || one.ValueEquals(label));
    }

    private static bool IsIds(string scope)
    {
        try
        {
            return JsonSerializer.Deserialize<long[]>(scope) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
