using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Vedette.Engine.Repositories;
using Vedette.Model;

namespace Vedette.Git;

/// <summary>
/// A bare folder for each repository, <c>7.git</c>, in the hands of the one process that has the data folder. Commits are made by fast-import, which needs no
/// work tree; what is asked of the other side goes through <see cref="FarSide"/>.
/// </summary>
public sealed class GitFolders(GitOptions options) : IGit
{
    /// <summary>Name of the folder in a data folder.</summary>
    public const string InDataFolder = "repositories";

    /// <summary>The last thing written, so that it is never taken for rubbish.</summary>
    private const string Written = "refs/vedette/written";

    private const UnixFileMode OwnerFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly Version Oldest = new(2, 38);

    private readonly GitProcess _git = new(options);
    private readonly FarSide _far = new(options);
    private readonly ConcurrentDictionary<long, SemaphoreSlim> _turns = new();
    private Refusal? _fault;
    private bool _looked;

    public async Task<Refusal?> Fault(CancellationToken ct)
    {
        if (_looked && _fault is null)
        {
            return null;
        }

        MakeFolder(options.Folder);
        try
        {
            var answer = await _git.Run(options.Folder, ["version"], ct: ct);
            var words = answer.Text.Trim().Split(' ');
            var number = words.Length > 2 ? string.Join('.', words[2].Split('.').Take(2)) : "";
            _fault = answer.Done && Version.TryParse(number, out var version) && version >= Oldest ? null
                : new Refusal(RefusalKind.Unavailable, "git_too_old", $"Repositories need git {Oldest} or newer; {options.Program} is \"{answer.Text.Trim()}\".");
        }
        catch (GitException exception)
        {
            _fault = new Refusal(RefusalKind.Unavailable, "no_git", exception.Message);
        }

        _looked = true;
        return _fault;
    }

    public Task<Refusal?> MayReach(RepositoryAddress address, CancellationToken ct) => _far.Refuses(address, ct);

