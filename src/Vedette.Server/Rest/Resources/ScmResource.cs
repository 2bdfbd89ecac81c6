using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Access;
using Vedette.Engine.Repositories;
using Vedette.Model;
using Vedette.Server.Rest.Queries;

namespace Vedette.Server.Rest.Resources;

/// <summary><c>scm</c>: the Git repositories that playbooks live in.</summary>
internal sealed class ScmResource(IRepositories repositories, Records records) : IResource
{
    private static readonly Shape Draft = new Shape("RepositoryDraft", "What to write of a repository, or to do with it.")
        .With("name", Kind.Text, "Of a new one; it stays.").With("uri", Kind.Text, "Address of the other side: https, ssh, or a folder under an allowed root. Empty for none.").With("branch", Kind.Text, "`main` if nothing is said.")
        .With("type", Kind.Text, "`git`; nothing else is.").With("username", Kind.Text, "Who to come as.").With("password", Kind.Text, "Token, password, or for ssh the private key. Kept encrypted for this address, shown to nobody; empty takes it away.", "private_key", "token")
        .With("host_key", Kind.Text, "For ssh: the key that the other side has to show, as ssh-keyscan writes it.").With("read_only", Kind.Truth, "True: nobody saves into it.").With("disabled", Kind.Truth, "True: it is neither pulled nor pushed.")
        .With("follow", Kind.Truth, "True: a pull also changes what is live, where the new version reaches no further. A person has to sign in for it.")
        .With("most_reach", Kind.Text, "The furthest its playbooks may reach: `reads`, `records`, `changes` or `destroys`.").With("every_minutes", Kind.Whole, "How often it is pulled by itself; 0 for never.")
        .With("pull", Kind.Truth, "True pulls; nothing else is looked at then but `force`.").With("force", Kind.Truth, "With `pull`: also where commits made here are not there; they are kept under a branch of their own.");

    private static readonly Shape Pulled = new Shape("RepositoryPulled", "What became of it.")
        .Needs("success", Kind.Truth, "Always true.").Needs("message", Kind.Text, "What happened, in a sentence.").Needs("commit", Kind.Text, "The commit that counts now.")
        .Needs("taken", Kind.Words, "Playbooks that are new or changed, and count.").Needs("waiting", Kind.Any, "Live playbooks of which a newer version waits: objects with `name` and `reason`.")
        .Needs("gone", Kind.Words, "No longer in the repository; those that are live go on.").Needs("notes", Kind.Words, "What was left out, and why.");

    private static readonly Shape Moved = new Shape("RepositoryMoved").Needs("success", Kind.Truth, "Always true.").Needs("commit", Kind.Text, "The commit.").Needs("message", Kind.Text, "What is so now.");

    private static readonly Shape Anything = new Shape("PullAsked", "Whatever a web hook sends; nothing of it is looked at.");
    private static readonly Shape Named = new Shape("CandidatesTaken").With("playbooks", Kind.Words, "Names; all that wait if nothing is said.");
    private static readonly Shape Choices = new Shape("RepositoryMerge").With("choices", Kind.Object, "For what both sides changed in the same lines: name of the playbook, or path, to `ours` or `theirs`.");
    private static readonly Shape Back = new Shape("PlaybookRolledBack").Needs("playbook", Kind.Text, "Name of the playbook.").With("commit", Kind.Text, "To which commit; the version that was in force before if nothing is said.");
    private static readonly Shape Promoted = new Shape("CommitPromoted").Needs("to", Kind.Text, "The environment: a branch here and at the other side.").With("commit", Kind.Text, "Which commit; the one that counts if nothing is said.").With("report", Kind.Text, "What the test bench said; kept in the record.");
    private static readonly Shape Empty = new Shape("NothingMore");
    private static readonly Shape Logged = new Shape("RepositoryLog").Needs("count", Kind.Whole, "How many.").Needs("num_pages", Kind.Whole, "1, or 0 when there is none.").Needs("data", Kind.Any, "Newest first: `commit`, `author`, `email`, `time`, `subject`.");
    private static readonly Shape Differing = new Shape("RepositoryDiff").Needs("count", Kind.Whole, "How many playbooks differ.").Needs("num_pages", Kind.Whole, "1, or 0 when there is none.")
        .Needs("data", Kind.Any, "For each: `name`, `status`, `from`, `to`, `blocks` (`block` and `came`, `went` or `changed`), `asks` (what is new: `kind`, `what`, `block`, `assets`, `reach`), `reach`, `reach_before`, `text`.");

