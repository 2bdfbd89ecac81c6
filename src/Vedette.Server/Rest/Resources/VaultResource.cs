using System.Text.Json.Nodes;
using Vedette.Engine.Vault;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary>Files of events: <c>container_attachment</c>, <c>vault_document</c> and <c>download_attachment</c>.</summary>
internal sealed class VaultResource(IVault vault, Records records) : IResource
{
    private static readonly Shape Body = new Shape("AttachmentBody", "A file for an event.")
        .Needs("container_id", Kind.Whole, "The event.", "container")
        .With("file_name", Kind.Text, "What people see. Folders before it are cut off.")
        .Needs("file_content", Kind.Text, "The content in base64.")
        .With("metadata", Kind.Object, "`contains` in it, a list of text, says what the file is.")
        .With("task_id", Kind.Whole, "The task it belongs to.", "task");

    private static readonly Shape Attached = new Shape("Attached", "The file is on disk.")
        .Needs("succeeded", Kind.Truth, "Always true; a failure has `failed` instead.")
        .Needs("message", Kind.Text, "`success`.")
        .Needs("vault_id", Kind.Text, "SHA-1 of the content: the name of the file in the vault.")
        .Needs("hash", Kind.Text, "The same.")
        .Needs("id", Kind.Whole, "Number of the attachment.")
        .Needs("container", Kind.Whole, "The event.")
        .Needs("size", Kind.Whole, "Bytes.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("container_attachment", "List files of events", RecordTypes.Attachment, records) with { Description = "With `pretty` each has `_pretty_vault_id`, `_pretty_size` and more." },
        Route.Post("container_attachment", "Put a file into the vault", Body, Post) with
        {
            Description = "The same content is stored once, however often it is attached.",
            Needed = Permissions.EditEvents, Answers = Attached, Errors = [(413, "The file is larger than allowed.")],
        },
        Route.Get("container_attachment/{file}", "Read what is known of a file", Read) with { Description = "By its number.", Shows = RecordTypes.Attachment, Needed = Permissions.ViewEvents },
        Route.Delete("container_attachment/{file}", "Take a file off an event", Delete) with
        {
            Description = "By its number, or by its vault id: then off every event that has it. By a person, not by a token. The content goes with the last attachment.",
            Needed = Permissions.EditEvents,
        },
        Route.List("vault_document", "List contents of the vault", RecordTypes.VaultDocument, records),
        Route.One("vault_document/{id}", "Read what is known of a content", RecordTypes.VaultDocument, records),
        Route.Get("download_attachment", "Get the content of a file", Download) with
        {
            Description = "Always as an attachment, so that no browser shows it.", Needed = Permissions.ViewEvents, ContentType = "application/octet-stream",
            Parameters = [("vault_id", "SHA-1 of the content."), ("id", "Or the number of the attachment.")],
            Errors = [(404, "There is no such file."), (503, "Its content cannot be read from disk.")],
        },
    ];

    private async Task<RestAnswer> Post(RestCall call)
    {
        var body = call.Body(Body);
        var container = new ContainerId(body.NeedWhole("container_id", "container"));
        byte[] content;
        try
        {
            content = Convert.FromBase64String(body.NeedText("file_content"));
        }
        catch (FormatException exception)
        {
            throw new BadRequestException("file_content is no base64.", exception);
        }

        using var stream = new MemoryStream(content, writable: false);
        if (!(await vault.Keep(call.Caller, stream, call.Ct)).Ok(out var kept, out var refusal))
        {
            return RestAnswer.Of(refusal);
        }

        var draft = new AttachmentDraft { Container = container, Content = kept, FileName = body.Text("file_name"), Metadata = body.Value("metadata"), TaskId = body.Whole("task_id", "task") };
        var answer = await call.Work.Write(
            unit => vault.Attach(unit, call.Caller, draft),
            id => RestAnswer.Ok(new JsonObject
            {
                ["succeeded"] = true,
                ["message"] = "success",
                ["hash"] = kept.Sha1,
                ["vault_id"] = kept.Sha1,
                ["id"] = id.Value,
                ["container"] = container.Value,
                ["size"] = kept.Size,
            }),
            call.Ct);
        if (answer.Status != 200)
        {
            vault.Drop(kept);
        }

        return answer;
    }

    private async Task<RestAnswer> Read(RestCall call) => RestCall.Id(call.Path[1]) is { } id ? await records.One(call, RecordTypes.Attachment, id) : RestAnswer.NotFound("container_attachment");

    private async Task<RestAnswer> Delete(RestCall call)
    {
        var named = call.Path[1];
        var search = RestCall.Id(named) is { } id ? new VaultSearch(Attachment: new AttachmentId(id)) : new VaultSearch(VaultId: named);
        if (!(await vault.Find(call.Caller, search)).Ok(out var files, out var refusal))
        {
            return RestAnswer.Of(refusal);
        }

        return files.Count == 0 ? RestAnswer.NotFound("container_attachment") : await call.Work.Write(unit => Detach(unit, call, files), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }

    private async Task<Outcome<Done>> Detach(Engine.Storage.Unit unit, RestCall call, IReadOnlyList<AttachedFile> files)
    {
        foreach (var file in files)
        {
            if ((await vault.Detach(unit, call.Caller, new AttachmentId(file.Attachment.Id))).Refusal is { } refusal)
            {
                return refusal;
            }
        }

        return default(Done);
    }

    private async Task<RestAnswer> Download(RestCall call)
    {
        var vaultId = call.Param("vault_id");
        var name = vaultId;
        if (call.Param("id") is { } number)
        {
            var found = await vault.Find(call.Caller, new VaultSearch(Attachment: new AttachmentId(RestCall.Id(number) ?? throw new BadRequestException("id has to be a whole number."))));
            if (found.Refusal is { } no)
            {
                return RestAnswer.Of(no);
            }

            (vaultId, name) = found.Value.Count == 0 ? (null, null) : (found.Value[0].Document.Hash, found.Value[0].Attachment.Name);
        }
        else if (vaultId is null)
        {
            throw new BadRequestException("Name the file: vault_id=<SHA-1>, or id=<number of the attachment>.");
        }

        if (vaultId is null)
        {
            return RestAnswer.NotFound("container_attachment");
        }

        return (await vault.Open(call.Caller, vaultId)).Ok(out var file, out var refusal)
            ? new RestAnswer(200, null, ContentType: "application/octet-stream", FileName: name) { File = file.Content }
            : RestAnswer.Of(refusal);
    }
}
