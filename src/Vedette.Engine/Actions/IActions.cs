using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Policies;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Actions;

/// <summary>The door of Actions: asking for what is done on other systems, and the switch that stops it all.</summary>
public interface IActions
{
    /// <summary>
    /// Writes the asking into the unit; once that is committed the runner carries it out. What the policy has people asked about is held:
    /// Approvals asks for an action and for its approval in one.
    /// </summary>
    Task<Outcome<Asked>> Ask(Unit unit, Caller caller, ActionRequest request);

    /// <summary>An action run with what it has brought so far; null when there is none.</summary>
    Task<ActionRecord?> Read(ActionRunId id);

    /// <summary>
    /// Lets go what was asked for as <see cref="ActionRequest.Held"/>, exactly as it was asked. Refused where asset, app or policy are no
    /// longer as they were: what was approved is then something else.
    /// </summary>
    Task<Outcome<Done>> Release(Unit unit, Caller caller, ActionRunId id);

    /// <summary>Ends what is held, and tells the run that asked.</summary>
    /// <param name="status"><c>failed</c> or <c>cancelled</c>.</param>
    Task Withdraw(Unit unit, ActionRunId id, string status, string message);

    /// <summary>Calls off what has not left. What is under way finishes into the record. What waits for a person is called off where it waits, by Approvals.</summary>
    Task<Outcome<Done>> Cancel(Unit unit, Caller caller, ActionRunId id);

    /// <summary>A person says what became of the calls of an action run of which nobody could know. The first word counts.</summary>
    /// <param name="message">What is to be on record with it.</param>
    Task<Outcome<Done>> Decide(Unit unit, Caller caller, ActionRunId id, OutcomeWord word, string message);

    /// <summary>What the policy would do with an action on an asset; nothing is asked for.</summary>
    Task<Outcome<JsonObject>> Explain(Caller caller, ExplainRequest request);

    /// <summary>What a run and those it started did on other systems, newest first, and how each is taken back.</summary>
    Task<Outcome<IReadOnlyList<UndoStep>>> UndoPlan(Caller caller, PlaybookRunId run);

    /// <summary>The asking that takes one effect of a run back; it goes the way of every other. Refused where it is or is being undone already, or cannot be. Never for a run.</summary>
    Task<Outcome<ActionRequest>> UndoRequest(Caller caller, PlaybookRunId run, ActionResultId result);

    /// <summary>Runs the asset's <c>test connectivity</c> at once and keeps what it said.</summary>
    Task<Outcome<AssetTest>> Test(Caller caller, AssetId asset, CancellationToken ct);

    /// <summary>Sets or lifts the stop switch, of all or of a part. Once the unit is committed, no action leaves. Whoever has the right may stop, only a person may lift.</summary>
    Task<Outcome<Done>> Stop(Unit unit, Caller caller, bool stopped, string reason, StopScope? scope = null);

    /// <summary>Whether the stop switch is on, for all.</summary>
    bool Stopped { get; }

    /// <summary>What was said when the switch was set or lifted last.</summary>
    string StopReason { get; }

    /// <summary>What is stopped by itself; lifting the switch for all leaves these stopped.</summary>
    IReadOnlyList<StoppedPart> StoppedParts { get; }

    /// <summary>How the calls of an asset stand.</summary>
    Task<Outcome<QuotaState>> Quota(Caller caller, AssetId asset, CancellationToken ct);

    /// <summary>How the calls of all assets stand that were called since the start.</summary>
    IReadOnlyList<QuotaState> Quotas { get; }

    /// <summary>What a parameter set waits for before it leaves; null where it does not wait for its asset.</summary>
    QuotaWait? WaitOf(AssetId asset, ActionResultId result);
}

/// <summary>A part of what happens, that is stopped alone.</summary>
/// <param name="Value">The name of a label or an asset, or of a playbook with or without its repository.</param>
public sealed record StopScope(StopKind Kind, string Value);

public sealed record StoppedPart(StopKind Kind, string Value, string Reason);

public enum StopKind
{
    Label,
    Playbook,
    Asset,
}

/// <summary>What a person says of a call of which nobody could know whether it happened.</summary>
public enum OutcomeWord
{
    /// <summary>It did: the action has succeeded, without data.</summary>
    Happened,

