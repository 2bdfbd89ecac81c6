using Vedette.Engine.Playbooks;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Repositories;

/// <summary>
/// The repositories that playbooks live in. What counts is a commit: an edit makes one, a pull brings them, and what is live moves only when somebody takes
/// what came, or its repository follows and the new version reaches no further.
/// </summary>
public interface IRepositories
{
    /// <summary>Names that are there from the first start on: one's own, and what comes with the program.</summary>
    public const string Local = "local";

    public const string Community = "community";

    /// <summary>At start: makes the two that every installation has, and commits playbooks that were there before there was Git.</summary>
    Task<Outcome<Done>> Begin(CancellationToken ct);

    /// <summary>After a start: pulls by the clock.</summary>
    void Follow();

    Task<Outcome<RepositoryId>> Add(Unit unit, Caller caller, RepositoryDraft draft, CancellationToken ct);

    /// <summary>Changes what the draft names. Another address or user name clears the secret.</summary>
    Task<Outcome<Done>> Change(Unit unit, Caller caller, RepositoryId id, RepositoryDraft draft, CancellationToken ct);

    /// <summary>By number or name.</summary>
    Task<Outcome<RepositoryRow>> Find(Caller caller, string named);

    /// <summary>Asks the other side for its newest commit. It takes as long as the other side takes; what counts does not change.</summary>
    Task<Outcome<Fetched>> Fetch(Caller caller, RepositoryId id, CancellationToken ct);

    /// <summary>Takes in what was fetched: what is not live becomes it, what is live gets a candidate.</summary>
    Task<Outcome<PullReport>> TakeIn(Unit unit, Caller caller, Fetched fetched, CancellationToken ct);

    /// <summary>Makes candidates count: all, or those named. Whoever wrote one that is live has to leave it to somebody else.</summary>
    Task<Outcome<PullReport>> Take(Unit unit, Caller caller, RepositoryId id, IReadOnlyList<string> names, CancellationToken ct);

    /// <summary>Gives the other side the commits made here.</summary>
    Task<Outcome<Pushed>> Push(Caller caller, RepositoryId id, CancellationToken ct);

    /// <summary>Puts both sides together after both went on. Where both changed the same lines, a word for each path says which counts.</summary>
    /// <param name="choices">Path to <c>ours</c> or <c>theirs</c>.</param>
    Task<Outcome<PullReport>> Merge(Unit unit, Caller caller, RepositoryId id, IReadOnlyDictionary<string, string> choices, CancellationToken ct);

    /// <summary>Saves playbooks as one commit; they count from then on.</summary>
    Task<Outcome<IReadOnlyList<ImportedPlaybook>>> Save(Unit unit, Caller caller, string repository, IReadOnlyList<PlaybookImport> imports, string message, CancellationToken ct);

    /// <summary>Back to the version that was in force before, or to that of a commit. Nothing is asked of the other side.</summary>
    Task<Outcome<RolledBack>> RollBack(Unit unit, Caller caller, RepositoryId id, string name, string? commit, CancellationToken ct);

    /// <param name="name">Of a playbook; null for all.</param>
    Task<Outcome<IReadOnlyList<LogEntry>>> Log(Caller caller, RepositoryId id, string? name, int most, CancellationToken ct);

    /// <summary>What differs between two commits, block by block, and what then reaches where. Without commits: what is in force, and what waits.</summary>
    Task<Outcome<IReadOnlyList<PlaybookDiff>>> Diff(Caller caller, RepositoryId id, DiffQuestion question, CancellationToken ct);

    /// <summary>A playbook, and where <paramref name="called"/> says so also the playbooks and custom functions it calls by name, and those they call.</summary>
    Task<Outcome<IReadOnlyList<ExportedPlaybook>>> Export(Caller caller, PlaybookId id, bool called, CancellationToken ct);

    /// <summary>Gives a commit the name of an environment: a branch here and at the other side.</summary>
    Task<Outcome<Pushed>> Promote(Caller caller, RepositoryId id, Promotion promotion, CancellationToken ct);
}

/// <summary>What to write of a repository; null leaves a field as it is, or at its default.</summary>
public sealed record RepositoryDraft
{
    public string? Name { get; init; }
    public string? Uri { get; init; }
    public string? Branch { get; init; }
    public string? Username { get; init; }

    /// <summary>Token, password or private key; empty takes it away.</summary>
    public string? Secret { get; init; }
    public string? HostKey { get; init; }
    public bool? ReadOnly { get; init; }
    public bool? Disabled { get; init; }
    public bool? Follow { get; init; }
    public Reach? MostReach { get; init; }
    public long? EveryMinutes { get; init; }

    /// <summary>Never shows secrets.</summary>
    public override string ToString() => $"draft of repository {Name}";
}

/// <param name="Commit">Where the other side is now.</param>
/// <param name="Rewritten">It no longer has the commit it was at when it was last seen: somebody overwrote its history.</param>
public sealed record Fetched(RepositoryId Repository, string Commit, bool Rewritten)
{
    /// <summary>Take it in also where commits made here are not in it. Those are kept under a branch of their own.</summary>
    public bool Force { get; init; }
}

/// <param name="Taken">Playbooks that are new or changed here and count from now on.</param>
/// <param name="Waiting">Live ones for which a newer version waits, with the reason.</param>
/// <param name="Gone">No longer in the repository: those that are live go on.</param>
/// <param name="Notes">What was left out, a sentence each.</param>
public sealed record PullReport(string Commit, IReadOnlyList<string> Taken, IReadOnlyList<WaitingPlaybook> Waiting, IReadOnlyList<string> Gone, IReadOnlyList<string> Notes, string Message);

public sealed record WaitingPlaybook(string Name, string Reason);

public sealed record Pushed(string Commit, string Message);

public sealed record RolledBack(string Commit, string Message);

/// <summary>Which commits to compare, and of which playbook; null for what is in force, what waits, all.</summary>
public sealed record DiffQuestion(string? From, string? To, string? Name);

/// <param name="To">Name of the environment: a branch.</param>
/// <param name="Report">What the test bench said, kept with the commit.</param>
public sealed record Promotion(string To, string? Commit, string Report);

/// <param name="Status"><c>new</c>, <c>changed</c> or <c>gone</c>.</param>
/// <param name="Asks">What the newer asks for and the older did not.</param>
/// <param name="Reach">The furthest the newer goes, as far as its text says; null where an action is of no installed app.</param>
/// <param name="Text">As Git shows it.</param>
public sealed record PlaybookDiff(string Name, string Status, string From, string To, IReadOnlyList<BlockDiff> Blocks, IReadOnlyList<NewAsk> Asks, Reach? Reach, Reach? ReachBefore, string Text);

/// <param name="Status"><c>came</c>, <c>went</c> or <c>changed</c>.</param>
public sealed record BlockDiff(string Block, string Status);

/// <param name="Reach">Null for what no installed app has, or only a run knows.</param>
public sealed record NewAsk(string Kind, string What, string Block, IReadOnlyList<string> Assets, Reach? Reach);
