using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Repositories;

/// <summary>
/// Brings commits into force. What nothing live reaches moves with the repository; for what is live the newer version is a candidate, unless the repository
/// follows and the newer one reaches no further.
/// </summary>
internal sealed class Pulls(IStore store, IGit git, IPlaybooks playbooks, PlaybookFiles files, VersionReader versions, BranchMoves branches, TimeProvider time)
{
    public async Task<Outcome<PullReport>> TakeIn(Unit unit, Caller caller, RepositoryRow row, Fetched fetched, CancellationToken ct)
    {
        var (ours, theirs) = (row.Head, fetched.Commit);
        if (ours == theirs && row is { Status: "ready", Follow: false } && row.RemoteHead == theirs)
        {
            unit.Update<RepositoryRow>(row.Id, row.Version, (nameof(row.PulledAt), time.GetUtcNow()));
            return new PullReport(ours, [], await Waiting(row, ct), [], JsonSerializer.Deserialize<string[]>(row.Notes)!, "Nothing is new.");
        }

        if (ours.Length == 0 || !await git.Has(row.Id, ours, ct) || ours == theirs || await git.IsBehind(row.Id, ours, theirs, ct))
        {
            return await Into(unit, caller, row, theirs, theirs, "", ct);
        }

        if (await git.IsBehind(row.Id, theirs, ours, ct))
        {
            return await Into(unit, caller, row, ours, theirs, "The commits made here are not there yet: push them.", ct);
        }

        if (fetched.Force || (fetched.Rewritten && ours == row.RemoteHead))
        {
            var kept = $"kept/{ours[..12]}";
            branches.After(unit, row.Id, kept, ours);
            return await Into(unit, caller, row, theirs, theirs, $"{(fetched.Rewritten ? "The history of the branch was rewritten there" : "What was committed here was set aside")}: {Short(ours)} is no longer in it, and is kept as {kept}. What is live stays until somebody takes what came.", ct);
        }

        var message = $"Both sides went on: {await Count(row.Id, ours, theirs, ct)} commits here ({Short(ours)}), {await Count(row.Id, theirs, ours, ct)} there ({Short(theirs)}). Nothing was changed; merge them, or pull with force to set aside what is here.";
        unit.Update<RepositoryRow>(row.Id, row.Version, (nameof(row.RemoteHead), theirs), (nameof(row.Status), "diverged"), (nameof(row.Message), message), (nameof(row.PulledAt), time.GetUtcNow()));
        unit.Audit(caller, time.GetUtcNow(), "pulled", "scm", row.Id, content: new JsonObject { ["commit"] = theirs, ["diverged"] = true });
        return new PullReport(ours, [], [], [], [], message);
    }

