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

    /// <summary>
    /// Asks for an action, and where the policy or the asker wants people to approve it, asks them too: it leaves as it is shown, or not at
    /// all. Silence means no: for 30 minutes, as in the field, where the policy does not say.
    /// </summary>
    /// <param name="reviewers">Whom a playbook names, one of whom has to approve: names or e-mails of users, or names of roles; empty for nobody beside the policy's.</param>
    Task<Outcome<Asked>> Act(Unit unit, Caller caller, ActionRequest request, IReadOnlyList<string> reviewers);

    /// <summary>Has somebody else answer for the caller until a time. What the caller may not approve, that one may not for the caller either.</summary>
    Task<Outcome<DelegationId>> Delegate(Unit unit, Caller caller, string to, DateTimeOffset until, string reason);

    /// <summary>Ends a delegation before its time: by whom it is for, or who may edit users.</summary>
    Task<Outcome<Done>> EndDelegation(Unit unit, Caller caller, DelegationId id);

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

/// <param name="Void">Why nothing leaves although it was approved; null otherwise.</param>
/// <param name="Left">Who has to approve it beside; null where nobody has.</param>
public readonly record struct Answered(string? Void, string? Left = null);

/// <param name="Given">False turns it down: the action failed. Null is no answer, and refused as such.</param>
/// <param name="Responses">One for each question, in order.</param>
public sealed record PromptAnswer(bool? Given, IReadOnlyList<string> Responses, string Message);
