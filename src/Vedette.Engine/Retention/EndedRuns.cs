using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Retention;

/// <summary>What a run that has ended left: its turns, log, actions and their results, questions, and the run itself.</summary>
internal static class EndedRuns
{
    /// <summary>Why it has to stay, or null. With a child that is at work it is still counted against, and what nobody knows the outcome of is still to be looked into.</summary>
    public static async ValueTask<string?> HasToStay(IStore store, PlaybookRunRow run)
    {
        foreach (var child in await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ParentRunId), run.Id))))
        {
            if (child.EndedAt is null || await HasToStay(store, child) is not null)
            {
                return "a run that it started stays";
            }
        }

        if (await store.Count<PromptRow>(Where.Is(nameof(PromptRow.PlaybookRunId), run.Id) & Where.Is(nameof(PromptRow.Status), "pending")) > 0)
        {
            return "a question waits for a person";
        }

        foreach (var action in await Actions(store, run))
        {
            if (action.EndedAt is null || await store.Count<ActionResultRow>(Where.Is(nameof(ActionResultRow.ActionRunId), action.Id) & Where.Is(nameof(ActionResultRow.State), ActionState.Unknown)) > 0)
            {
                return "an action is open, or its outcome unknown";
            }
        }

        return null;
    }

    /// <summary>
    /// The run itself stays while it is the one that tells which artifacts its playbook has seen: without it the next would take them for new
    /// and do everything once more.
    /// </summary>
    public static async ValueTask Write(Unit unit, IStore store, PlaybookRunRow run)
    {
        await All<TurnRow>(unit, store, nameof(TurnRow.RunId), run.Id);
        await All<OpenTurnRow>(unit, store, nameof(OpenTurnRow.RunId), run.Id);
        await All<MessageRow>(unit, store, nameof(MessageRow.RunId), run.Id);
        await All<RunLogRow>(unit, store, nameof(RunLogRow.RunId), run.Id);
        await All<RunValueRow>(unit, store, nameof(RunValueRow.RunId), run.Id);
        await All<PromptRow>(unit, store, nameof(PromptRow.PlaybookRunId), run.Id);
        foreach (var action in await Actions(store, run))
        {
            await All<ActionResultRow>(unit, store, nameof(ActionResultRow.ActionRunId), action.Id);
            await All<CapUseRow>(unit, store, nameof(CapUseRow.ActionRunId), action.Id);
            await All<AppRunRow>(unit, store, nameof(AppRunRow.ActionRunId), action.Id);
            unit.Delete<ActionRunRow>(action.Id);
        }

        var laterSawAsMuch = Where.Is(nameof(PlaybookRunRow.ContainerId), run.ContainerId)
            & Where.Is(nameof(PlaybookRunRow.PlaybookId), run.PlaybookId)
            & !Where.Is(nameof(PlaybookRunRow.Status), "pending")
            & new Compare(nameof(PlaybookRunRow.Id), Comparison.Greater, run.Id)
            & new Compare(nameof(PlaybookRunRow.ScopeTo), Comparison.GreaterOrEqual, run.ScopeTo);
        if (await store.Count<PlaybookRunRow>(laterSawAsMuch) > 0)
        {
            unit.Delete<PlaybookRunRow>(run.Id);
        }
    }

    private static ValueTask<IReadOnlyList<ActionRunRow>> Actions(IStore store, PlaybookRunRow run) =>
        store.Select<ActionRunRow>(Query.For(Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Id)));

    private static async ValueTask All<T>(Unit unit, IStore store, string column, long id)
        where T : class, IRow
    {
        foreach (var row in await store.Select<T>(Query.For(Where.Is(column, id))))
        {
            unit.Delete<T>(row.Id);
        }
    }
}
