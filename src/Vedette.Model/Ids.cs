namespace Vedette.Model;

/// <summary>An identifier of one kind of thing: a whole number, 1 or more, that says nothing about order.</summary>
public interface IId
{
    long Value { get; }
}

public readonly record struct TenantId(long Value) : IId;

public readonly record struct ContainerId(long Value) : IId;

public readonly record struct ArtifactId(long Value) : IId;

public readonly record struct AppId(long Value) : IId;

public readonly record struct AssetId(long Value) : IId;

public readonly record struct PlaybookId(long Value) : IId;

public readonly record struct PlaybookRunId(long Value) : IId;

public readonly record struct ActionRunId(long Value) : IId;

public readonly record struct AppRunId(long Value) : IId;

public readonly record struct ActionResultId(long Value) : IId;

public readonly record struct PromptId(long Value) : IId;

public readonly record struct DelegationId(long Value) : IId;

public readonly record struct NoteId(long Value) : IId;

public readonly record struct CommentId(long Value) : IId;

public readonly record struct AttachmentId(long Value) : IId;

public readonly record struct WorkbookTemplateId(long Value) : IId;

public readonly record struct SeverityId(long Value) : IId;

public readonly record struct PhaseId(long Value) : IId;

public readonly record struct TaskId(long Value) : IId;

public readonly record struct EvidenceId(long Value) : IId;

public readonly record struct IndicatorId(long Value) : IId;

public readonly record struct PinId(long Value) : IId;

public readonly record struct CustomListId(long Value) : IId;

public readonly record struct UserId(long Value) : IId;

public readonly record struct TokenId(long Value) : IId;

public readonly record struct TriggerId(long Value) : IId;

public readonly record struct RepositoryId(long Value) : IId;