    public IEnumerable<Route> Routes =>
    [
        Route.List("scm", "List repositories of playbooks", RecordTypes.Repository, records),
        Route.One("scm/{id}", "Read a repository of playbooks", RecordTypes.Repository, records),
        Route.Post("scm", "Add a repository of playbooks", Draft, Add) with { Needed = Permissions.EditSettings | Permissions.EditPlaybooks, Answers = Shapes.Written, Errors = [(400, "The address, branch or name cannot be used.")] },
        Route.Post("scm/{id}", "Change a repository, or pull it", Draft, Write) with { Needed = Permissions.EditPlaybooks, Answers = Pulled, Errors = Failures },
        Route.Post("scm/{id}/pull", "Pull a repository", Anything, call => Pull(call, force: false)) with { Needed = Permissions.EditPlaybooks, Answers = Pulled, Errors = Failures, Description = "What a web hook calls, with a token or basic sign-in." },
        Route.Post("scm/{id}/push", "Push what was committed here", Empty, Push) with { Needed = Permissions.EditPlaybooks, Answers = Moved, Errors = [.. Failures, (409, "Somebody was faster: pull first. Nothing was overwritten.")] },
        Route.Post("scm/{id}/take", "Make newer versions of live playbooks count", Named, Take) with { Needed = Permissions.EditPlaybooks, Answers = Pulled, Errors = [(403, "You wrote it; somebody else has to.")] },
        Route.Post("scm/{id}/merge", "Put both sides together", Choices, Merge) with { Needed = Permissions.EditPlaybooks, Answers = Pulled, Errors = [(409, "Both changed the same lines, and no choice was said.")] },
        Route.Post("scm/{id}/rollback", "Make an earlier version of a playbook count", Back, RollBack) with { Needed = Permissions.EditPlaybooks, Answers = Moved },
        Route.Post("scm/{id}/promote", "Promote a commit to an environment", Promoted, Promote) with { Needed = Permissions.EditPlaybooks, Answers = Moved, Errors = Failures },
        Route.Get("scm/{id}/log", "Commits of a repository", Log) with { Needed = Permissions.ViewPlaybooks, Answers = Logged, Parameters = [("playbook", "Only those that touch this playbook."), ("limit", "How many; 50 if nothing is said, at most 1000.")] },
        Route.Get("scm/{id}/diff", "What differs, block by block", Diff) with
        {
            Needed = Permissions.ViewPlaybooks, Answers = Differing, Description = "Without commits: what is in force, and what waits.",
            Parameters = [("from", "A commit or branch."), ("to", "A commit or branch."), ("playbook", "Only this one.")],
        },
    ];

    private static IReadOnlyList<(int Status, string When)> Failures { get; } = [(400, "Credentials, host key or branch are wrong."), (413, "The other side sends too much."), (503, "The other side did not answer, or too slowly. The last state goes on.")];

    private Task<RestAnswer> Add(RestCall call)
    {
        var draft = Read(call.Body(Draft));
        return call.Work.Write(
            unit => repositories.Add(unit, call.Caller, draft, call.Ct),
            id => RestAnswer.Ok(new JsonObject { ["success"] = true, ["id"] = id.Value }),
            call.Ct);
    }

    private Task<RestAnswer> Write(RestCall call)
    {
        var body = call.Body(Draft);
        if (body.Truth("pull") == true)
        {
            return Pull(call, body.Truth("force") ?? false);
        }

        var draft = Read(body);
        return call.Work.Write(
            unit => repositories.Change(unit, call.Caller, new RepositoryId(call.Number), draft, call.Ct),
            _ => RestAnswer.Ok(new JsonObject { ["success"] = true, ["message"] = "Operation successful" }),
            call.Ct);
    }

    private async Task<RestAnswer> Pull(RestCall call, bool force) =>
        (await repositories.Fetch(call.Caller, new RepositoryId(call.Number), call.Ct)).Ok(out var fetched, out var refusal)
            ? await call.Work.Write(unit => repositories.TakeIn(unit, call.Caller, fetched with { Force = force }, call.Ct), Told, call.Ct)
            : RestAnswer.Of(refusal);

    private Task<RestAnswer> Take(RestCall call)
    {
        var names = call.Body(Named).Words("playbooks") ?? [];
        return call.Work.Write(unit => repositories.Take(unit, call.Caller, new RepositoryId(call.Number), names, call.Ct), Told, call.Ct);
    }

