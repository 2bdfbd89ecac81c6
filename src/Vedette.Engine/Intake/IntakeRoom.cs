using Vedette.Engine.Automation;
using Vedette.Engine.Containers;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Intake;

internal sealed class IntakeRoom(IStore store, TimeProvider clock, IContainers containers, IAutomation automation, OutboxBell bell, Backlog backlog) : IIntake
{
    private readonly Grouping _grouping = new(store, clock);

    public async Task<Outcome<PostedContainer>> PostContainer(Unit unit, Caller caller, ContainerDraft draft, IReadOnlyList<ArtifactDraft> artifacts, bool? runAutomation)
    {
        if (await backlog.Full(caller) is { } full)
        {
            return full;
        }

        using var span = Telemetry.Within("intake");

        // 1. Too much at once is said before anything is looked at.
        if (artifacts.Count > Limits.ArtifactsPerAlert)
        {
            return new Refusal(RefusalKind.TooLarge, "too_many_artifacts", $"The alert has {artifacts.Count} artifacts; {Limits.ArtifactsPerAlert} are allowed. Post the container first and the rest with /rest/artifact.");
        }

        // 2. The container, or the one that has the sender's key already.
        var created = await containers.Create(unit, caller, draft);
        var duplicate = created.Refusal is { Kind: RefusalKind.Duplicate, ExistingId: not null };
        if (created.Refused && !duplicate)
        {
            return created.Refusal!;
        }

        var id = duplicate ? created.Refusal!.ExistingId!.Value : created.Value.Value;
        var alert = await unit.Find<ContainerRow>(store, id) ?? throw new InvalidOperationException($"Container {id} was found or made just now and is not there.");

        // 3. The event that takes the artifacts.
        var target = artifacts.Count == 0 ? alert.GroupedIntoId ?? id : await _grouping.Place(unit, caller, alert, artifacts.Select(artifact => artifact.Cef), await Highest(caller, artifacts));

        // 4. The artifacts: one that is refused does not take the others with it.
        var posted = new List<Outcome<PostedArtifact>>();
        foreach (var artifact in artifacts)
        {
            posted.Add(await Store(unit, caller, artifact, id, target));
        }

        // 5. Automation, once, and only when something is new.
        var stored = posted.Any(one => !one.Refused && !one.Value.Existing);
        var asked = runAutomation == true || artifacts.Any(artifact => artifact.RunAutomation == true)
            || (runAutomation is null && artifacts.Count > 0 && artifacts.All(artifact => artifact.RunAutomation is null));
        if (asked && (stored || (!duplicate && runAutomation == true)))
        {
            Trigger(unit, caller, target);
        }
        else if (stored)
        {
            Triggers.ForIndicators(unit, store, bell, caller, target, clock.GetUtcNow());
        }

        span?.SetTag("vedette.event", target).SetTag("vedette.alert", id);
        unit.Afterward(duplicate ? static () => Telemetry.Alert("duplicate") : target == id ? static () => Telemetry.Alert("new") : static () => Telemetry.Alert("grouped"));
        return new PostedContainer(new ContainerId(id), duplicate, alert.SourceDataIdentifier, target == id ? null : new ContainerId(target), posted);
    }

    public async Task<Outcome<PostedArtifact>> PostArtifact(Unit unit, Caller caller, ArtifactDraft draft, bool runAutomation)
    {
        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.CreateEvents, draft.Container.Value, "container")).Ok(out var alert, out var no))
        {
            return no;
        }

        if (await backlog.Full(caller) is { } full)
        {
            return full;
        }

        using var span = Telemetry.Within("intake");

        // Tried without consequences first: a refused or known artifact must leave no claim and raise nothing.
        var probe = await Store(new Unit(), caller, draft, alert.Id, alert.GroupedIntoId ?? alert.Id);
        if (probe.Refused || probe.Value.Existing)
        {
            return probe;
        }

        var target = await _grouping.Place(unit, caller, alert, [draft.Cef], await Highest(caller, [draft]));
        var posted = await Store(unit, caller, draft, alert.Id, target);
        if (posted.Refused || posted.Value.Existing)
        {
            return posted;
        }

        span?.SetTag("vedette.event", target);
        if (runAutomation)
        {
            Trigger(unit, caller, target);
        }
        else
        {
            Triggers.ForIndicators(unit, store, bell, caller, target, clock.GetUtcNow());
        }

        return posted;
    }

    public async Task<Outcome<Done>> RunAutomation(Unit unit, Caller caller, ContainerId id)
    {
        if (!(await unit.Own<ContainerRow>(store, caller, Permissions.CreateEvents, id.Value, "container")).Ok(out var row, out var no))
        {
            return no;
        }

        Trigger(unit, caller, row.Id);
        return default(Done);
    }

    private async ValueTask<Outcome<PostedArtifact>> Store(Unit unit, Caller caller, ArtifactDraft draft, long named, long target)
    {
        var added = await containers.AddArtifact(unit, caller, draft with { Container = new ContainerId(target), ParentContainer = named == target ? null : new ContainerId(named) });
        if (added.Refusal is { Kind: RefusalKind.Duplicate, ExistingId: { } existing })
        {
            return new PostedArtifact(new ArtifactId(existing), true, new ContainerId(target));
        }

        return added.Refusal is { } refusal ? refusal : new PostedArtifact(added.Value, false, new ContainerId(target));
    }

    private async ValueTask<string?> Highest(Caller caller, IEnumerable<ArtifactDraft> artifacts)
    {
        var lists = await PickLists.Read(store, caller.TenantId);
        return artifacts.Select(artifact => artifact.Severity).Aggregate((string?)null, lists.Highest);
    }

    private void Trigger(Unit unit, Caller caller, long container)
    {
        unit.Add(new InsertTrigger(new TriggerRow
        {
            Id = store.NextId<TriggerRow>(),
            TenantId = caller.TenantId,
            ContainerId = container,
            UserId = caller.UserId,
            CreatedAt = clock.GetUtcNow(),
            Trace = Telemetry.Here,
        }));
        unit.Audit(caller, clock.GetUtcNow(), "asked for automation", "container", container, container);
        unit.OnceCommitted(() => automation.Wake(container));
    }
}
