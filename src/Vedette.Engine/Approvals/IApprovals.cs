using System.Text.Json;
using Vedette.Engine.Actions;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Approvals;

/// <summary>Questions of runs to people. A person answers, never a run and never a token; the first answer, time limit or cancel to commit wins.</summary>
public interface IApprovals
{
    /// <summary>Writes the question, and the action run that its answer will be the result of.</summary>
    Task<Outcome<ActionRunId>> Ask(Unit unit, Caller caller, PromptRequest request);

    /// <summary>Asks whether an action that is held may leave, as it is shown. Silence for 30 minutes, as in the field, means no.</summary>
    Task<Outcome<Done>> Review(Unit unit, Caller caller, ReviewRequest request);

    /// <summary>Answers a question, or lets an action leave.</summary>
    /// <returns>What became of it: an approval of what has changed meanwhile is void, and ends the question all the same.</returns>
    Task<Outcome<Answered>> Answer(Unit unit, Caller caller, PromptId id, PromptAnswer answer);

    /// <summary>Calls an action run off: what waits for a person ends here, all else in Actions.</summary>
    Task<Outcome<Done>> CallOff(Unit unit, Caller caller, ActionRunId id);

    /// <summary>The run has ended without an answer: nobody need give one any more.</summary>
    Task Drop(Unit unit, PlaybookRunId run);

    /// <summary>After a start: time limits go on where they were.</summary>
    Task TakeUp();
}

/// <param name="Kind"><c>prompt</c> or <c>task</c>.</param>
/// <param name="To">Name or e-mail of a user, or the name of a role; null for administrators.</param>
/// <param name="Questions">A list of objects with <c>prompt</c> and <c>options</c>.</param>
/// <param name="Within">The time limit; null for none.</param>
public sealed record PromptRequest(ActionRunId Id, string Kind, string Name, string? To, string Message, JsonElement Questions, TimeSpan? Within)
{
    public required ContainerId Container { get; init; }
    public required PlaybookRunId Run { get; init; }
    public required PlaybookId Playbook { get; init; }
    public string? Callback { get; init; }
}

/// <param name="Reviewers">Names or e-mails of users, or names of roles; one of them answers.</param>
public sealed record ReviewRequest(ActionRunId Id, string Name, IReadOnlyList<string> Reviewers, IReadOnlyList<HeldTarget> Targets)
{
    public required ContainerId Container { get; init; }
    public required PlaybookRunId Run { get; init; }
}

/// <param name="Void">Why nothing leaves although it was approved; null otherwise.</param>
public readonly record struct Answered(string? Void);

/// <param name="Given">False turns it down: the action failed. Null is no answer, and refused as such.</param>
/// <param name="Responses">One for each question, in order.</param>
public sealed record PromptAnswer(bool? Given, IReadOnlyList<string> Responses, string Message);
