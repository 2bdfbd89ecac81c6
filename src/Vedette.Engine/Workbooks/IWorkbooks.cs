using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Workbooks;

/// <summary>Procedures for cases: templates, and their copies on events with phases and tasks that people and playbooks work through.</summary>
public interface IWorkbooks
{
    Task<Outcome<WorkbookTemplateId>> CreateTemplate(Unit unit, Caller caller, WorkbookDraft draft);

    Task<Outcome<Done>> DeleteTemplate(Unit unit, Caller caller, WorkbookTemplateId id);

    /// <summary>Copies a template onto an event. Its first phase becomes the current one where there is none. A second copy of the same is refused.</summary>
    /// <param name="template">Its number or name; null for the default one.</param>
    Task<Outcome<Done>> Add(Unit unit, Caller caller, ContainerId container, string? template);

    Task<Outcome<PhaseId>> AddPhase(Unit unit, Caller caller, ContainerId container, string name, long? position);

    Task<Outcome<TaskId>> AddTask(Unit unit, Caller caller, TaskDraft draft);

    Task<Outcome<Done>> ChangeTask(Unit unit, Caller caller, TaskId id, TaskChange change);

    /// <summary>Makes a phase of the event the current one.</summary>
    /// <param name="phase">Its number or name.</param>
    Task<Outcome<Done>> SetPhase(Unit unit, Caller caller, ContainerId container, string phase);

    /// <summary>In their order.</summary>
    Task<Outcome<IReadOnlyList<WorkbookPhaseRow>>> PhasesOf(Caller caller, ContainerId container);

    /// <summary>In the order of their phases and their own.</summary>
    Task<Outcome<IReadOnlyList<WorkbookTaskRow>>> TasksOf(Caller caller, ContainerId container);
}

public sealed record WorkbookDraft
{
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public bool IsDefault { get; init; }

    /// <summary>Every task asks for a note when it is closed.</summary>
    public bool IsNoteRequired { get; init; }
    public string? Status { get; init; }
    public IReadOnlyList<PhaseDraft> Phases { get; init; } = [];
}

public sealed record PhaseDraft(string Name, long? Position, IReadOnlyList<TaskDraft> Tasks);

/// <summary>A task of a template, or one for an event.</summary>
public sealed record TaskDraft
{
    public required string Name { get; init; }

    /// <summary>For an event: the phase; null for the current one.</summary>
    public PhaseId? Phase { get; init; }

    /// <summary>For an event without <see cref="Phase"/>.</summary>
    public ContainerId? Container { get; init; }
    public long? Position { get; init; }
    public string Description { get; init; } = "";

    /// <summary>Id or username.</summary>
    public string? Owner { get; init; }

    /// <summary>Id or name.</summary>
    public string? Role { get; init; }

    /// <summary>A list of names.</summary>
    public JsonElement? Actions { get; init; }

    /// <summary>A list of objects with <c>scm</c> and <c>playbook</c>.</summary>
    public JsonElement? Playbooks { get; init; }
    public bool IsNoteRequired { get; init; }

    /// <summary>Minutes.</summary>
    public long? Sla { get; init; }
}

/// <summary>What is null stays.</summary>
public sealed record TaskChange
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public long? Position { get; init; }

    /// <summary>Id or username; null inside for nobody.</summary>
    public Set<string?>? Owner { get; init; }
    public Set<string?>? Role { get; init; }

    /// <summary>0 not started, 2 in progress, 1 complete; from 0 to 1 only by way of 2.</summary>
    public long? Status { get; init; }

    /// <summary>A note on the task; needed with the change that completes one that asks for it.</summary>
    public string? Note { get; init; }
    public string? NoteTitle { get; init; }
    public string? NoteFormat { get; init; }
}
