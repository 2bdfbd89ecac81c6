using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Repositories;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

internal sealed class PlaybookResource(IPlaybooks playbooks, IRepositories repositories, Records records) : IResource
{
    private const string Scm = "_filter_scm";

    private static readonly Shape Change = new Shape("PlaybookChange", "What to change.")
        .With("active", Kind.Truth, "Whether it starts by itself.")
        .With("playbook_trigger", Kind.Text, "What starts an active one: `artifact_created`, or `container_resolved`.")
        .With("cancel_runs", Kind.Truth, "True cancels its runs that have not ended.");

    private static readonly Shape Archive = new Shape("PlaybookArchive", "A playbook to take in.")
        .Needs("playbook", Kind.Text, "A gzip tar in base64 with `NAME.py` and `NAME.json`; it may hold the playbooks and custom functions that it calls, too.", "custom_function")
        .With("scm", Kind.Text, "The repository, by name or number. `local` if nothing is said.")
        .With("message", Kind.Text, "What the commit says.")
        .With("force", Kind.Truth, "True replaces one that is there already.");

    private static readonly Shape Changed = new Shape("PlaybookChanged").Needs("success", Kind.Truth, "Always true.").Needs("message", Kind.Text, "`Operation successful`.");

    private static readonly Shape Imported = new Shape("PlaybookImported").Needs("success", Kind.Truth, "Always true.").Needs("id", Kind.Whole, "Its number.")
        .Needs("passed_validation", Kind.Truth, "Whether it can run.").Needs("message", Kind.Text, "What was imported, and why it cannot run.");

    public IEnumerable<Route> Routes =>
    [
        Route.Get("playbook", "List playbooks", List) with
        {
            Lists = RecordTypes.Playbook, Needed = RecordTypes.Playbook.Needed, Parameters = [(Scm, "The repository by number.")],
        },
        Route.One("playbook/{id}", "Read a playbook", RecordTypes.Playbook, records),
        Route.Post("playbook/{id}", "Switch a playbook on or off", Change, Write) with { Needed = Permissions.EditPlaybooks, Answers = Changed, Errors = [(400, "It cannot run, or is of a type that does not start by itself.")] },
        Route.Get("playbook/{id}/export", "Download a playbook", Export) with
        {
            Needed = Permissions.ViewPlaybooks, ContentType = "application/gzip", Description = "A gzip tar with `NAME.json` and `NAME.py`, as `import_playbook` takes it.",
            Parameters = [("include_called", "Also the playbooks and custom functions it calls by name.")],
        },
        Import("import_playbook", "Upload a playbook"),
        Import("import_custom_function", "Upload a custom function"),
    ];

    private Route Import(string path, string summary) => Route.Post(path, summary, Archive, Import) with
    {
        Needed = Permissions.EditPlaybooks, Answers = Imported, Description = "It becomes a commit of the repository. One that does not compile is kept and shows why; it cannot run.",
        Errors = [(400, "The archive cannot be read, or the playbook is there already and `force` was not said."), (503, "There is no git on the server.")],
    };

    /// <summary>The repository has a number on the wire and a name with us.</summary>
    private async Task<RestAnswer> List(RestCall call)
    {
        if (call.Param(Scm) is not { } literal)
        {
            return await records.List(call, RecordTypes.Playbook);
        }

        var number = Coerce.Whole(Literals.Read(literal)) ?? throw new BadQueryException("scm takes the number of a repository; /rest/scm lists them.");
        var repository = await call.Work.Store.Find<RepositoryRow>(number, call.Ct);
        return await records.List(call, RecordTypes.Playbook, Where.Is("Repository", repository?.Name ?? ""), name => name == Scm);
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
        if (!(await repositories.Export(call.Caller, new PlaybookId(call.Number), call.Flag("include_called"), call.Ct)).Ok(out var all, out var refusal))
        {
            return RestAnswer.Of(refusal);
        }

        return new RestAnswer(200, null, await PlaybookArchives.Pack(all, call.Ct), "application/gzip", $"{all[0].Name}.tgz");
    }

    private async Task<RestAnswer> Import(RestCall call)
    {
        var body = call.Body(Archive);
        var files = await PlaybookArchives.Unpack(body.Text("playbook", "custom_function") ?? throw new BadRequestException("playbook is missing: a gzip tar in base64."), call.Ct);
        var force = body.Truth("force") ?? false;
        var found = await repositories.Find(call.Caller, body.Text("scm") ?? IRepositories.Local);
        if (!found.Ok(out var repository, out var unknown))
        {
            return RestAnswer.Of(unknown);
        }

        List<PlaybookImport> imports = [.. files.Select(file => new PlaybookImport(repository.Name, file.Name, file.Source, file.Metadata, force))];
        return await call.Work.Write(
            unit => repositories.Save(unit, call.Caller, repository.Name, imports, body.Text("message") ?? "", call.Ct),
            imported => RestAnswer.Ok(new JsonObject
            {
                ["success"] = true,
                ["id"] = imported[0].Id.Value,
                ["passed_validation"] = imported[0].Fault.Length == 0,
                ["message"] = $"Playbook \"{repository.Name}/{files[0].Name}\" was imported{(files.Count > 1 ? $", with {files.Count - 1} that it calls" : "")}{(imported[0].Fault.Length == 0 ? "." : $" and cannot run: {imported[0].Fault}")}",
            }),
            call.Ct);
    }
}
