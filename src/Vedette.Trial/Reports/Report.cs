using System.Text.Json.Nodes;

namespace Vedette.Trial.Reports;

/// <summary>What came of trying playbooks.</summary>
public sealed record Report(IReadOnlyList<PlaybookReport> Playbooks)
{
    public bool Passed => Playbooks.All(playbook => playbook.Cases.All(one => one.Status == CaseStatus.Passed));
}

/// <param name="Branches">Over all cases.</param>
/// <param name="Lines">Over all cases.</param>
public sealed record PlaybookReport(string Path, string Sha256, IReadOnlyList<CaseReport> Cases, BlockReach Blocks, BranchReach Branches, LineReach Lines);

public sealed record CaseReport
{
    public required string Name { get; init; }
    public CaseStatus Status { get; init; }

    /// <summary>What was expected and did not come, a sentence each.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];
    public BlockReach Blocks { get; init; } = new([], []);
    public BranchReach Branches { get; init; } = new([], []);
    public LineReach Lines { get; init; } = new([], []);
    public IReadOnlyList<ActionReport> Actions { get; init; } = [];
    public IReadOnlyList<PromptReport> Prompts { get; init; } = [];
    public IReadOnlyList<Effect> Effects { get; init; } = [];
    public IReadOnlyList<TrialError> Errors { get; init; } = [];

    /// <summary>What is worth a look and no error: a parameter that was left out, an action that ended as failed before it was answered.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>How the run ended: <c>success</c>, <c>failed</c>, or where it stopped.</summary>
    public string RunStatus { get; init; } = "";
    public double Milliseconds { get; init; }
}

public enum CaseStatus
{
    Passed,
    Failed,
    Error,
}

public sealed record BlockReach(IReadOnlyList<string> Run, IReadOnlyList<string> All);

public sealed record BranchReach(IReadOnlyList<Branch> Taken, IReadOnlyList<Branch> Never);

/// <param name="Condition">As it stands in the source, shortened.</param>
/// <param name="Outcome"><c>yes</c>, <c>no</c>, <c>raised</c> or <c>matched</c>.</param>
public sealed record Branch(int Line, string Block, string Condition, string Outcome);

public sealed record LineReach(IReadOnlyList<int> Run, IReadOnlyList<int> All);

/// <param name="Name">The name the playbook gave it.</param>
/// <param name="AnsweredBy"><c>test</c>, <c>made up</c> or <c>nobody</c>.</param>
public sealed record ActionReport(string Name, string Action, string? Asset, string? App, JsonNode? Parameters, string AnsweredBy, string Status, string Message);

/// <param name="Name">The name the playbook gave it.</param>
/// <param name="Kind"><c>prompt</c> or <c>task</c>.</param>
/// <param name="To">User or role, as the playbook named it; empty for none.</param>
/// <param name="AnsweredBy"><c>test</c>, <c>made up</c> or <c>nobody</c>.</param>
/// <param name="Person">The user who answered; null for nobody.</param>
/// <param name="Status"><c>approved</c> (answered), <c>denied</c>, <c>expired</c>, <c>cancelled</c> or <c>pending</c>.</param>
public sealed record PromptReport(string Name, string Kind, string To, string Message, JsonNode? Questions, string AnsweredBy, string? Person, string Status, JsonNode? Responses);

/// <summary>Something that would have been changed.</summary>
public sealed record Effect(string Call, JsonObject Arguments, string Block);

public enum ErrorKind
{
    Playbook,
    Api,
    Answer,
}

public sealed record TrialError(ErrorKind Kind, string Message, int Line, string Block);
