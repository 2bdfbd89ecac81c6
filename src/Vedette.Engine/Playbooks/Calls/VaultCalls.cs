using System.Text.Json;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Vault;
using Vedette.Model;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>
/// Files of events. Content travels in parts over the worker's line, both ways, for a worker sees no folder but its own. Parts are in no
/// record of a turn: a turn that runs again carries them again.
/// </summary>
internal static class VaultCalls
{
    /// <summary>Bytes of content in one message: as base64 well within the limit of a frame.</summary>
    public const int PartBytes = 4 << 20;

    public static async Task<string> Put(Turn turn, JsonElement arguments)
    {
        var part = Convert.FromBase64String(arguments.Text("content") ?? "");
        if (arguments.Number("offset") is null or 0)
        {
            turn.Upload.SetLength(0);
        }

        // One more part than allowed is what the vault refuses by its own limit.
        if (turn.Upload.Length <= Limits.VaultFileBytes)
        {
            await turn.Upload.WriteAsync(part);
        }

        return "null";
    }

    public static async Task<string> Get(Turn turn, JsonElement arguments)
    {
        // What this turn attached itself has to be committed to be there.
        await turn.CommitSoFar();
        var opened = await turn.Services.Vault.Open(turn.Caller, arguments.Text("vault_id") ?? "");
        if (!opened.Ok(out var file, out var refusal))
        {
            await turn.Note(refusal);
            throw new TurnCallException("OSError", refusal.Message);
        }

        await using var content = file.Content;
        content.Position = Math.Clamp(arguments.Number("offset") ?? 0, 0, content.Length);
        var part = new byte[Math.Min(PartBytes, content.Length - content.Position)];
        turn.VaultBytes += part.Length;
        if (turn.VaultBytes > Limits.VaultBytesOfTurn)
        {
            throw new TurnCallException("OSError", $"This turn has got {Limits.VaultBytesOfTurn} bytes of files out of the vault, and that is all that one turn gets.");
        }

        await content.ReadExactlyAsync(part);
        return $$"""{"content":"{{Convert.ToBase64String(part)}}","size":{{content.Length}}}""";
    }

    /// <summary>Attaches what was put before it: <c>(ok, message, vault id)</c>.</summary>
    public static async Task<string> Add(Turn turn, JsonElement arguments)
    {
        turn.Upload.Position = 0;
        var kept = await turn.Services.Vault.Keep(turn.Caller, turn.Upload, CancellationToken.None);
        turn.Upload.SetLength(0);
        if (!kept.Ok(out var content, out var refusal))
        {
            return await Refused(turn, refusal, "null");
        }

        var attached = await turn.Services.Vault.Attach(turn.Unit, turn.Caller, new AttachmentDraft
        {
            Container = EventCalls.Container(turn, arguments),
            Content = content,
            FileName = arguments.Text("file_name"),
            Metadata = arguments.Get("metadata") is { ValueKind: JsonValueKind.Object } metadata ? metadata : null,
            TaskId = arguments.Number("task_id"),
        });
        if (attached.Refusal is { } no)
        {
            turn.Services.Vault.Drop(content);
            return await Refused(turn, no, "null");
        }

        turn.Kept.Add(content);
        return $"[true,\"\",\"{content.Sha1}\"]";
    }

    /// <summary><c>(ok, message, files)</c>; the path is put in by the worker that gets the content.</summary>
    public static async Task<string> Info(Turn turn, JsonElement arguments)
    {
        if (!(await Found(turn, arguments)).Ok(out var files, out var refusal))
        {
            return await Refused(turn, refusal, "[]");
        }

        return files.Count == 0 ? "[false,\"No file of the vault fits.\",[]]" : JsonSerializer.Serialize(new object[] { true, "", files.Select(Item) });
    }

    /// <summary><c>(ok, message, names of the files)</c>.</summary>
    public static async Task<string> Delete(Turn turn, JsonElement arguments)
    {
        if (!(await Found(turn, arguments)).Ok(out var files, out var refusal))
        {
            return await Refused(turn, refusal, "[]");
        }

        if (files.Count == 0 || (files.Count > 1 && !arguments.Flag("remove_all")))
        {
            var why = files.Count == 0 ? "No file of the vault fits." : $"{files.Count} files of the vault fit; remove_all=True takes all of them off.";
            return JsonSerializer.Serialize(new object[] { false, why, Array.Empty<string>() });
        }

        foreach (var file in files)
        {
            if ((await turn.Services.Vault.Detach(turn.Unit, turn.Caller, new AttachmentId(file.Attachment.Id))).Refusal is { } no)
            {
                return await Refused(turn, no, "[]");
            }
        }

        return JsonSerializer.Serialize(new object[] { true, "", files.Select(file => file.Attachment.Name) });
    }

    private static async Task<Outcome<IReadOnlyList<AttachedFile>>> Found(Turn turn, JsonElement arguments)
    {
        await turn.CommitSoFar();
        return await turn.Services.Vault.Find(turn.Caller, new VaultSearch(
            arguments.Text("vault_id"),
            arguments.Text("file_name"),
            arguments.Number("container_id") is { } container ? new ContainerId(container) : null));
    }

    private static object Item(AttachedFile file) => new
    {
        id = file.Attachment.Id,
        name = file.Attachment.Name,
        vault_id = file.Document.Hash,
        hash = file.Document.Hash,
        vault_document = file.Document.Id,
        vault_document_id = file.Document.Id,
        size = file.Document.Size,
        mime_type = file.Document.MimeType,
        contains = JsonSerializer.Deserialize<JsonElement>(file.Document.Contains),
        aka = JsonSerializer.Deserialize<JsonElement>(file.Document.Names),
        metadata = new { sha1 = file.Document.Hash, sha256 = file.Document.Sha256, md5 = file.Document.Md5, size = file.Document.Size, contains = JsonSerializer.Deserialize<JsonElement>(file.Document.Contains) },
        container = file.ContainerName,
        container_id = file.Attachment.ContainerId,
        task_id = file.Attachment.TaskId,
        user = file.Username ?? "",
        created_via = file.Attachment.CreatedVia,
        create_time = PlaybookJson.Time(file.Attachment.CreatedAt),
    };

    private static async Task<string> Refused(Turn turn, Refusal refusal, string third)
    {
        await turn.Note(refusal);
        turn.Log(40, refusal.Message);
        return $"[false,{JsonSerializer.Serialize(refusal.Message)},{third}]";
    }
}
