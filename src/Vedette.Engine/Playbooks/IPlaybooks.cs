using System.Text;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Model;

namespace Vedette.Engine.Playbooks;

public interface IPlaybooks
{
    Task<Outcome<PlaybookRunId>> Start(Unit unit, Caller caller, StartRun what);

    /// <summary>Takes a playbook in, also one that cannot run: the answer says why.</summary>
    Task<Outcome<ImportedPlaybook>> Import(Unit unit, Caller caller, PlaybookImport import);

    Task<Outcome<Done>> Change(Unit unit, Caller caller, PlaybookId id, PlaybookChange change);

    /// <summary>The source as it is stored, and the metadata it was imported with.</summary>
    Task<Outcome<ExportedPlaybook>> Export(Caller caller, PlaybookId id);

    /// <summary>What a source says of itself without being run.</summary>
    Task<SourceFacts> Facts(string name, byte[] source, bool python2, CancellationToken ct);

    /// <summary>Makes an earlier version count again, as it was.</summary>
    Task<Outcome<Done>> RollBack(Unit unit, Caller caller, PlaybookId id, PlaybookVersionRow to);

    /// <summary>How a run went that has ended, with what doors answered it: for who may write playbooks.</summary>
    Task<Outcome<RunRecord>> Record(Caller caller, PlaybookRunId id);

    Task<Outcome<Done>> Cancel(Unit unit, Caller caller, PlaybookRunId id);

    /// <summary>What a run that has not ended waits for; empty while it works, and once it has ended.</summary>
    Task<Outcome<RunWait[]>> WaitsFor(Caller caller, PlaybookRunId id);

    /// <summary>Nobody else starts a run of this event until it is given back: to be held around <see cref="StartByTrigger"/> and its commit.</summary>
    Task<IDisposable> Hold(ContainerId container);

    /// <summary>Makes a run of every active playbook that has the container's label and the trigger's kind, in order. One of the same playbook that has not started is joined.</summary>
    Task<Outcome<Done>> StartByTrigger(Unit unit, Caller caller, ContainerRow container, TriggerRow trigger);

    /// <summary>Accepts by name that playbooks run at a sandbox level that does not hold everything; null takes the acceptance back. Only a person may.</summary>
    Task<Outcome<Done>> AcceptSandbox(Unit unit, Caller caller, string? level);

    /// <summary>Runs that ended, on the average of the last minute.</summary>
    double EndedPerSecond { get; }

    /// <summary>Turns that wait for a core, and since when the oldest does.</summary>
    (int Count, DateTimeOffset? Since) TurnsWaiting { get; }

    /// <summary>After a start, before anything else: what was accepted earlier counts again.</summary>
    Task TakeUpAcceptance();

    /// <summary>After a start: takes up every run that has no end on disk.</summary>
    Task TakeUp();
}

/// <param name="Playbook">Id, <c>repository/name</c> or name.</param>
public sealed record StartRun(ContainerId Container, string Playbook, string Scope, JsonElement? Inputs);

/// <param name="Fault">Why it cannot run, with file and line; empty when it can.</param>
public sealed record ImportedPlaybook(PlaybookId Id, string Fault);

public sealed record PlaybookImport(string Repository, string Name, byte[] Source, JsonElement? Metadata, bool Force)
{
    /// <summary>The commit it is of, and its path there; empty for what is in no repository.</summary>
    public string Commit { get; init; } = "";

    public string Path { get; init; } = "";

    /// <summary>Why it may not run, whatever its text is; empty when it may.</summary>
    public string Barred { get; init; } = "";

    /// <summary>A custom function, not a playbook.</summary>
    public bool IsFunction => Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty("custom_function_id", out _);

    /// <summary>
    /// What its metadata say; those of an editor that say nothing are of a time when it was 2.7. So is a source of which no editor says anything and that indents
    /// with tabs here and blanks there, which Python 3 refuses.
    /// </summary>
    public string PythonVersion
    {
        get
        {
            var coa = Metadata is { ValueKind: JsonValueKind.Object } metadata && metadata.TryGetProperty("coa", out var inside) && inside.ValueKind == JsonValueKind.Object ? inside : (JsonElement?)null;
            return Version(Metadata) ?? Version(coa) ?? (coa is null && !MixesIndents ? "3" : "2.7");
        }
    }

    private bool MixesIndents
    {
        get
        {
            var (tabs, blanks) = (false, false);
            foreach (var line in Encoding.UTF8.GetString(Source).Split('\n'))
            {
                var indent = line.AsSpan(0, line.Length - line.AsSpan().TrimStart(" \t").Length);
                tabs |= indent.Contains('\t');
                blanks |= indent.Contains(' ');
            }

            return tabs && blanks;
        }
    }

    private static string? Version(JsonElement? of) =>
        of is { ValueKind: JsonValueKind.Object } there && there.TryGetProperty("python_version", out var version) && version.ValueKind == JsonValueKind.String ? version.GetString() : null;
}

/// <param name="Active">Whether it starts by itself; null leaves it.</param>
/// <param name="Trigger">What starts it; null leaves it.</param>
public sealed record PlaybookChange(bool? Active = null, string? Trigger = null, bool CancelRuns = false);

/// <param name="IsFunction">A custom function, not a playbook.</param>
public sealed record ExportedPlaybook(string Name, byte[] Source, string Metadata, bool IsFunction);