    private Task<RestAnswer> Merge(RestCall call)
    {
        var choices = call.Body(Choices).Value("choices") is { ValueKind: JsonValueKind.Object } given
            ? given.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.ToString(), StringComparer.Ordinal)
            : [];
        return call.Work.Write(unit => repositories.Merge(unit, call.Caller, new RepositoryId(call.Number), choices, call.Ct), Told, call.Ct);
    }

    private async Task<RestAnswer> Push(RestCall call) => Told(await repositories.Push(call.Caller, new RepositoryId(call.Number), call.Ct));

    private async Task<RestAnswer> Promote(RestCall call)
    {
        var body = call.Body(Promoted);
        return Told(await repositories.Promote(call.Caller, new RepositoryId(call.Number), new Promotion(body.NeedText("to"), body.Text("commit"), body.Text("report") ?? ""), call.Ct));
    }

    private Task<RestAnswer> RollBack(RestCall call)
    {
        var body = call.Body(Back);
        var (name, commit) = (body.NeedText("playbook"), body.Text("commit"));
        return call.Work.Write(
            unit => repositories.RollBack(unit, call.Caller, new RepositoryId(call.Number), name, commit, call.Ct),
            back => RestAnswer.Ok(new JsonObject { ["success"] = true, ["commit"] = back.Commit, ["message"] = back.Message }),
            call.Ct);
    }

    private async Task<RestAnswer> Log(RestCall call)
    {
        var most = call.Param("limit") is { } limit ? (int)Math.Clamp(Coerce.Whole(Literals.Read(limit)) ?? 50, 1, 1000) : 50;
        return (await repositories.Log(call.Caller, new RepositoryId(call.Number), call.Param("playbook"), most, call.Ct)).Ok(out var log, out var refusal)
            ? RestAnswer.Ok(Wire.List([.. log.Select(entry => (JsonNode)new JsonObject { ["commit"] = entry.Commit, ["author"] = entry.Author, ["email"] = entry.Mail, ["time"] = Wire.Time(entry.At), ["subject"] = entry.Subject })]))
            : RestAnswer.Of(refusal);
    }

    private async Task<RestAnswer> Diff(RestCall call) =>
        (await repositories.Diff(call.Caller, new RepositoryId(call.Number), new DiffQuestion(call.Param("from"), call.Param("to"), call.Param("playbook")), call.Ct)).Ok(out var diffs, out var refusal)
            ? RestAnswer.Ok(Wire.List([.. diffs.Select(Show)]))
            : RestAnswer.Of(refusal);

    private static JsonNode Show(PlaybookDiff diff) => new JsonObject
    {
        ["name"] = diff.Name,
        ["status"] = diff.Status,
        ["from"] = diff.From,
        ["to"] = diff.To,
        ["blocks"] = new JsonArray([.. diff.Blocks.Select(block => (JsonNode)new JsonObject { ["block"] = block.Block, ["status"] = block.Status })]),
        ["asks"] = new JsonArray([.. diff.Asks.Select(ask => (JsonNode)new JsonObject { ["kind"] = ask.Kind, ["what"] = ask.What, ["block"] = ask.Block, ["assets"] = Words(ask.Assets), ["reach"] = Word(ask.Reach) })]),
        ["reach"] = Word(diff.Reach),
        ["reach_before"] = Word(diff.ReachBefore),
        ["text"] = diff.Text,
    };

    private static string? Word(Reach? reach) => reach?.ToString().ToLowerInvariant();

    private static JsonArray Words(IEnumerable<string> words) => new([.. words.Select(word => (JsonNode)word)]);

    private static RestAnswer Told(PullReport report) => RestAnswer.Ok(new JsonObject
    {
        ["success"] = true,
        ["message"] = report.Message.Length > 0 ? report.Message : $"{report.Taken.Count} playbooks count in a new version; {report.Waiting.Count} wait.",
        ["commit"] = report.Commit,
        ["taken"] = Words(report.Taken),
        ["waiting"] = new JsonArray([.. report.Waiting.Select(one => (JsonNode)new JsonObject { ["name"] = one.Name, ["reason"] = one.Reason })]),
        ["gone"] = Words(report.Gone),
        ["notes"] = Words(report.Notes),
    });

    private static RestAnswer Told(Outcome<Pushed> outcome) => outcome.Ok(out var pushed, out var refusal)
        ? RestAnswer.Ok(new JsonObject { ["success"] = true, ["commit"] = pushed.Commit, ["message"] = pushed.Message })
        : RestAnswer.Of(refusal);

    private static RepositoryDraft Read(Posted body) => new()
    {
        Name = body.Text("name"),
        Uri = body.Text("uri"),
        Branch = body.Text("branch") is { Length: > 0 } branch ? branch : null,
        Username = body.Text("username"),
        Secret = body.Text("password", "private_key", "token"),
        HostKey = body.Text("host_key"),
        ReadOnly = body.Truth("read_only"),
        Disabled = body.Truth("disabled"),
        Follow = body.Truth("follow"),
        MostReach = body.Text("most_reach") is { Length: > 0 } reach
            ? Enum.TryParse<Reach>(reach, ignoreCase: true, out var named) && Enum.IsDefined(named) && !char.IsDigit(reach[0]) ? named : throw new BadRequestException("most_reach is one of: reads, records, changes, destroys.")
            : null,
        EveryMinutes = body.Whole("every_minutes"),
    };
}
