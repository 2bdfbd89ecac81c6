using System.Text;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class PlaybookResource(IPlaybooks playbooks, Records records) : IResource
{
    private const string Scm = "_filter_scm";

    private static readonly Shape Change = new Shape("PlaybookChange", "What to change.")
        .With("active", Kind.Truth, "Whether it starts by itself.")
        .With("playbook_trigger", Kind.Text, "What starts an active one: `artifact_created`, or `container_resolved`.")
        .With("cancel_runs", Kind.Truth, "True cancels its runs that have not ended.");

    private static readonly Shape Archive = new Shape("PlaybookArchive", "A playbook to take in.")
        .Needs("playbook", Kind.Text, "A gzip tar in base64 with `NAME.py` and `NAME.json`.")
        .With("scm", Kind.Text, "The repository: `local`, `community`, or its number 1 or 2. `local` if nothing is said.")
        .With("force", Kind.Truth, "True replaces one that is there already.");

    private static readonly Shape Changed = new Shape("PlaybookChanged").Needs("success", Kind.Truth, "Always true.").Needs("message", Kind.Text, "`Operation successful`.");

    private static readonly Shape Imported = new Shape("PlaybookImported").Needs("success", Kind.Truth, "Always true.").Needs("id", Kind.Whole, "Its number.")
        .Needs("passed_validation", Kind.Truth, "Whether it can run.").Needs("message", Kind.Text, "What was imported, and why it cannot run.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("playbook", "List playbooks", List) with
        {
            Lists = RecordTypes.Playbook, Needed = RecordTypes.Playbook.Needed, Parameters = [(Scm, "The repository by number: 1 for local, 2 for community.")],
        },
        Route.One("playbook/{id}", "Read a playbook", RecordTypes.Playbook, records),
        Route.Post("playbook/{id}", "Switch a playbook on or off", Change, Write) with { Needed = Permissions.EditPlaybooks, Answers = Changed, Errors = [(400, "It cannot run, or is of a type that does not start by itself.")] },
        Route.Get("playbook/{id}/export", "Download a playbook", Export) with
        {
            Needed = Permissions.ViewPlaybooks, ContentType = "application/gzip", Description = "A gzip tar with `NAME.json` and `NAME.py`, as `import_playbook` takes it.",
        },
        Route.Post("import_playbook", "Upload a playbook", Archive, Import) with
        {
            Needed = Permissions.EditPlaybooks, Answers = Imported, Description = "One that does not compile is kept and shows why; it cannot run.",
            Errors = [(400, "The archive cannot be read, or the playbook is there already and `force` was not said.")],
        },
    ];

    /// <summary>The repository has a number on the wire and a name with us.</summary>
    private Task<RestAnswer> List(RestCall call)
    {
        if (call.Param(Scm) is not { } literal)
        {
            return records.List(call, RecordTypes.Playbook);
        }

        var repository = Coerce.Whole(Literals.Read(literal)) switch
        {
            1 => "local",
            2 => "community",
            null => throw new BadQueryException("scm takes the number of a repository: 1 for local, 2 for community."),
            _ => "",
        };
        return records.List(call, RecordTypes.Playbook, Where.Is("Repository", repository), name => name == Scm);
    }

    private Task<RestAnswer> Write(RestCall call)
    {
        var body = call.Body(Change);
        var change = new PlaybookChange(body.Truth("active"), body.Text("playbook_trigger"), body.Truth("cancel_runs") ?? false);
        return call.Work.Write(
            unit => playbooks.Change(unit, call.Caller, new PlaybookId(call.Number), change),
            _ => RestAnswer.Ok(new JsonObject { ["success"] = true, ["message"] = "Operation successful" }),
            call.Ct);
    }

    private async Task<RestAnswer> Export(RestCall call)
    {
        if (!(await playbooks.Export(call.Caller, new PlaybookId(call.Number))).Ok(out var playbook, out var refusal))
        {
            return RestAnswer.Of(refusal);
        }

        var packed = await PlaybookArchives.Pack(playbook.Name, playbook.Source, Encoding.UTF8.GetBytes(playbook.Metadata), call.Ct);
        return new RestAnswer(200, null, packed, "application/gzip", $"{playbook.Name}.tgz");
    }

    private async Task<RestAnswer> Import(RestCall call)
    {
        var body = call.Body(Archive);
        var (name, source, metadata) = await PlaybookArchives.Unpack(body.Text("playbook") ?? throw new BadRequestException("playbook is missing: a gzip tar in base64."), call.Ct);
        var repository = body.Text("scm") switch
        {
            null or "1" => "local",
            "2" => "community",
            var named => named,
        };
        var import = new PlaybookImport(repository, name, source, metadata, body.Truth("force") ?? false);
        return await call.Work.Write(
            unit => playbooks.Import(unit, call.Caller, import),
            imported => RestAnswer.Ok(new JsonObject
            {
                ["success"] = true,
                ["id"] = imported.Id.Value,
                ["passed_validation"] = imported.Fault.Length == 0,
                ["message"] = $"Playbook \"{repository}/{name}\" was imported{(imported.Fault.Length == 0 ? "." : $" and cannot run: {imported.Fault}")}",
            }),
            call.Ct);
    }
}
