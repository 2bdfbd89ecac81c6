using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Vault;

internal sealed class VaultRoom(IStore store, TimeProvider clock, IVaultFiles files) : IVault
{
    public async Task<Outcome<KeptFile>> Keep(Caller caller, Stream content, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditEvents) is { } lacks)
        {
            return lacks;
        }

        await using var measured = new MeasuredStream(content, Limits.VaultFileBytes);
        try
        {
            // A name of its own each time, so that what is removed as somebody's last copy is never what another is about to name.
            var file = await files.Write(measured, () => measured.Sha1, ct);
            return new KeptFile(file, measured.Sha1, measured.Sha256, measured.Md5, measured.Size);
        }
        catch (FileTooLargeException)
        {
            return new Refusal(RefusalKind.TooLarge, "file_too_large", $"The file has more than {Limits.VaultFileBytes} bytes, which the vault does not take. Nothing was stored.");
        }
        catch (IOException)
        {
            return Units.Unavailable;
        }
    }

    public void Drop(KeptFile file) => files.Remove(file.File);

    public async Task<Outcome<AttachmentId>> Attach(Unit unit, Caller caller, AttachmentDraft draft)
    {
        if ((await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, draft.Container.Value, "container")).Refusal is { } no)
        {
            return no;
        }

        var faults = new Faults();
        var content = draft.Content;
        var name = faults.Text("file_name", FileNames.Plain(draft.FileName, content.Sha1), Limits.NameLength)!;
        var metadata = faults.Object("metadata", draft.Metadata, Limits.CustomFieldsLength);
        if (!faults.None)
        {
            return faults.Refusal;
        }

        var contains = Contains(draft.Metadata);
        var now = clock.GetUtcNow();
        long document;
        if (await Existing(unit, caller.TenantId, content.Sha1) is { } known)
        {
            if (known.Sha256 != content.Sha256)
            {
                return new Refusal(RefusalKind.Invalid, "same_sha1", $"Another file has this one's SHA-1 {content.Sha1}, and files are known by it. It was not stored.");
            }

            document = known.Id;
            unit.Update<VaultDocumentRow>(
                known.Id,
                unit.VersionToBuildOn<VaultDocumentRow>(known.Id, known.Version),
                (nameof(known.Attachments), known.Attachments + 1),
                (nameof(known.Names), With(known.Names, [name])),
                (nameof(known.Contains), With(known.Contains, contains)));
            if (known.File != content.File)
            {
                unit.Afterward(() => files.Remove(content.File));
            }
        }
        else
        {
            document = store.NextId<VaultDocumentRow>();
            unit.Insert(new VaultDocumentRow
            {
                Id = document,
                TenantId = caller.TenantId,
                CreatedAt = now,
                UpdatedAt = now,
                Hash = content.Sha1,
                Sha256 = content.Sha256,
                Md5 = content.Md5,
                Size = content.Size,
                MimeType = FileNames.MimeType(name),
                Names = With("[]", [name]),
                Contains = With("[]", contains),
                File = content.File,
                Attachments = 1,
            });
        }

        return Insert(unit, caller, draft.Container, document, name, metadata, draft.TaskId, content.Sha1);
    }

    public async Task<Outcome<Done>> Detach(Unit unit, Caller caller, AttachmentId id)
    {
        if (!(await unit.Own<ContainerAttachmentRow>(store, caller, Permissions.EditEvents, id.Value, "container_attachment")).Ok(out var row, out var no))
        {
            return no;
        }

        if (caller.LacksToDelete(Permissions.EditEvents) is { } lacks)
        {
            return lacks;
        }

        await Detach(unit, row);
        unit.Audit(caller, clock.GetUtcNow(), "deleted", "container_attachment", row.Id, row.ContainerId, new JsonObject { ["name"] = Faults.Short(row.Name) });
        return default(Done);
    }

    public async Task DetachAll(Unit unit, long container)
    {
        foreach (var row in await store.Select<ContainerAttachmentRow>(Query.For(Where.Is(nameof(ContainerAttachmentRow.ContainerId), container))))
        {
            await Detach(unit, row);
        }
    }

    public async Task<Outcome<Done>> Copy(Unit unit, Caller caller, ContainerId from, ContainerId into, string? vaultId)
    {
        if (!(await Find(caller, new VaultSearch(vaultId, Container: from))).Ok(out var found, out var no))
        {
            return no;
        }

        if ((await unit.Own<ContainerRow>(store, caller, Permissions.EditEvents, into.Value, "container")).Refusal is { } refusal)
        {
            return refusal;
        }

        var there = (await store.Select<ContainerAttachmentRow>(Query.For(Where.Is(nameof(ContainerAttachmentRow.ContainerId), into.Value)))).Select(row => (row.VaultDocumentId, row.Name)).ToHashSet();
        foreach (var file in found.Where(file => there.Add((file.Document.Id, file.Attachment.Name))))
        {
            if (await unit.Find<VaultDocumentRow>(store, file.Document.Id) is not { } document)
            {
                continue;
            }

            unit.Update<VaultDocumentRow>(document.Id, unit.VersionToBuildOn<VaultDocumentRow>(document.Id, document.Version), (nameof(document.Attachments), document.Attachments + 1));
            Insert(unit, caller, into, document.Id, file.Attachment.Name, file.Attachment.Metadata, null, document.Hash);
        }

        return default(Done);
    }

    public async Task<Outcome<IReadOnlyList<AttachedFile>>> Find(Caller caller, VaultSearch search)
    {
        if (caller.Lacks(Permissions.ViewEvents) is { } lacks)
        {
            return lacks;
        }

        if (search is { VaultId: null, FileName: null, Container: null, Attachment: null })
        {
            return Outcomes.Of<IReadOnlyList<AttachedFile>>([]);
        }

        var where = Where.Is(nameof(ContainerAttachmentRow.TenantId), caller.TenantId);
        where = search.Container is { } container ? where & Where.Is(nameof(ContainerAttachmentRow.ContainerId), container.Value) : where;
        where = search.FileName is { } name ? where & Where.Is(nameof(ContainerAttachmentRow.Name), name) : where;
        where = search.Attachment is { } attachment ? where & Where.Is(nameof(ContainerAttachmentRow.Id), attachment.Value) : where;
        if (search.VaultId is { } hash)
        {
            var document = await Committed(caller.TenantId, hash);
            where &= Where.Is(nameof(ContainerAttachmentRow.VaultDocumentId), document?.Id ?? 0);
        }

        var files = new List<AttachedFile>();
        foreach (var row in await store.Select<ContainerAttachmentRow>(Query.For(where)))
        {
            if (await store.Find<VaultDocumentRow>(row.VaultDocumentId) is { } document)
            {
                files.Add(new AttachedFile(
                    row,
                    document,
                    (await store.Find<ContainerRow>(row.ContainerId))?.Name ?? "",
                    row.UserId is { } user ? (await store.Find<UserRow>(user))?.Username : null));
            }
        }

        return Outcomes.Of<IReadOnlyList<AttachedFile>>(files);
    }

    public async Task<Outcome<OpenFile>> Open(Caller caller, string vaultId)
    {
        if (caller.Lacks(Permissions.ViewEvents) is { } lacks)
        {
            return lacks;
        }

        if (await Committed(caller.TenantId, vaultId) is not { } document)
        {
            return OwnRows.NotFound("vault_document");
        }

        try
        {
            return new OpenFile(files.Open(document.File), document);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalKind.Unavailable, "file_gone", $"The content of {document.Hash} cannot be read from disk. A virus scanner may have taken it; the record is still there.");
        }
    }

    public async Task Sweep(CancellationToken ct)
    {
        foreach (var file in files.FromBefore())
        {
            ct.ThrowIfCancellationRequested();
            if (await store.Count<VaultDocumentRow>(Where.Is(nameof(VaultDocumentRow.File), file), ct) == 0)
            {
                files.Remove(file);
            }
        }
    }

    private AttachmentId Insert(Unit unit, Caller caller, ContainerId container, long document, string name, string metadata, long? task, string hash)
    {
        var now = clock.GetUtcNow();
        var row = new ContainerAttachmentRow
        {
            Id = store.NextId<ContainerAttachmentRow>(),
            TenantId = caller.TenantId,
            CreatedAt = now,
            UpdatedAt = now,
            ContainerId = container.Value,
            VaultDocumentId = document,
            Name = name,
            Metadata = metadata,
            CreatedVia = caller.Run is null ? "api" : "automation",
            TaskId = task,
            UserId = caller.Author,
            PlaybookRunId = caller.Run?.Value,
        };
        unit.Insert(row);
        unit.Audit(caller, now, "created", "container_attachment", row.Id, row.ContainerId, new JsonObject { ["name"] = Faults.Short(name), ["vault_id"] = hash });
        return new AttachmentId(row.Id);
    }

    private async Task Detach(Unit unit, ContainerAttachmentRow row)
    {
        unit.Delete<ContainerAttachmentRow>(row.Id);
        if (await unit.Find<VaultDocumentRow>(store, row.VaultDocumentId) is not { } document)
        {
            return;
        }

        // The version is checked by the update, also where the row goes right after: who attaches it meanwhile decides again.
        unit.Update<VaultDocumentRow>(document.Id, unit.VersionToBuildOn<VaultDocumentRow>(document.Id, document.Version), (nameof(document.Attachments), document.Attachments - 1));
        if (document.Attachments <= 1)
        {
            unit.Delete<VaultDocumentRow>(document.Id);
            unit.Afterward(() => files.Remove(document.File));
        }
    }

    private async Task<VaultDocumentRow?> Existing(Unit unit, long tenant, string hash)
    {
        var own = unit.Writes.OfType<Insert>().Select(insert => insert.Row).OfType<VaultDocumentRow>().FirstOrDefault(row => row.TenantId == tenant && row.Hash == hash);
        var row = own ?? await Committed(tenant, hash);
        return row is null ? null : await unit.Find<VaultDocumentRow>(store, row.Id);
    }

    private async Task<VaultDocumentRow?> Committed(long tenant, string hash)
    {
        var found = await store.Select<VaultDocumentRow>(new Query
        {
            Where = Where.Is(nameof(VaultDocumentRow.TenantId), tenant) & Where.Is(nameof(VaultDocumentRow.Hash), hash.ToLowerInvariant()),
            Limit = 1,
        });
        return found.Count == 0 ? null : found[0];
    }

    private static List<string> Contains(JsonElement? metadata) =>
        metadata is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty("contains", out var contains)
            ? contains.ValueKind switch
            {
                JsonValueKind.Array => [.. contains.EnumerateArray().Select(one => one.ToString())],
                JsonValueKind.String => [contains.GetString()!],
                _ => [],
            }
            : [];

    private static string With(string known, IEnumerable<string> more) => Texts.Write(Texts.Read(known).Concat(more).Distinct(StringComparer.Ordinal).Take(Limits.Tags));
}
