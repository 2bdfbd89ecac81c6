using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>
/// What a playbook run knows, as datapaths see it. The engine implements it over the journal; answers are expected to be
/// cached, since one turn asks for the same thing several times.
/// </summary>
public interface IRunData
{
    /// <summary>The container's artifacts in that scope, by ascending id.</summary>
    IReadOnlyList<ArtifactData> Artifacts(ScopeRequest scope);

    /// <summary>The container as a playbook sees it, with <c>url</c>.</summary>
    JsonElement Container { get; }

    /// <summary>The results of the latest run of that block, in the shape of a callback's <c>results</c>; null when it has not run.</summary>
    JsonElement? ActionResults(string block);

    /// <summary>The list of custom-function results of that block; null when it has not run.</summary>
    JsonElement? FunctionResults(string block);

    /// <summary>The list of what the child runs of that name put out, a dict each; null when there was none.</summary>
    JsonElement? PlaybookOutputs(string block);

    /// <summary>The run's own inputs, a dict; null when it takes none.</summary>
    JsonElement? PlaybookInputs();

    /// <summary>A saved value of the run, as text.</summary>
    string? RunValue(string key);

    /// <summary>The text a format block left behind.</summary>
    string? Format(string name);

    /// <summary>The list form of what a format block left behind.</summary>
    IReadOnlyList<string>? FormatList(string name);

    /// <summary>What a condition kept under that name, such as <c>filter_1:condition_1</c>.</summary>
    FilteredData? Filtered(string name);

    /// <summary>The rows of a custom list; null when there is no such list.</summary>
    IReadOnlyList<JsonElement>? CustomList(string name);

    /// <summary>Facts of the run itself, read by <c>playbook:</c> paths.</summary>
    JsonElement? Playbook => null;
}

/// <param name="Id">The artifact's id.</param>
/// <param name="Json">The artifact as a playbook sees it.</param>
/// <param name="Tags">Its tags; a path that reads them finds a list even when the dict has none.</param>
public sealed record ArtifactData(long Id, JsonElement Json, IReadOnlyList<string> Tags);

/// <summary>Which artifacts a call means.</summary>
/// <param name="Ids">For <see cref="ScopeKind.Ids"/>: the artifacts named.</param>
/// <param name="NoneIfFirst">On the first run over a container the scope <see cref="ScopeKind.New"/> is empty.</param>
public sealed record ScopeRequest(ScopeKind Kind, IReadOnlyList<long>? Ids = null, bool NoneIfFirst = false)
{
    /// <summary>The scope the run was started with.</summary>
    public static ScopeRequest OfRun { get; } = new(ScopeKind.OfRun);

    public static ScopeRequest New { get; } = new(ScopeKind.New);

    public static ScopeRequest All { get; } = new(ScopeKind.All);

    public static ScopeRequest Of(IReadOnlyList<long> ids) => new(ScopeKind.Ids, ids);
}

public enum ScopeKind
{
    OfRun,
    New,
    All,
    Ids,
}