    /// <summary>It did not: it is sent once more.</summary>
    DoIt,

    /// <summary>It is not to be done, whatever happened: the action has failed.</summary>
    LeaveIt,
}

/// <param name="Parameters">An object; those that are missing take their defaults, and required ones may be missing.</param>
public sealed record ExplainRequest(string Action, string Asset, JsonElement Parameters)
{
    public ContainerId? Container { get; init; }
    public PlaybookId? Playbook { get; init; }
}

/// <summary>What is asked for.</summary>
public sealed record ActionRequest
{
    /// <summary>An id that the store gave the asker; null for a new one.</summary>
    public ActionRunId? Id { get; init; }

    public required string Action { get; init; }

    /// <summary>The block's name; made up when empty.</summary>
    public required string Name { get; init; }

    public ContainerId? Container { get; init; }

    public IReadOnlyList<ActionTarget> Targets { get; init; } = [];

    /// <summary>Nothing leaves before it is released.</summary>
    public bool Held { get; init; }

    /// <summary>What it takes back; null for an action of its own.</summary>
    public ActionResultRow? Undoes { get; init; }

    /// <summary>For a run: who gets the answer, in which function, with what.</summary>
    public AskingRun? Run { get; init; }
}

/// <param name="Assets">Names or ids; null for every asset that can, empty for none.</param>
/// <param name="Parameters">Objects, one carrying out each; empty for one without parameters.</param>
/// <param name="App">Name, id or GUID of the app, or null for any.</param>
public sealed record ActionTarget(IReadOnlyList<string>? Assets, IReadOnlyList<JsonElement> Parameters, string? App)
{
    /// <summary>Whether the asker named the assets; one that found them by what they are did not, and a changing action is refused.</summary>
    public bool Named { get; init; } = Assets is not null;
}

/// <param name="Targets">Parameter sets on assets that this asking made.</param>
public sealed record Asked(ActionRunId Id, long Targets)
{
    /// <summary>What is held, as it would leave; empty where nothing is.</summary>
    public IReadOnlyList<HeldTarget> Held { get; init; } = [];

    /// <summary>Whom the policy has asked; beside whom the asker names.</summary>
    public IReadOnlyList<Requirement> Requirements { get; init; } = [];

    /// <summary>How long they have; null where the policy does not say.</summary>
    public TimeSpan? Within { get; init; }

    public Escalation? Escalation { get; init; }
}

/// <param name="Parameters">As the connector gets them, defaults included.</param>
/// <param name="Reach">As the policy takes it.</param>
public sealed record HeldTarget(string Action, string Asset, string App, JsonElement Parameters, Reach Reach);

/// <param name="TargetsAsked">Parameter sets on assets the run has asked for before.</param>
/// <param name="Callback">The function that takes the results, or null.</param>
/// <param name="Handle">JSON to give back, or null.</param>
/// <param name="LoopState">Text to give back, or null.</param>
public sealed record AskingRun(PlaybookRunId Run, PlaybookId Playbook, long TargetsAsked, string? Callback, string? Handle, string? LoopState, DateTimeOffset? StartAfter);

/// <summary>An effect of a run.</summary>
/// <param name="Parameter">As it was asked, JSON.</param>
/// <param name="Back">The action that takes it back and its parameters, or null.</param>
/// <param name="Says">Why it is not undone, or what stays; empty where all of it goes.</param>
public sealed record UndoStep(ActionResultId Result, ActionRunId ActionRun, string Action, string Asset, string Parameter, DateTimeOffset At, UndoState State, (string Action, string Parameters)? Back, string Says);

public enum UndoState
{
    /// <summary>It can be undone.</summary>
    Open,

    /// <summary>It is being undone, or waits for approval.</summary>
    UnderWay,
    Undone,
    Cannot,

    /// <summary>Nobody knows whether it happened.</summary>
    InDoubt,
}

/// <param name="AppRuns">One for each asset it ran on.</param>
/// <param name="Results">One for each parameter set and asset.</param>
public sealed record ActionRecord(ActionRunRow Run, IReadOnlyList<AppRunRow> AppRuns, IReadOnlyList<ActionResultRow> Results);

public sealed record AssetTest(bool Passed, string Message, IReadOnlyList<string> Steps);
