using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Containers;

/// <summary>Everything that hangs on a container goes with it; the audit trail stays.</summary>
internal static class Removal
{
    /// <summary>What is still under way would find its rows gone, and an effect could no longer be settled.</summary>
    public static async ValueTask<Refusal?> AtWork(IStore store, long container)
    {
        var open = Where.Is(nameof(PlaybookRunRow.ContainerId), container) & Where.In(nameof(PlaybookRunRow.Status), ["pending", "running"]);
        var runs = await store.Count<PlaybookRunRow>(open);
        var actions = await store.Count<ActionRunRow>(open);
        var triggers = await store.Count<TriggerRow>(Where.Is(nameof(TriggerRow.ContainerId), container) & Where.Is(nameof(TriggerRow.Handled), false));
        return runs + actions + triggers == 0
            ? null
            : new Refusal(RefusalKind.Conflict, "at_work", $"Playbooks or actions of this container are still under way ({runs} runs, {actions} actions, {triggers} waiting): cancel them or wait, then delete it.");
    }

    public static async ValueTask Write(Unit unit, IStore store, long container)
    {
        foreach (var run in await store.Select<PlaybookRunRow>(Of(container)))
        {
            var ofRun = Query.For(Where.Is("RunId", run.Id));
            await All<MessageRow>(unit, store, ofRun);
            await All<TurnRow>(unit, store, ofRun);
            await All<OpenTurnRow>(unit, store, ofRun);
            unit.Add(new ForgetRunValues(run.Id));
            unit.Delete<PlaybookRunRow>(run.Id);
        }

        await All<RunLogRow>(unit, store, Of(container));
        await All<ActionResultRow>(unit, store, Of(container));
        await All<AppRunRow>(unit, store, Of(container));
        await All<ActionRunRow>(unit, store, Of(container));
        await All<TriggerRow>(unit, store, Of(container));
        await All<NoteRow>(unit, store, Of(container));
        await All<CommentRow>(unit, store, Of(container));
        await All<PinRow>(unit, store, Of(container));
        await All<PromptRow>(unit, store, Of(container));
        await All<WorkbookPhaseRow>(unit, store, Of(container));
        await All<WorkbookTaskRow>(unit, store, Of(container));
        await All<EvidenceRow>(unit, store, Of(container));
        await All<IndicatorArtifactRow>(unit, store, Of(container));
        await All<SavedObjectRow>(unit, store, Of(container));
        await All<GroupRow>(unit, store, Of(container));
        await All<ArtifactRow>(unit, store, Of(container));
        unit.Delete<ContainerRow>(container);
    }

    private static Query Of(long container) => Query.For(Where.Is("ContainerId", container));

    private static async ValueTask All<T>(Unit unit, IStore store, Query query)
        where T : class, IRow
    {
        foreach (var row in await store.Select<T>(query))
        {
            unit.Delete<T>(row.Id);
        }
    }
}
