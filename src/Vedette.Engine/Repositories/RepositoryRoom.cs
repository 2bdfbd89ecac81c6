using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Repositories;

internal sealed class RepositoryRoom(IStore store, IGit git, IPlaybooks playbooks, RepositorySettings settings, PlaybookFiles files, VersionReader versions, Pulls pulls, Edits edits, Adoption adoption, TimeProvider time, ILogger<RepositoryRoom> log) : IRepositories, IAsyncDisposable
{
    /// <summary>How many playbooks a diff shows, and of how many the text.</summary>
    private const int MostDiffs = 500;
    private const int MostTexts = 50;
    private const int LongestText = 200_000;
    private const int LongestReport = 1 << 20;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _end = new();
    private Task _work = Task.CompletedTask;

    public Task<Outcome<Done>> Begin(CancellationToken ct) => adoption.Begin(ct);

    public void Follow() => _work = Task.Run(Work);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _work;
        _end.Dispose();
    }

    public async Task<Outcome<RepositoryId>> Add(Unit unit, Caller caller, RepositoryDraft draft, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditSettings | Permissions.EditPlaybooks) is { } refusal)
        {
            return refusal;
        }

        if (draft.Name is null || !RepositorySettings.IsName(draft.Name))
        {
            return new Refusal(RefusalKind.Invalid, "bad_name", "The name of a repository is of letters, digits, dots, dashes and underscores, at most 64, and begins with a letter or digit.");
        }

        if (await store.Select<RepositoryRow>(Query.For(Where.Is(nameof(RepositoryRow.TenantId), caller.TenantId) & Where.Is(nameof(RepositoryRow.Name), draft.Name)), ct) is [var there, ..])
        {
            return new Refusal(RefusalKind.Duplicate, "repository_exists", $"Repository \"{draft.Name}\" is there already.", there.Id);
        }

        var now = time.GetUtcNow();
        var made = await settings.Drawn(new RepositoryRow { Id = store.NextId<RepositoryRow>(), TenantId = caller.TenantId, CreatedAt = now, UpdatedAt = now, Name = draft.Name }, draft, ct);
        if (!made.Ok(out var row, out var no))
        {
            return no;
        }

        unit.Insert(row);
        unit.Audit(caller, now, "created", "scm", row.Id, content: Told(row));
        return new RepositoryId(row.Id);
    }

    public async Task<Outcome<Done>> Change(Unit unit, Caller caller, RepositoryId id, RepositoryDraft draft, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditSettings | Permissions.EditPlaybooks) is { } refusal)
        {
            return refusal;
        }

        if (await Row(caller, id) is not { } row)
        {
            return NotFound(id);
        }

        if (draft.Name is { } name && name != row.Name)
        {
            return new Refusal(RefusalKind.Invalid, "name_stays", $"Repository \"{row.Name}\" keeps its name: playbooks are called by it.");
        }

        // What it may reach is a safeguard, and so is that somebody looks before what is live changes.
        if ((draft.Follow == true && !row.Follow) || draft.MostReach > row.MostReach)
        {
            if (caller.LacksInPerson(Permissions.EditSettings) is { } token)
            {
                return token;
            }
        }

        var drawn = await settings.Drawn(row, draft, ct);
        if (!drawn.Ok(out var to, out var no))
        {
            return no;
        }

        unit.Update<RepositoryRow>(row.Id, row.Version,
            (nameof(row.Uri), to.Uri), (nameof(row.Branch), to.Branch), (nameof(row.Username), to.Username), (nameof(row.Secret), to.Secret), (nameof(row.HostKey), to.HostKey), (nameof(row.ReadOnly), to.ReadOnly),
            (nameof(row.Disabled), to.Disabled), (nameof(row.Follow), to.Follow), (nameof(row.MostReach), to.MostReach), (nameof(row.EveryMinutes), to.EveryMinutes));
        unit.Audit(caller, time.GetUtcNow(), "changed", "scm", row.Id, content: Told(to));
        return default(Done);
    }

    public async Task<Outcome<RepositoryRow>> Find(Caller caller, string named)
    {
        if (caller.Lacks(Permissions.ViewPlaybooks) is { } refusal)
        {
            return refusal;
        }

        var row = long.TryParse(named, out var id) ? await Row(caller, new RepositoryId(id))
            : await store.Select<RepositoryRow>(Query.For(Where.Is(nameof(RepositoryRow.TenantId), caller.TenantId) & Where.Is(nameof(RepositoryRow.Name), named))) is [var found, ..] ? found : null;
        return row is not null ? row : new Refusal(RefusalKind.NotFound, "no_repository", $"There is no repository \"{Faults.Short(named)}\".");
    }

    public async Task<Outcome<Fetched>> Fetch(Caller caller, RepositoryId id, CancellationToken ct)
    {
        if (!(await Editable(caller, id)).Ok(out var row, out var refusal) || !settings.Opened(row).Ok(out var remote, out refusal))
        {
            return refusal;
        }

        if (await git.Fault(ct) is { } fault)
        {
            return fault;
        }

        if (!(await git.Fetch(id.Value, remote, ct)).Ok(out var commit, out var failed))
        {
            await Failed(row, failed);
            return failed;
        }

        return new Fetched(id, commit, row.RemoteHead.Length > 0 && row.RemoteHead != commit && !await git.IsBehind(id.Value, row.RemoteHead, commit, ct));
    }

    public async Task<Outcome<PullReport>> TakeIn(Unit unit, Caller caller, Fetched fetched, CancellationToken ct) =>
        (await Editable(caller, fetched.Repository)).Ok(out var row, out var refusal) ? await pulls.TakeIn(unit, caller, row, fetched, ct) : refusal;

    public async Task<Outcome<PullReport>> Take(Unit unit, Caller caller, RepositoryId id, IReadOnlyList<string> names, CancellationToken ct) =>
        (await Editable(caller, id)).Ok(out var row, out var refusal) ? await pulls.Take(unit, caller, row, names, ct) : refusal;

    public async Task<Outcome<PullReport>> Merge(Unit unit, Caller caller, RepositoryId id, IReadOnlyDictionary<string, string> choices, CancellationToken ct) =>
        (await Editable(caller, id)).Ok(out var row, out var refusal) ? await edits.Merge(unit, caller, row, choices, ct) : refusal;

    public async Task<Outcome<Pushed>> Push(Caller caller, RepositoryId id, CancellationToken ct)
    {
        if (!(await Writable(caller, id)).Ok(out var row, out var refusal) || !settings.Opened(row).Ok(out var remote, out refusal))
        {
            return refusal;
        }

        if (row.Head.Length == 0)
        {
            return new Refusal(RefusalKind.Invalid, "nothing_to_push", $"Repository \"{row.Name}\" has no commit yet.");
        }

        var pushed = await git.Push(id.Value, remote, row.Head, ct);
        if (pushed.Refused)
        {
            await Failed(row, pushed.Refusal);
            return pushed.Refusal;
        }

        await Units.Decide<Done>(store, async unit =>
        {
            if (await store.Find<RepositoryRow>(row.Id) is { } now)
            {
                unit.Update<RepositoryRow>(row.Id, now.Version, (nameof(row.RemoteHead), row.Head), (nameof(row.Status), "ready"), (nameof(row.Message), ""));
                unit.Audit(caller, time.GetUtcNow(), "pushed", "scm", row.Id, content: new JsonObject { ["commit"] = row.Head });
            }

            return default(Done);
        }, ct);
        return new Pushed(row.Head, $"{row.Uri} is at {Pulls.Short(row.Head)}.");
    }

    public async Task<Outcome<IReadOnlyList<ImportedPlaybook>>> Save(Unit unit, Caller caller, string repository, IReadOnlyList<PlaybookImport> imports, string message, CancellationToken ct)
    {
        if (caller.Lacks(Permissions.EditPlaybooks) is { } no)
        {
            return no;
        }

        if (await git.Fault(ct) is { } fault)
        {
            return fault;
        }

        return (await Find(caller, repository)).Ok(out var row, out var refusal) ? await edits.Save(unit, caller, row, imports, message, ct) : refusal;
    }

    public async Task<Outcome<RolledBack>> RollBack(Unit unit, Caller caller, RepositoryId id, string name, string? commit, CancellationToken ct) =>
        (await Editable(caller, id)).Ok(out var row, out var refusal) ? await edits.RollBack(unit, caller, row, name, commit, ct) : refusal;

    public async Task<Outcome<IReadOnlyList<LogEntry>>> Log(Caller caller, RepositoryId id, string? name, int most, CancellationToken ct)
    {
        if (!(await Visible(caller, id)).Ok(out var row, out var refusal))
        {
            return refusal;
        }

        string[] paths = name is null ? [] : [PlaybookFiles.PathOf(name, false), $"{name}.json", PlaybookFiles.PathOf(name, true), $"{PlaybookFiles.Functions}{name}.json"];
        return row.Head.Length == 0 || !await git.Has(id.Value, row.Head, ct) ? Array.Empty<LogEntry>() : Outcomes.Of(await git.Log(id.Value, row.Head, null, paths, Math.Clamp(most, 1, 1000), ct));
    }

    public async Task<Outcome<IReadOnlyList<PlaybookDiff>>> Diff(Caller caller, RepositoryId id, DiffQuestion question, CancellationToken ct)
    {
        if (!(await Visible(caller, id)).Ok(out var row, out var refusal))
        {
            return refusal;
        }

        var pairs = new List<(string From, string To, string Name)>();
        if (question.From is null && question.To is null)
        {
            var waiting = await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.Repository), row.Name) & !Where.Is(nameof(PlaybookRow.Candidate), "")), ct);
            pairs.AddRange(waiting.Where(one => question.Name is null || one.Name == question.Name).Select(one => (one.CommitId, one.Candidate, one.Name)));
        }
        else
        {
            var (from, to) = (await Commit(id, question.From ?? row.Head, ct), await Commit(id, question.To ?? row.Head, ct));
            if (from is null || to is null)
            {
                return new Refusal(RefusalKind.NotFound, "no_commit", $"Repository \"{row.Name}\" has no commit \"{Faults.Short((from is null ? question.From : question.To) ?? "")}\".");
            }

            pairs.AddRange((await Changed(id.Value, from, to, ct)).Where(name => question.Name is null || name == question.Name).Select(name => (from, to, name)));
        }

        var trees = new Dictionary<string, FoundPlaybooks>();
        var diffs = new List<PlaybookDiff>();
        foreach (var (from, to, name) in pairs.Take(MostDiffs))
        {
            var (before, after) = (await At(from, name), await At(to, name));
            var text = diffs.Count < MostTexts ? await git.TextDiff(id.Value, from, to, [.. new[] { before?.Playbook.Path, after?.Playbook.Path }.OfType<string>().Distinct()], ct) : "";
            diffs.Add(new PlaybookDiff(name, before is null ? "new" : after is null ? "gone" : "changed", from, to, VersionReader.Blocks(before, after), VersionReader.Asks(before, after), after is null ? Reach.Reads : after.Reach, before?.Reach, text.Length > LongestText ? text[..LongestText] : text));
        }

        return diffs;

        async Task<ReadVersion?> At(string commit, string name)
        {
            if (!trees.TryGetValue(commit, out var tree))
            {
                trees[commit] = tree = await files.Of(id.Value, commit, ct);
            }

            return tree.Playbooks.FirstOrDefault(one => one.Name == name) is { } found ? await versions.Read(found, ct) : null;
        }
    }

    public async Task<Outcome<IReadOnlyList<ExportedPlaybook>>> Export(Caller caller, PlaybookId id, bool called, CancellationToken ct)
    {
        if (!(await playbooks.Export(caller, id)).Ok(out var first, out var refusal))
        {
            return refusal;
        }

        var all = called ? await store.Select<PlaybookRow>(Query.For(Where.Is(nameof(PlaybookRow.TenantId), caller.TenantId)), ct) : [];
        var seen = new HashSet<long> { id.Value };
        var packed = new List<ExportedPlaybook> { first };
        for (var at = 0; called && at < packed.Count; at++)
        {
            using var metadata = JsonDocument.Parse(packed[at].Metadata);
            var version = await versions.Read(new FoundPlaybook(packed[at].Name, "", "", packed[at].Source, metadata.RootElement), ct);
            foreach (var what in version.Facts.Asks.Where(ask => ask.Kind is "playbook" or "custom_function").Select(ask => ask.What).OfType<string>())
            {
                foreach (var row in all.Where(row => (what == row.Name || what == $"{row.Repository}/{row.Name}") && seen.Add(row.Id)).ToList())
                {
                    packed.Add((await playbooks.Export(caller, new PlaybookId(row.Id))).Value);
                }
            }
        }

        return packed;
    }

    public async Task<Outcome<Pushed>> Promote(Caller caller, RepositoryId id, Promotion promotion, CancellationToken ct)
    {
        if (!(await Editable(caller, id)).Ok(out var row, out var refusal))
        {
            return refusal;
        }

        if (promotion.Report.Length > LongestReport)
        {
            return new Refusal(RefusalKind.TooLarge, "report_too_large", $"A report has at most {LongestReport} characters.");
        }

        if (!(await settings.Drawn(row, new RepositoryDraft { Branch = promotion.To }, ct)).Ok(out var environment, out refusal))
        {
            return refusal;
        }

        if (await Commit(id, promotion.Commit ?? row.Head, ct) is not { } commit)
        {
            return new Refusal(RefusalKind.NotFound, "no_commit", $"Repository \"{row.Name}\" has no commit \"{Faults.Short(promotion.Commit ?? "")}\".");
        }

        if (environment.Branch == row.Branch)
        {
            return new Refusal(RefusalKind.Invalid, "same_branch", $"\"{row.Branch}\" is the branch of this repository itself; promote to another.");
        }

        if (row.Uri.Length > 0)
        {
            if (!settings.Opened(row).Ok(out var remote, out refusal))
            {
                return refusal;
            }

            if ((await git.Push(id.Value, remote with { Branch = environment.Branch }, commit, ct)).Refusal is { } no)
            {
                return no;
            }
        }

        await git.Point(id.Value, environment.Branch, commit, ct);
        var written = await Units.Decide<Done>(store, unit =>
        {
            unit.Audit(caller, time.GetUtcNow(), "promoted", "scm", row.Id, content: new JsonObject { ["commit"] = commit, ["to"] = environment.Branch, ["report"] = promotion.Report });
            return Task.FromResult<Outcome<Done>>(default(Done));
        }, ct);
        return written.Refusal is { } unwritten ? unwritten : new Pushed(commit, $"{environment.Branch} is at {Pulls.Short(commit)}.");
    }

    private static Refusal NotFound(RepositoryId id) => new(RefusalKind.NotFound, "no_repository", $"There is no repository {id.Value}.");

    private static JsonObject Told(RepositoryRow row) => new()
    {
        ["name"] = row.Name,
        ["uri"] = row.Uri,
        ["branch"] = row.Branch,
        ["username"] = row.Username,
        ["has_secret"] = row.Secret.Length > 0,
        ["read_only"] = row.ReadOnly,
        ["disabled"] = row.Disabled,
        ["follow"] = row.Follow,
        ["most_reach"] = VersionReader.Word(row.MostReach),
        ["every_minutes"] = row.EveryMinutes,
    };

    private async Task<string?> Commit(RepositoryId id, string named, CancellationToken ct) => await git.Resolve(id.Value, named, ct) ?? await git.Resolve(id.Value, $"refs/remotes/origin/{named}", ct);

    /// <summary>Names of playbooks whose files differ.</summary>
    private async Task<IReadOnlyList<string>> Changed(long repository, string from, string to, CancellationToken ct)
    {
        var (before, after) = (await Hashes(from), await Hashes(to));
        return [.. before.Keys.Union(after.Keys).Where(path => before.GetValueOrDefault(path) != after.GetValueOrDefault(path) && path.EndsWith(".py", StringComparison.Ordinal))
            .Select(path => System.IO.Path.GetFileNameWithoutExtension(path)).Distinct().Order(StringComparer.Ordinal)];

        async Task<Dictionary<string, string>> Hashes(string commit) => (await git.Tree(repository, commit, ct)).ToDictionary(file => file.Path, file => file.Hash, StringComparer.Ordinal);
    }

    private async ValueTask<RepositoryRow?> Row(Caller caller, RepositoryId id) => await store.Find<RepositoryRow>(id.Value) is { } row && row.TenantId == caller.TenantId ? row : null;

    private async Task<Outcome<RepositoryRow>> Visible(Caller caller, RepositoryId id) =>
        caller.Lacks(Permissions.ViewPlaybooks) is { } refusal ? refusal : await Row(caller, id) is { } row ? row : NotFound(id);

    private async Task<Outcome<RepositoryRow>> Editable(Caller caller, RepositoryId id) =>
        caller.Lacks(Permissions.EditPlaybooks) is { } refusal ? refusal
        : await Row(caller, id) is not { } row ? NotFound(id)
        : row.Disabled ? new Refusal(RefusalKind.Invalid, "repository_disabled", $"Repository \"{row.Name}\" is switched off.")
        : row;

    private async Task<Outcome<RepositoryRow>> Writable(Caller caller, RepositoryId id) => (await Editable(caller, id)).Ok(out var row, out var refusal) && row.ReadOnly
        ? new Refusal(RefusalKind.Forbidden, "read_only", $"Repository \"{row.Name}\" is read-only: nothing is pushed from it.")
        : refusal is not null ? refusal : row!;

    /// <summary>What went wrong stands with the repository, whoever asked.</summary>
    private Task Failed(RepositoryRow row, Refusal refusal) => Units.Decide<Done>(store, async unit =>
    {
        if (await store.Find<RepositoryRow>(row.Id) is { } now)
        {
            unit.Update<RepositoryRow>(row.Id, now.Version, (nameof(row.Status), "failed"), (nameof(row.Message), refusal.Message), (nameof(row.PulledAt), time.GetUtcNow()));
        }

        return default(Done);
    });

    private async Task Work()
    {
        try
        {
            while (true)
            {
                await Task.Delay(Look, time, _end.Token);
                try
                {
                    await PullDue(_end.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    log.LogError(exception, "A repository could not be pulled; it is tried again.");
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    private async Task PullDue(CancellationToken ct)
    {
        foreach (var row in await store.Select<RepositoryRow>(Query.For(Where.Is(nameof(RepositoryRow.Disabled), false)), ct))
        {
            if (row.EveryMinutes == 0 || row.Uri.Length == 0 || row.PulledAt + TimeSpan.FromMinutes(row.EveryMinutes) > time.GetUtcNow())
            {
                continue;
            }

            var caller = Caller.Platform with { TenantId = row.TenantId, CausedBy = $"schedule of repository {row.Name}" };
            var fetched = await Fetch(caller, new RepositoryId(row.Id), ct);
            var outcome = fetched.Ok(out var got, out var refusal) ? await Units.Decide(store, unit => TakeIn(unit, caller, got, ct), ct) : refusal;
            if (outcome.Refused)
            {
                log.LogWarning("Repository {Name} was not pulled: {Message}", row.Name, outcome.Refusal.Message);
            }
        }
    }
}