    public async Task<Outcome<string>> Fetch(long repository, Remote remote, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(remote);
        using var turn = await Turn(repository, ct);
        var into = $"refs/remotes/origin/{remote.Branch}";
        var asked = await _far.Ask(await Made(repository, ct), remote, ["fetch", "--quiet", "--force", "--no-tags", "--no-auto-gc", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=", "--", remote.Address.ToString(), $"+refs/heads/{remote.Branch}:{into}"], ct);
        if (asked.Refused)
        {
            Sweep(repository);
            return asked.Refusal;
        }

        return (await Need(repository, ["rev-parse", "--verify", "--quiet", $"{into}^{{commit}}"], ct)).Text.Trim();
    }

    public async Task<Outcome<Done>> Push(long repository, Remote remote, string commit, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(remote);
        using var turn = await Turn(repository, ct);
        return await _far.Ask(await Made(repository, ct), remote, ["push", "--quiet", "--no-verify", "--recurse-submodules=no", "--", remote.Address.ToString(), $"{commit}:refs/heads/{remote.Branch}"], ct);
    }

    public async Task<bool> Has(long repository, string commit, CancellationToken ct) => (await Run(repository, ["cat-file", "-e", $"{commit}^{{commit}}"], ct)).Done;

    public async Task<string?> Resolve(long repository, string name, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > 200 || name[0] == '-' || name.Any(c => !(char.IsLetterOrDigit(c) || c is '.' or '/' or '_' or '-')))
        {
            return null;
        }

        var answer = await Run(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{name}^{{commit}}"], ct);
        return answer.Done ? answer.Text.Trim().Split('\n')[^1] : null;
    }

    public async Task<IReadOnlyList<TreeFile>> Tree(long repository, string commit, CancellationToken ct)
    {
        var answer = await Need(repository, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit], ct);
        return [.. answer.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(Entry)];
    }

    public async Task<IReadOnlyDictionary<string, byte[]>> Contents(long repository, IReadOnlyCollection<string> hashes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (hashes.Count == 0)
        {
            return new Dictionary<string, byte[]>();
        }

        var asked = Encoding.ASCII.GetBytes(string.Join('\n', hashes.Distinct()) + "\n");
        return BatchAnswer.Read((await Need(repository, ["cat-file", "--batch"], ct, asked)).Output);
    }

    public async Task<string> Commit(long repository, IReadOnlyList<string> parents, IReadOnlyDictionary<string, byte[]?> files, CommitWords words, CancellationToken ct)
    {
        using var turn = await Turn(repository, ct);
        await Made(repository, ct);
        await Need(repository, ["fast-import", "--quiet", "--force", "--done"], ct, ImportStream.Of(Written, parents, files, words));
        return (await Need(repository, ["rev-parse", "--verify", Written], ct)).Text.Trim();
    }

    public async Task<IReadOnlyList<LogEntry>> Log(long repository, string commit, string? without, IReadOnlyList<string> paths, int most, CancellationToken ct)
    {
        string[] range = without is null ? [commit] : [commit, $"^{without}"];
        var answer = await Need(repository, ["log", "-z", $"--max-count={most.ToString(CultureInfo.InvariantCulture)}", "--format=%H%x1f%an%x1f%ae%x1f%at%x1f%s", .. range, "--", .. paths.Select(Literal)], ct);
        return [.. answer.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\x1f')).Where(parts => parts.Length == 5)
            .Select(parts => new LogEntry(parts[0], parts[1], parts[2], DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[3], CultureInfo.InvariantCulture)), parts[4]))];
    }

    public async Task<string> TextDiff(long repository, string from, string to, IReadOnlyList<string> paths, CancellationToken ct) =>
        (await Need(repository, ["diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", from, to, "--", .. paths.Select(Literal)], ct)).Text;

    public async Task<bool> IsBehind(long repository, string earlier, string later, CancellationToken ct) => (await Run(repository, ["merge-base", "--is-ancestor", earlier, later], ct)).Done;

    public async Task<Merged> Merge(long repository, string ours, string theirs, CancellationToken ct)
    {
        GitAnswer answer;
        using (await Turn(repository, ct))
        {
            answer = await Run(repository, ["merge-tree", "--write-tree", "--allow-unrelated-histories", "--no-messages", "--name-only", "-z", ours, theirs], ct);
        }

        var parts = answer.Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (answer.Status is not (0 or 1) || parts.Length == 0)
        {
            throw new GitException($"Git could not merge {theirs} into {ours}: {answer.Said}");
        }

        var before = (await Tree(repository, ours, ct)).ToDictionary(file => file.Path);
        var after = (await Tree(repository, parts[0], ct)).ToDictionary(file => file.Path);
        var changed = after.Values.Where(file => file.Kind == TreeKind.File && before.GetValueOrDefault(file.Path)?.Hash != file.Hash).ToList();
        var contents = await Contents(repository, [.. changed.Select(file => file.Hash)], ct);
        var files = changed.ToDictionary(file => file.Path, file => (byte[]?)contents[file.Hash]);
        foreach (var gone in before.Keys.Where(path => !after.ContainsKey(path)))
        {
            files[gone] = null;
        }

        return new Merged(files, [.. parts.Skip(1).Distinct()]);
    }

    public async Task Point(long repository, string branch, string commit, CancellationToken ct)
    {
        using var turn = await Turn(repository, ct);
        await Need(repository, ["update-ref", $"refs/heads/{branch}", commit], ct);
    }

    private static TreeFile Entry(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var parts = line[..tab].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var kind = parts[0] switch
        {
            "120000" => TreeKind.Link,
            "160000" => TreeKind.Submodule,
            _ => TreeKind.File,
        };
        return new TreeFile(line[(tab + 1)..], kind, parts[2], long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length : 0);
    }

    /// <summary>A path, never a pattern.</summary>
    private static string Literal(string path) => $":(literal){path}";

    private string FolderOf(long repository) => Path.Combine(options.Folder, $"{repository.ToString(CultureInfo.InvariantCulture)}.git");

    private Task<GitAnswer> Run(long repository, IReadOnlyList<string> arguments, CancellationToken ct, byte[]? input = null) => _git.Run(FolderOf(repository), arguments, input, ct: ct);

    private async Task<GitAnswer> Need(long repository, IReadOnlyList<string> arguments, CancellationToken ct, byte[]? input = null)
    {
        var answer = await Run(repository, arguments, ct, input);
        return answer.Done ? answer : throw new GitException($"git {arguments[0]} failed in {FolderOf(repository)}: {answer.Said}");
    }

    /// <summary>The folder, made where it is missing or was half made when the process ended: a folder gets its name when it is whole.</summary>
    private async Task<string> Made(long repository, CancellationToken ct)
    {
        var folder = FolderOf(repository);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        MakeFolder(options.Folder);
        var unfinished = $"{folder}.unfinished";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        var made = await _git.Run(unfinished, ["init", "--quiet", "--bare", "--template=", "--initial-branch=main"], ct: ct);
        if (!made.Done)
        {
            throw new GitException($"The folder {folder} cannot be made: {made.Said}");
        }

        Directory.Move(unfinished, folder);
        return folder;
    }

    /// <summary>What a fetch that was cut off leaves: a pack that is not whole is no use to the next.</summary>
    private void Sweep(long repository)
    {
        var packs = Path.Combine(FolderOf(repository), "objects", "pack");
        foreach (var file in Directory.Exists(packs) ? Directory.EnumerateFiles(packs, "tmp_*") : [])
        {
            File.Delete(file);
        }
    }

    private async Task<IDisposable> Turn(long repository, CancellationToken ct)
    {
        var turn = _turns.GetOrAdd(repository, _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(ct);
        return new Ending(turn);
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerFolder);
        }
    }

    private sealed class Ending(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
