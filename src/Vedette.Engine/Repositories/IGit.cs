using Vedette.Model;

namespace Vedette.Engine.Repositories;

/// <summary>
/// Git as the engine sees it: a bare folder for each repository, by its number. Nothing of a repository is ever checked out, so no link, hook,
/// filter or submodule in it is followed. Which commit counts is said by the row; the folder holds what commits are made of.
/// </summary>
public interface IGit
{
    /// <summary>Why the program cannot be used, and what to do; null when it can.</summary>
    Task<Refusal?> Fault(CancellationToken ct);

    /// <summary>Null when this address may be asked, else why not.</summary>
    Task<Refusal?> MayReach(RepositoryAddress address, CancellationToken ct);

    /// <summary>Brings the branch of the other side here; answers the commit it is at. Other commits here stay as they are, whatever comes.</summary>
    Task<Outcome<string>> Fetch(long repository, Remote remote, CancellationToken ct);

    /// <summary>Moves the branch of the other side to a commit, never backwards or sideways: one that has moved on meanwhile is <see cref="RefusalKind.Conflict"/>.</summary>
    Task<Outcome<Done>> Push(long repository, Remote remote, string commit, CancellationToken ct);

    Task<bool> Has(long repository, string commit, CancellationToken ct);

    /// <summary>The full name of the one commit that a name, a branch or the beginning of a hash means; null for none.</summary>
    Task<string?> Resolve(long repository, string name, CancellationToken ct);

    /// <summary>Every file of a commit.</summary>
    /// <exception cref="GitException">The commit cannot be read.</exception>
    Task<IReadOnlyList<TreeFile>> Tree(long repository, string commit, CancellationToken ct);

    /// <summary>Contents by their hashes, each once.</summary>
    /// <exception cref="GitException">One of them cannot be read.</exception>
    Task<IReadOnlyDictionary<string, byte[]>> Contents(long repository, IReadOnlyCollection<string> hashes, CancellationToken ct);

    /// <summary>Writes a commit; no branch moves. Its objects are on disk when this answers.</summary>
    /// <param name="parents">None for the first.</param>
    /// <param name="files">Path to content; null takes the file away. What is not named is as in the first parent.</param>
    Task<string> Commit(long repository, IReadOnlyList<string> parents, IReadOnlyDictionary<string, byte[]?> files, CommitWords words, CancellationToken ct);

    /// <summary>Newest first: what <paramref name="commit"/> has and <paramref name="without"/> has not.</summary>
    Task<IReadOnlyList<LogEntry>> Log(long repository, string commit, string? without, IReadOnlyList<string> paths, int most, CancellationToken ct);

    /// <summary>The text of what differs, as Git writes it.</summary>
    Task<string> TextDiff(long repository, string from, string to, IReadOnlyList<string> paths, CancellationToken ct);

    Task<bool> IsBehind(long repository, string earlier, string later, CancellationToken ct);

    /// <summary>Both put together, file by file, as far as they touch different lines. What could not be is named.</summary>
    Task<Merged> Merge(long repository, string ours, string theirs, CancellationToken ct);

    /// <summary>Moves a branch of the folder here, for whoever looks into it with Git.</summary>
    Task Point(long repository, string branch, string commit, CancellationToken ct);
}

/// <summary>The other side, with what opens it.</summary>
public sealed record Remote(RepositoryAddress Address, string Branch, string Username, string Secret, string HostKey)
{
    /// <summary>Never shows the secret.</summary>
    public override string ToString() => $"{Address} {Branch}";
}

/// <summary>A file of a commit.</summary>
/// <param name="Kind">What Git says it is.</param>
/// <param name="Hash">Of its content.</param>
/// <param name="Length">In bytes; 0 for a submodule.</param>
public sealed record TreeFile(string Path, TreeKind Kind, string Hash, long Length);

public enum TreeKind
{
    File,
    Link,
    Submodule,
}

/// <param name="Author">A person's name, and what follows it in angle brackets.</param>
/// <param name="Message">First line, and what follows.</param>
public sealed record CommitWords(string Author, string Mail, string Message, DateTimeOffset At);

public sealed record LogEntry(string Commit, string Author, string Mail, DateTimeOffset At, string Subject);

/// <param name="Files">What the merge makes of files that both changed, or the other side alone: path to content, null for gone.</param>
/// <param name="Conflicts">Paths that both changed in the same lines.</param>
public sealed record Merged(IReadOnlyDictionary<string, byte[]?> Files, IReadOnlyList<string> Conflicts);

/// <summary>Git did not do what it should always be able to do: a folder is broken, or the program is.</summary>
public sealed class GitException : Exception
{
    public GitException()
    {
    }

    public GitException(string message)
        : base(message)
    {
    }

    public GitException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
