using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Repositories;

/// <summary>
/// At a start: the repositories that every installation has, and a commit for every playbook that has none. So what came with the program, what was there
/// before there was Git, and what a backup brought without its folders is in Git like the rest.
/// </summary>
internal sealed class Adoption(IStore store, IGit git, IPlaybooks playbooks, PlaybookFiles files, Edits edits, BranchMoves branches, TimeProvider time)
{
    public async Task<Outcome<Done>> Begin(CancellationToken ct)
    {
        var made = await Units.Decide(store, async unit => await Stock(unit, ct), ct);
        if (made.Refused || await git.Fault(ct) is not null)
        {
            // Without Git all that is here goes on; who wants a commit is told then.
            return made;
        }

        foreach (var row in await store.Select<RepositoryRow>(new Query(), ct))
        {
            var adopted = await Units.Decide(store, async unit => await Adopt(unit, row.Id, ct), ct);
            if (adopted.Refused)
            {
                return adopted;
            }
        }

        return default(Done);
    }

    private async Task<Outcome<Done>> Stock(Unit unit, CancellationToken ct)
    {
        var there = (await store.Select<RepositoryRow>(new Query(), ct)).Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
        var named = (await store.Select<PlaybookRow>(new Query(), ct)).Select(row => row.Repository).Distinct();
        var now = time.GetUtcNow();
        foreach (var name in new[] { IRepositories.Local, IRepositories.Community }.Concat(named).Distinct().Where(name => !there.Contains(name)))
        {
            unit.Insert(new RepositoryRow { Id = store.NextId<RepositoryRow>(), CreatedAt = now, UpdatedAt = now, Name = name, ReadOnly = name == IRepositories.Community });
        }

        return default(Done);
    }

    private async Task<Outcome<Done>> Adopt(Unit unit, long id, CancellationToken ct)
    {
        var row = (await store.Find<RepositoryRow>(id, ct))!;
        var lost = row.Head.Length > 0 && !await git.Has(id, row.Head, ct);
        var all = await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), row.Name)), ct);
        var without = all.Where(playbook => lost || playbook.CommitId.Length == 0).ToList();
        if (without.Count == 0)
        {
            return default(Done);
        }

        var there = row.Head.Length > 0 && !lost ? (await files.Of(id, row.Head, ct)).Playbooks.ToDictionary(found => found.Name, StringComparer.Ordinal) : [];
        var caller = Caller.Platform with { TenantId = row.TenantId };
        var changes = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var playbook in without)
        {
            var path = PathOf(playbook);
            if (there.TryGetValue(playbook.Name, out var found) && Convert.ToHexStringLower(SHA256.HashData(found.Source)) == playbook.SourceHash && JsonElement.DeepEquals(found.Metadata, Parsed(playbook.Metadata)))
            {
                continue;
            }

            changes[path] = (await playbooks.Export(caller, new PlaybookId(playbook.Id))).Value.Source;
            changes[PlaybookFiles.JsonOf(path)] = Encoding.UTF8.GetBytes(playbook.Metadata);
        }

        var head = row.Head;
        if (changes.Count > 0 || lost)
        {
            head = await git.Commit(id, row.Head.Length > 0 && !lost ? [row.Head] : [], changes, edits.Words(caller, lost ? "As it was when the folder was lost" : "As it came with the program, or was here before"), ct);
            unit.Update<RepositoryRow>(id, row.Version, (nameof(row.Head), head), (nameof(row.Status), "ready"), (nameof(row.Message), lost ? $"The folder of the repository was lost, and with it what was before {Pulls.Short(head)}." : row.Message));
            branches.After(unit, id, row.Branch, head);
        }

        foreach (var playbook in without)
        {
            unit.Update<PlaybookRow>(playbook.Id, playbook.Version, (nameof(playbook.Path), PathOf(playbook)), (nameof(playbook.CommitId), head), (nameof(playbook.Candidate), ""), (nameof(playbook.CandidateReason), ""));
            unit.Insert(new PlaybookVersionRow { Id = store.NextId<PlaybookVersionRow>(), TenantId = playbook.TenantId, PlaybookId = playbook.Id, CommitId = head, Path = PathOf(playbook), SourceHash = playbook.SourceHash, Metadata = playbook.Metadata, UserId = null, CreatedAt = time.GetUtcNow() });
        }

        return default(Done);
    }

    private static string PathOf(PlaybookRow playbook) => PlaybookFiles.PathOf(playbook.Name, playbook.PlaybookType == "custom_function");

    private static JsonElement Parsed(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
