namespace Vedette.Engine.Storage;

/// <summary>The content of a file, once for each tenant, whoever attached it how often.</summary>
public sealed record VaultDocumentRow : INounRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>SHA-1 in lower-case hexadecimal: the vault id. Unique in a tenant.</summary>
    public required string Hash { get; init; }
    public required string Sha256 { get; init; }
    public required string Md5 { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }
    public string MimeType { get; init; } = "application/octet-stream";

    /// <summary>Names it was attached under.</summary>
    [Json] public string Names { get; init; } = "[]";

    /// <summary>What it is, as senders said.</summary>
    [Json] public string Contains { get; init; } = "[]";

    /// <summary>Where the content is, for <c>IVaultFiles</c> alone.</summary>
    public required string File { get; init; }

    /// <summary>How many attachments name it; with the last one it goes.</summary>
    public long Attachments { get; init; }
}

/// <summary>A file of an event.</summary>
public sealed record ContainerAttachmentRow : IEventRow
{
    public required long Id { get; init; }
    public long TenantId { get; init; }
    public long Version { get; init; } = 1;
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long ContainerId { get; init; }
    public required long VaultDocumentId { get; init; }

    /// <summary>A word for people, never a path.</summary>
    public required string Name { get; init; }
    [Json] public string Metadata { get; init; } = "{}";

    /// <summary><c>api</c> or <c>automation</c>.</summary>
    public required string CreatedVia { get; init; }
    public long? TaskId { get; init; }
    public long? UserId { get; init; }
    public long? PlaybookRunId { get; init; }
}