    /// <summary>Makes a commit count.</summary>
    public async Task<Outcome<PullReport>> Into(Unit unit, Caller caller, RepositoryRow row, string commit, string remote, string message, CancellationToken ct)
    {
        var found = await files.Of(row.Id, commit, ct);
        var all = (await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.TenantId), row.TenantId)), ct)).ToList();
        var live = await LiveReach.Of(all, async playbook => (await playbooks.Export(Caller.Platform with { TenantId = row.TenantId }, new PlaybookId(playbook.Id))).Value.Source);
        var known = all.Where(playbook => playbook.Repository == row.Name).ToDictionary(playbook => playbook.Name, StringComparer.Ordinal);
        var (taken, waiting, gone, notes) = (new List<string>(), new List<WaitingPlaybook>(), new List<string>(), found.Notes.ToList());
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var playbook in found.Playbooks)
        {
            if (!seen.Add(playbook.Name))
            {
                notes.Add($"{playbook.Name} is there twice, as a playbook and as a custom function; the second was left out.");
                continue;
            }

            var before = known.GetValueOrDefault(playbook.Name);
            if (before is not null && Same(before, playbook))
            {
                Settle(unit, before, playbook);
                continue;
            }

            if (before is not null && live.Contains(before.Id) && await Holds(row, before, playbook, ct) is { } reason)
            {
                unit.Update<PlaybookRow>(before.Id, before.Version, (nameof(before.Candidate), commit), (nameof(before.CandidateReason), reason));
                waiting.Add(new WaitingPlaybook(playbook.Name, reason));
                continue;
            }

            var imported = await playbooks.Import(unit, caller, playbook.Import(row.Name, await Barred(row, playbook, ct)));
            if (imported.Ok(out var done, out var refusal))
            {
                taken.Add(playbook.Name);
                if (done.Fault.Length > 0)
                {
                    notes.Add($"{playbook.Name} cannot run: {done.Fault}");
                }
            }
            else if (refusal.Kind is RefusalKind.Forbidden or RefusalKind.Unavailable)
            {
                return refusal;
            }
            else
            {
                notes.Add($"{playbook.Path} was left out: {refusal.Message}");
            }
        }

        foreach (var playbook in known.Values.Where(playbook => !seen.Contains(playbook.Name) && !playbook.Disabled))
        {
            gone.Add(playbook.Name);
            if (!live.Contains(playbook.Id))
            {
                unit.Update<PlaybookRow>(playbook.Id, playbook.Version, (nameof(playbook.Disabled), true));
            }
        }

        var now = time.GetUtcNow();
        unit.Update<RepositoryRow>(row.Id, row.Version,
            (nameof(row.Head), commit), (nameof(row.RemoteHead), remote), (nameof(row.Status), "ready"), (nameof(row.Message), message),
            (nameof(row.Notes), JsonSerializer.Serialize(notes)), (nameof(row.PulledAt), now));
        unit.Audit(caller, now, "pulled", "scm", row.Id, content: new JsonObject { ["commit"] = commit, ["before"] = row.Head, ["taken"] = taken.Count, ["waiting"] = waiting.Count });
        branches.After(unit, row.Id, row.Branch, commit);
        return new PullReport(commit, taken, waiting, gone, notes, message);
    }

    public async Task<Outcome<PullReport>> Take(Unit unit, Caller caller, RepositoryRow row, IReadOnlyList<string> names, CancellationToken ct)
    {
        var candidates = await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), row.Name) & !Where.Is(nameof(PlaybookRow.Candidate), "")), ct);
        if (names.FirstOrDefault(name => candidates.All(one => one.Name != name)) is { } none)
        {
            return new Refusal(RefusalKind.NotFound, "no_candidate", $"No newer version of \"{row.Name}/{none}\" waits.");
        }

        var taken = new List<string>();
        foreach (var playbook in candidates.Where(one => names.Count == 0 || names.Contains(one.Name)))
        {
            var found = (await files.Of(row.Id, playbook.Candidate, ct, playbook.Name)).Playbooks;
            if (found.Count == 0)
            {
                return new Refusal(RefusalKind.NotFound, "no_candidate", $"\"{row.Name}/{playbook.Name}\" is not in {Short(playbook.Candidate)}, which waits for it. Pull again.");
            }

            var without = playbook.CommitId.Length > 0 && await git.Has(row.Id, playbook.CommitId, ct) ? playbook.CommitId : null;
            var log = await git.Log(row.Id, playbook.Candidate, without, [found[0].Path, PlaybookFiles.JsonOf(found[0].Path)], 1000, ct);
            if (log.FirstOrDefault(entry => IsOf(entry, caller)) is { } own)
            {
                return new Refusal(RefusalKind.Forbidden, "own_change", $"You wrote {Short(own.Commit)} of \"{row.Name}/{playbook.Name}\", which is live; somebody else has to take it.");
            }

            if (!(await playbooks.Import(unit, caller, found[0].Import(row.Name, await Barred(row, found[0], ct)))).Ok(out _, out var refusal))
            {
                return refusal;
            }

            taken.Add(playbook.Name);
        }

        unit.Audit(caller, time.GetUtcNow(), "taken", "scm", row.Id, content: new JsonObject { ["playbooks"] = new JsonArray([.. taken.Select(name => (JsonNode)name)]) });
        return new PullReport(row.Head, taken, [], [], [], taken.Count == 0 ? "Nothing waits." : "");
    }

    /// <summary>Why a playbook of this repository may not run; empty when it may. What only a run knows is refused in the run.</summary>
    public async Task<string> Barred(RepositoryRow row, FoundPlaybook playbook, CancellationToken ct)
    {
        if (row.MostReach == Reach.Destroys)
        {
            return "";
        }

        var version = await versions.Read(playbook, ct);
        return version.Asks.FirstOrDefault(ask => ask.Kind == "act" && ask.Reach > row.MostReach) is { } ask
            ? $"It asks for \"{ask.What}\", which {VersionReader.Word(ask.Reach)}; repository \"{row.Name}\" may go as far as: {VersionReader.Word(row.MostReach)}."
            : "";
    }

    private async Task<IReadOnlyList<WaitingPlaybook>> Waiting(RepositoryRow row, CancellationToken ct) =>
        [.. (await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), row.Name) & !Where.Is(nameof(PlaybookRow.Candidate), "")), ct)).Select(one => new WaitingPlaybook(one.Name, one.CandidateReason))];

    public static string Short(string commit) => commit.Length > 10 ? commit[..10] : commit;

    private async Task<int> Count(long repository, string has, string without, CancellationToken ct) => (await git.Log(repository, has, without, [], 1000, ct)).Count;

    /// <summary>Why what is live stays as it is; null when the newer version may take its place by itself.</summary>
    private async Task<string?> Holds(RepositoryRow row, PlaybookRow before, FoundPlaybook after, CancellationToken ct)
    {
        if (!row.Follow)
        {
            return "it is live, and the repository does not follow: somebody has to take it";
        }

        var export = (await playbooks.Export(Caller.Platform with { TenantId = row.TenantId }, new PlaybookId(before.Id))).Value;
        using var metadata = JsonDocument.Parse(export.Metadata);
        var older = await versions.Read(new FoundPlaybook(before.Name, before.Path, before.CommitId, export.Source, metadata.RootElement), ct);
        var newer = await versions.Read(after, ct);
        return newer.Facts.Fault.Length > 0 ? $"it does not compile: {newer.Facts.Fault}"
            : newer.Facts.Findings.Except(older.Facts.Findings).FirstOrDefault() is { } finding ? $"the check finds: {finding}"
            : await Barred(row, after, ct) is { Length: > 0 } barred ? barred
            : VersionReader.Further(older, newer) is { } further ? $"it reaches further: {further}"
            : null;
    }

    /// <summary>It is the same as what counts: nothing waits any more.</summary>
    private static void Settle(Unit unit, PlaybookRow before, FoundPlaybook playbook)
    {
        if (before.Candidate.Length > 0 || before.CommitId.Length == 0)
        {
            unit.Update<PlaybookRow>(before.Id, before.Version,
                (nameof(before.Candidate), ""), (nameof(before.CandidateReason), ""), (nameof(before.Path), playbook.Path), (nameof(before.CommitId), before.CommitId.Length == 0 ? playbook.Commit : before.CommitId));
        }
    }

    private static bool Same(PlaybookRow before, FoundPlaybook playbook) => !before.Disabled
        && before.SourceHash == Convert.ToHexStringLower(SHA256.HashData(playbook.Source))
        && before.Metadata == ((JsonObject)JsonNode.Parse(playbook.Metadata.GetRawText())!).ToJsonString();

    private static bool IsOf(LogEntry entry, Caller caller) =>
        string.Equals(entry.Author, caller.Username, StringComparison.OrdinalIgnoreCase) || string.Equals(entry.Mail.Split('@')[0], caller.Username, StringComparison.OrdinalIgnoreCase);
}
