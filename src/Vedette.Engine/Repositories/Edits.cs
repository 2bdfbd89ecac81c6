using System.Text;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Repositories;

/// <summary>Edits are commits: saving, putting both sides together, rolling back.</summary>
internal sealed class Edits(IStore store, IGit git, IPlaybooks playbooks, PlaybookFiles files, Pulls pulls, BranchMoves branches, TimeProvider time)
{
    private const int LongestMessage = 4000;

    public async Task<Outcome<IReadOnlyList<ImportedPlaybook>>> Save(Unit unit, Caller caller, RepositoryRow row, IReadOnlyList<PlaybookImport> imports, string message, CancellationToken ct)
    {
        if (row.ReadOnly && caller.UserId != Caller.Platform.UserId)
        {
            return new Refusal(RefusalKind.Forbidden, "read_only", $"Repository \"{row.Name}\" is read-only. Save into another, such as \"{IRepositories.Local}\".");
        }

        foreach (var import in imports.Where(import => !import.Force))
        {
            if (await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), row.Name) & Where.Is(nameof(PlaybookRow.Name), import.Name)), ct) is [var there, ..])
            {
                return new Refusal(RefusalKind.Duplicate, "playbook_exists", $"Playbook \"{row.Name}/{import.Name}\" is there already; import it with force to replace it.", there.Id);
            }
        }

        var changes = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var import in imports)
        {
            var path = PlaybookFiles.PathOf(import.Name, import.IsFunction);
            changes[path] = import.Source;
            changes[PlaybookFiles.JsonOf(path)] = Encoding.UTF8.GetBytes(import.Metadata?.GetRawText() ?? "{}");
        }

        var parent = row.Head.Length > 0 && await git.Has(row.Id, row.Head, ct) ? row.Head : null;
        var commit = await git.Commit(row.Id, parent is null ? [] : [parent], changes, Words(caller, message.Length > 0 ? message : $"Save {string.Join(", ", imports.Select(import => import.Name).Take(5))}"), ct);
        var answers = new List<ImportedPlaybook>();
        foreach (var import in imports)
        {
            var path = PlaybookFiles.PathOf(import.Name, import.IsFunction);
            var barred = import.Metadata is { } metadata ? await pulls.Barred(row, new FoundPlaybook(import.Name, path, commit, import.Source, metadata), ct) : "";
            if (!(await playbooks.Import(unit, caller, import with { Repository = row.Name, Commit = commit, Path = path, Barred = barred })).Ok(out var imported, out var refusal))
            {
                return refusal;
            }

            answers.Add(imported);
        }

        Move(unit, caller, row, commit, "committed", new JsonObject { ["commit"] = commit, ["before"] = row.Head });
        return answers;
    }

    public async Task<Outcome<PullReport>> Merge(Unit unit, Caller caller, RepositoryRow row, IReadOnlyDictionary<string, string> choices, CancellationToken ct)
    {
        var (ours, theirs) = (row.Head, row.RemoteHead);
        if (row.Status != "diverged")
        {
            return new Refusal(RefusalKind.Invalid, "nothing_to_merge", $"Repository \"{row.Name}\" has nothing to merge; pull first.");
        }

        var merged = await git.Merge(row.Id, ours, theirs, ct);
        var changes = merged.Files.ToDictionary(file => file.Key, file => file.Value, StringComparer.Ordinal);
        if (merged.Conflicts.Where(path => Choice(choices, path) is not ("ours" or "theirs")).ToList() is { Count: > 0 } open)
        {
            return new Refusal(RefusalKind.Conflict, "same_lines", $"Both sides changed the same lines of {string.Join(", ", open)}. Say for each which counts, \"ours\" or \"theirs\"; the diff from {Pulls.Short(ours)} to {Pulls.Short(theirs)} shows both. Nothing was changed.");
        }

        if (choices.Count > 0)
        {
            await Choose(row.Id, ours, theirs, choices, changes, ct);
        }

        var commit = await git.Commit(row.Id, [ours, theirs], changes, Words(caller, $"Merge {Pulls.Short(theirs)} into {Pulls.Short(ours)}"), ct);
        return await pulls.Into(unit, caller, row, commit, theirs, "Merged here; push it.", ct);
    }

    public async Task<Outcome<RolledBack>> RollBack(Unit unit, Caller caller, RepositoryRow row, string name, string? commit, CancellationToken ct)
    {
        if (await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), row.Name) & Where.Is(nameof(PlaybookRow.Name), name)), ct) is not [var playbook, ..])
        {
            return new Refusal(RefusalKind.NotFound, "no_playbook", $"There is no playbook \"{row.Name}/{name}\".");
        }

        var before = await store.Select<PlaybookVersionRow>(new Query { Where = Where.Is(nameof(PlaybookVersionRow.PlaybookId), playbook.Id), Order = [(nameof(PlaybookVersionRow.Id), true)] }, ct);
        var to = commit is { Length: >= 4 }
            ? before.FirstOrDefault(version => version.CommitId.StartsWith(commit, StringComparison.OrdinalIgnoreCase))
            : before.FirstOrDefault(version => version.SourceHash != playbook.SourceHash || version.Metadata != playbook.Metadata);
        if (to is not null)
        {
            if ((await playbooks.RollBack(unit, caller, new PlaybookId(playbook.Id), to)).Refusal is { } refusal)
            {
                return refusal;
            }
        }
        else if (commit is not null && await git.Resolve(row.Id, commit, ct) is { } full && (await files.Of(row.Id, full, ct, name)).Playbooks is [var found, ..])
        {
            if ((await playbooks.Import(unit, caller, found.Import(row.Name, await pulls.Barred(row, found, ct)))).Refusal is { } refusal)
            {
                return refusal;
            }

            commit = full;
        }
        else
        {
            return new Refusal(RefusalKind.NotFound, "no_earlier_version", commit is null ? $"No other version of \"{row.Name}/{name}\" was in force before." : $"\"{row.Name}/{name}\" was never at {Faults.Short(commit)}.");
        }

        var at = to?.CommitId ?? commit!;
        unit.Audit(caller, time.GetUtcNow(), "rolled_back", "playbook", playbook.Id, content: new JsonObject { ["from"] = playbook.CommitId, ["to"] = at });
        return new RolledBack(at, $"\"{row.Name}/{name}\" is at {Pulls.Short(at)} again. Runs that have started keep what they started with.");
    }

    public CommitWords Words(Caller caller, string message) => new(caller.Username, $"{caller.Username}@vedette", message.Length > LongestMessage ? message[..LongestMessage] : message, time.GetUtcNow());

    private void Move(Unit unit, Caller caller, RepositoryRow row, string commit, string act, JsonObject content)
    {
        unit.Update<RepositoryRow>(row.Id, row.Version, (nameof(row.Head), commit), (nameof(row.Status), row.Status == "new" ? "ready" : row.Status));
        unit.Audit(caller, time.GetUtcNow(), act, "scm", row.Id, content: content);
        branches.After(unit, row.Id, row.Branch, commit);
    }

    /// <summary>A playbook is chosen whole: its source and what stands beside it.</summary>
    private async Task Choose(long repository, string ours, string theirs, IReadOnlyDictionary<string, string> choices, Dictionary<string, byte[]?> changes, CancellationToken ct)
    {
        foreach (var (side, word) in new[] { (ours, "ours"), (theirs, "theirs") })
        {
            var chosen = (await git.Tree(repository, side, ct)).Where(file => file.Kind == TreeKind.File && Choice(choices, file.Path) == word).ToList();
            var contents = await git.Contents(repository, [.. chosen.Select(file => file.Hash)], ct);
            foreach (var file in chosen)
            {
                changes[file.Path] = contents[file.Hash];
            }
        }
    }

    /// <summary>By path, or by the name of the playbook that the path is a part of.</summary>
    private static string? Choice(IReadOnlyDictionary<string, string> choices, string path) =>
        choices.GetValueOrDefault(path) ?? choices.GetValueOrDefault(System.IO.Path.GetFileNameWithoutExtension(path));
}
