using Vedette.Console.Reading;
using Vedette.Engine.Storage;

namespace Vedette.Console.Runs;

/// <summary>A run and all that belongs to it, as one read found it.</summary>
/// <param name="Prompts">Of the run, also those answered.</param>
/// <param name="Log">The newest lines, the oldest of them first.</param>
/// <param name="Children">Runs it started.</param>
internal sealed record RunPicture(
    PlaybookRunRow Run,
    IReadOnlyList<TurnRow> Turns,
    IReadOnlyList<ActionRunRow> Actions,
    IReadOnlyList<AppRunRow> AppRuns,
    IReadOnlyList<ActionResultRow> Results,
    IReadOnlyList<PromptRow> Prompts,
    IReadOnlyList<PlaybookRunRow> Children,
    IReadOnlyList<RunLogRow> Log)
{
    private const int Most = 2_000;
    private const int MostLines = 1_000;

    /// <summary>Actions a person is asked about.</summary>
    public IReadOnlySet<long> Waiting { get; } = Prompts.Where(prompt => prompt.Status == "pending").Select(prompt => prompt.ActionRunId).ToHashSet();

    public static async Task<Outcome<RunPicture>> Read(Reader reader, long id)
    {
        if (!(await reader.Select<PlaybookRunRow>(Query.For(Where.Is("Id", id)))).Ok(out var runs, out var refusal))
        {
            return refusal;
        }

        if (runs is not [var run])
        {
            return new Refusal(RefusalKind.NotFound, "no_playbook_run", $"There is no run {id}.");
        }

        var ofRun = Where.Is(nameof(ActionRunRow.PlaybookRunId), id);
        var actions = await reader.SelectIfAllowed<ActionRunRow>(new Query { Where = ofRun, Order = [("Id", false)], Limit = Most });
        // By the event first: that is what is indexed.
        var ofEvent = Where.Is(nameof(AppRunRow.ContainerId), run.ContainerId);
        var log = await reader.SelectIfAllowed<RunLogRow>(new Query { Where = Where.Is(nameof(RunLogRow.RunId), id), Order = [("Id", true)], Limit = MostLines });
        return new RunPicture(
            run,
            await reader.SelectIfAllowed<TurnRow>(new Query { Where = Where.Is(nameof(TurnRow.RunId), id), Order = [("Id", false)], Limit = Most }),
            actions,
            await reader.SelectIfAllowed<AppRunRow>(new Query { Where = ofEvent & ofRun, Order = [("Id", false)], Limit = Most }),
            await reader.SelectIfAllowed<ActionResultRow>(new Query { Where = Where.In(nameof(ActionResultRow.ActionRunId), actions.Select(action => (object?)action.Id)), Order = [("Id", false)], Limit = Most }),
            await reader.SelectIfAllowed<PromptRow>(new Query { Where = Where.Is(nameof(PromptRow.ContainerId), run.ContainerId) & ofRun, Limit = Most }),
            await reader.SelectIfAllowed<PlaybookRunRow>(new Query { Where = Where.Is(nameof(PlaybookRunRow.ParentRunId), id), Order = [("Id", false)], Limit = Most }),
            [.. log.Reverse()]);
    }
}
