using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks;

/// <summary>A run that has ended, as it went: what a trial needs to go the same way again. With those it started.</summary>
/// <param name="Event">With label, severity, status and sensitivity as they were when the run started; the rest as it is now.</param>
/// <param name="SeverityAtEnd">Of the event when the run ended.</param>
/// <param name="StatusAtEnd">Of the event when the run ended.</param>
/// <param name="Artifacts">Those the run was made for.</param>
/// <param name="Turns">Of the run and of those it started, in the order of their commits.</param>
/// <param name="Actions">What was asked for, in order.</param>
public sealed record RunRecord(
    PlaybookRunRow Run,
    ContainerRow Event,
    string SeverityAtEnd,
    string StatusAtEnd,
    IReadOnlyList<ArtifactRow> Artifacts,
    IReadOnlyList<RecordedTurn> Turns,
    IReadOnlyList<RecordedAction> Actions,
    IReadOnlyList<RecordedPrompt> Prompts,
    IReadOnlyList<NoteRow> Notes,
    IReadOnlyList<PinRow> Pins);

/// <param name="Clock">Each reading of the clock, in seconds since 1970.</param>
/// <param name="Calls">Without those whose answer follows from what is on disk.</param>
public sealed record RecordedTurn(long Run, string Function, IReadOnlyList<double> Clock, IReadOnlyList<RecordedTurnCall> Calls);

/// <param name="Arguments">JSON.</param>
/// <param name="Answer">JSON.</param>
public sealed record RecordedTurnCall(string Name, string Arguments, string Answer);

/// <param name="Results">One for each parameter set on each asset; none where it was refused before.</param>
public sealed record RecordedAction(ActionRunRow Asked, IReadOnlyList<(string Asset, ActionResultRow Result)> Results);

/// <param name="By">Who answered; null for nobody.</param>
public sealed record RecordedPrompt(PromptRow Asked, string? By);
