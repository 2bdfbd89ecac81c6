using System.Text.Json;
using Vedette.Engine.Lists;
using Vedette.Engine.Notes;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>note</c>, and <c>container_note</c>, its older name.</summary>
internal sealed class NoteResource(INotes notes, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["note", "container_note"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method == "POST" ? await Arrays.Each(call, Post) : call.IsGet ? await records.List(call, RecordTypes.Note) : Resource.NotAllowed(call);
        }

        if (RestCall.Id(call.Path[1]) is not { } id || call.Path.Count > 2)
        {
            return RestAnswer.NotFound("note");
        }

        if (call.Method == "POST")
        {
            var body = call.Json().RequireObject();
            var change = new NoteChange(body.Text("title"), body.Text("content"), body.Text("note_format"));
            return await call.Work.Write(unit => notes.ChangeNote(unit, call.Caller, new NoteId(id), change), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct);
        }

        return call.Method == "DELETE"
            ? await call.Work.Write(unit => notes.DeleteNote(unit, call.Caller, new NoteId(id)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)
            : await records.One(call, RecordTypes.Note, id);
    }

    private Task<RestAnswer> Post(RestCall call, JsonElement body, int part)
    {
        var draft = new NoteDraft
        {
            Container = new ContainerId(body.Whole("container_id", "container") ?? throw new BadRequestException("container_id is missing.")),
            Title = body.Text("title") ?? "",
            Content = body.Text("content") ?? "",
            NoteType = body.Text("note_type") ?? "general",
            NoteFormat = body.Text("note_format") ?? "markdown",
            PhaseId = body.Whole("phase_id", "phase"),
            TaskId = body.Whole("task_id", "task"),
            Artifact = body.Whole("artifact_id", "artifact") is { } artifact ? new ArtifactId(artifact) : null,
        };
        return call.Work.Write(unit => notes.AddNote(unit, call.Caller, draft), id => RestAnswer.Ok(Wire.Success(id.Value)), call.Ct, part);
    }
}

internal sealed class CommentResource(INotes notes, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["container_comment"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.IsGet)
        {
            return call.Path.Count == 1 ? await records.List(call, RecordTypes.Comment) : RestCall.Id(call.Path[1]) is { } id ? await records.One(call, RecordTypes.Comment, id) : RestAnswer.NotFound("container_comment");
        }

        if (call.Method != "POST" || call.Path.Count > 1)
        {
            return Resource.NotAllowed(call);
        }

        return await Arrays.Each(call, (_, body, part) =>
        {
            var container = new ContainerId(body.Whole("container_id", "container") ?? throw new BadRequestException("container_id is missing."));
            return call.Work.Write(unit => notes.AddComment(unit, call.Caller, container, body.Text("comment") ?? ""), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct, part);
        });
    }
}

internal sealed class PinResource(INotes notes, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["container_pin"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method == "POST" ? await Arrays.Each(call, Post) : call.IsGet ? await records.List(call, RecordTypes.Pin) : Resource.NotAllowed(call);
        }

        if (RestCall.Id(call.Path[1]) is not { } id || call.Path.Count > 2)
        {
            return RestAnswer.NotFound("container_pin");
        }

        if (call.Method == "POST")
        {
            var body = call.Json().RequireObject();
            var change = new PinChange(body.Text("message"), body.Text("data"), body.Text("pin_type"), body.Text("pin_style"));
            return await call.Work.Write(unit => notes.ChangePin(unit, call.Caller, new PinId(id), change), _ => RestAnswer.Ok(Wire.Success(id)), call.Ct);
        }

        return call.Method == "DELETE"
            ? await call.Work.Write(unit => notes.DeletePin(unit, call.Caller, new PinId(id)), _ => RestAnswer.Ok(Wire.Success()), call.Ct)
            : await records.One(call, RecordTypes.Pin, id);
    }

    private Task<RestAnswer> Post(RestCall call, JsonElement body, int part)
    {
        var draft = new PinDraft
        {
            Container = new ContainerId(body.Whole("container_id", "container") ?? throw new BadRequestException("container_id is missing.")),
            Name = body.Text("name"),
            Message = body.Text("message") ?? "",
            Data = body.Text("data") ?? "",
            PinType = body.Text("pin_type") ?? "data",
            PinStyle = body.Text("pin_style") ?? "",
            Playbook = body.Whole("playbook_id", "playbook") is { } playbook ? new PlaybookId(playbook) : null,
        };
        return call.Work.Write(unit => notes.AddPin(unit, call.Caller, draft), made => RestAnswer.Ok(Wire.Success(made.Value)), call.Ct, part);
    }
}

internal sealed class DecidedListResource(ILists lists, Records records) : IResource
{
    public IReadOnlyList<string> Names => ["decided_list"];

    public async Task<RestAnswer> Answer(RestCall call)
    {
        if (call.Path.Count == 1)
        {
            return call.Method == "POST" ? await Create(call) : call.IsGet ? await records.List(call, RecordTypes.DecidedList) : Resource.NotAllowed(call);
        }

        var name = call.Path[1];
        if (call.Path.Count > 2)
        {
            return RestAnswer.NotFound(call.Path[2]);
        }

        if (call.Method == "DELETE")
        {
            return await call.Work.Write(unit => lists.Delete(unit, call.Caller, name), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
        }

        if (call.Method == "POST")
        {
            return await Change(call, name);
        }

        return (await lists.Get(call.Caller, name)).Ok(out var row, out var refusal) ? await records.One(call, RecordTypes.DecidedList, row.Id) : RestAnswer.Of(refusal);
    }

    private Task<RestAnswer> Create(RestCall call)
    {
        var body = call.Json().RequireObject();
        var content = body.Value("content") ?? throw new BadRequestException("content is missing.");
        return call.Work.Write(unit => lists.Create(unit, call.Caller, body.Text("name") ?? "", content), id => RestAnswer.Ok(Wire.Success(id.Value)), call.Ct);
    }

    private Task<RestAnswer> Change(RestCall call, string name)
    {
        var body = call.Json().RequireObject();
        if (body.Value("content") is { } content)
        {
            return call.Work.Write(unit => lists.Replace(unit, call.Caller, name, content), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
        }

        var delete = body.Words("delete_rows")?.Select(row => RestCall.Id(row) is { } number and <= int.MaxValue ? (int)number : throw new BadRequestException("delete_rows takes row numbers.")).ToList();
        var edit = new ListEdit(body.Value("update_rows"), delete, body.Value("append_rows"));
        return call.Work.Write(unit => lists.Edit(unit, call.Caller, name, edit), _ => RestAnswer.Ok(Wire.Success()), call.Ct);
    }
}
