using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Vault;

/// <summary>
/// Files of events. First the content is taken in and is on disk (<see cref="Keep"/>), then a unit attaches it; until that is committed it
/// counts for nothing. Content that is there already is not stored twice.
/// </summary>
public interface IVault
{
    /// <summary>Takes in content of at most <see cref="Limits.VaultFileBytes"/>, as a stream.</summary>
    Task<Outcome<KeptFile>> Keep(Caller caller, Stream content, CancellationToken ct);

    /// <summary>Drops content that no unit attached.</summary>
    void Drop(KeptFile file);

    Task<Outcome<AttachmentId>> Attach(Unit unit, Caller caller, AttachmentDraft draft);

    /// <summary>Takes a file off an event; the content goes with its last attachment.</summary>
    Task<Outcome<Done>> Detach(Unit unit, Caller caller, AttachmentId id);

    /// <summary>Takes all files off an event that is being deleted.</summary>
    Task DetachAll(Unit unit, long container);

    /// <summary>Attaches all files of an event, or the one that is named, to another too.</summary>
    Task<Outcome<Done>> Copy(Unit unit, Caller caller, ContainerId from, ContainerId into, string? vaultId);

    /// <summary>Files that fit all that is asked for, the oldest first. Nothing asked for: none.</summary>
    Task<Outcome<IReadOnlyList<AttachedFile>>> Find(Caller caller, VaultSearch search);

    /// <summary>The content with this vault id (SHA-1).</summary>
    Task<Outcome<OpenFile>> Open(Caller caller, string vaultId);

    /// <summary>Removes what an earlier process wrote and never attached.</summary>
    Task Sweep(CancellationToken ct);
}

/// <summary>Content on disk that nothing names yet.</summary>
/// <param name="File">Where it is.</param>
/// <param name="Sha1">The vault id it will have.</param>
/// <param name="Size">Bytes.</param>
public sealed record KeptFile(string File, string Sha1, string Sha256, string Md5, long Size);

public sealed record AttachmentDraft
{
    public required ContainerId Container { get; init; }

    public required KeptFile Content { get; init; }

    /// <summary>Folders before it are cut off; without a name it is called by its vault id.</summary>
    public string? FileName { get; init; }

    /// <summary>An object; <c>contains</c> in it says what the file is.</summary>
    public JsonElement? Metadata { get; init; }

    public long? TaskId { get; init; }
}

/// <param name="VaultId">SHA-1.</param>
public sealed record VaultSearch(string? VaultId = null, string? FileName = null, ContainerId? Container = null, AttachmentId? Attachment = null);

public sealed record AttachedFile(ContainerAttachmentRow Attachment, VaultDocumentRow Document, string ContainerName, string? Username);

/// <summary>Content being read; whoever got it disposes of it.</summary>
public sealed record OpenFile(Stream Content, VaultDocumentRow Document);
