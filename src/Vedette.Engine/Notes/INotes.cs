using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Notes;

/// <summary>What people and playbooks write on an event: notes, comments, pins. Text is stored as given; showing it safely is the screen's task.</summary>
public interface INotes
{
    Task<Outcome<NoteId>> AddNote(Unit unit, Caller caller, NoteDraft draft);

    Task<Outcome<Done>> ChangeNote(Unit unit, Caller caller, NoteId id, NoteChange change);

    Task<Outcome<Done>> DeleteNote(Unit unit, Caller caller, NoteId id);

    Task<Outcome<CommentId>> AddComment(Unit unit, Caller caller, ContainerId container, string comment);

    Task<Outcome<PinId>> AddPin(Unit unit, Caller caller, PinDraft draft);

    Task<Outcome<Done>> ChangePin(Unit unit, Caller caller, PinId id, PinChange change);

    Task<Outcome<Done>> DeletePin(Unit unit, Caller caller, PinId id);

    Task<Outcome<IReadOnlyList<NoteRow>>> NotesOf(Caller caller, ContainerId container);

    Task<Outcome<IReadOnlyList<CommentRow>>> CommentsOf(Caller caller, ContainerId container);

    Task<Outcome<IReadOnlyList<PinRow>>> PinsOf(Caller caller, ContainerId container);
}

public sealed record NoteDraft
{
    public required ContainerId Container { get; init; }
    public string Title { get; init; } = "";
    public string Content { get; init; } = "";

    /// <summary><c>general</c>, <c>task</c> or <c>artifact</c>.</summary>
    public string NoteType { get; init; } = "general";

    /// <summary><c>markdown</c> or <c>html</c>.</summary>
    public string NoteFormat { get; init; } = "markdown";
    public long? PhaseId { get; init; }
    public long? TaskId { get; init; }
    public ArtifactId? Artifact { get; init; }
}

/// <summary>Null leaves a field alone.</summary>
public sealed record NoteChange(string? Title = null, string? Content = null, string? NoteFormat = null);

public sealed record PinDraft
{
    public required ContainerId Container { get; init; }

    /// <summary>A name by which a playbook finds it again.</summary>
    public string? Name { get; init; }
    public string Message { get; init; } = "";
    public string Data { get; init; } = "";

    /// <summary><c>data</c>, <c>card_small</c>, <c>card_medium</c> or <c>card_large</c>.</summary>
    public string PinType { get; init; } = "data";

    /// <summary>Empty, <c>white</c>, <c>purple</c> or <c>red</c>.</summary>
    public string PinStyle { get; init; } = "";
    public PlaybookId? Playbook { get; init; }
}

/// <summary>Null leaves a field alone.</summary>
public sealed record PinChange(string? Message = null, string? Data = null, string? PinType = null, string? PinStyle = null, string? Name = null);
