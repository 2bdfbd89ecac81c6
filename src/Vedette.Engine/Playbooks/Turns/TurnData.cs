using System.Text.Json;
using Vedette.Engine.Actions;
using Vedette.Engine.Apps;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Model.Datapaths;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>
/// What a turn sees through datapaths: what was committed before it, with its own writes on top. <see cref="IRunData"/> is not asynchronous,
/// so what a call may need is fetched before the call is answered (<see cref="Prepare"/>).
/// </summary>
internal sealed class TurnData(IStore store, IApps apps, IActions actions, RunState run, string baseUrl) : IRunData
{
    private readonly Dictionary<string, IReadOnlyList<JsonElement>?> _lists = [];
    private readonly Dictionary<ContainerId, IReadOnlyList<PinRow>> _pins = [];
    private readonly Dictionary<string, JsonElement?> _outputs = [];
    private List<ArtifactRow>? _artifacts;
    private List<ArtifactData>? _artifactData;
    private ContainerRow? _container;
    private JsonElement? _containerJson;

    public JsonElement Container => _containerJson ??= PlaybookJson.Container(_container!, baseUrl, run.Row.Id);

    public ContainerRow ContainerRow => _container!;

    public JsonElement? PlaybookInputs() => run.Row.Inputs == "{}" ? null : JsonSerializer.Deserialize<JsonElement>(run.Row.Inputs);

    public async Task Begin()
    {
        _container = await store.Find<ContainerRow>(run.Row.ContainerId)
            ?? throw new InvalidOperationException($"Event {run.Row.ContainerId} of run {run.Row.Id} is gone.");
    }

    /// <summary>Fetches what these datapaths may read: artifacts, results of blocks, custom lists.</summary>
    public async Task Prepare(IEnumerable<string> datapaths)
    {
        foreach (var path in datapaths)
        {
            if (path.StartsWith("custom_list:", StringComparison.Ordinal))
            {
                await PrepareList(path["custom_list:".Length..]);
                continue;
            }

            if (path.Contains("artifact", StringComparison.Ordinal))
            {
                await Artifacts();
            }

            await PrepareBlock(path);
        }
    }

    public async Task<List<ArtifactRow>> Artifacts() => _artifacts ??= [.. await store.Select<ArtifactRow>(Query.For(Where.Is(nameof(ArtifactRow.ContainerId), run.Row.ContainerId)))];

    /// <summary>The pins of an event as they were before this turn wrote.</summary>
    public async Task<IReadOnlyList<PinRow>> Pins(ContainerId container)
    {
        if (!_pins.TryGetValue(container, out var pins))
        {
            pins = _pins[container] = await store.Select<PinRow>(Query.For(Where.Is(nameof(PinRow.ContainerId), container.Value)));
        }

        return pins;
    }

    /// <summary>Shows the turn its own change of the container.</summary>
    public void See(ContainerRow changed) => (_container, _containerJson) = (changed, null);

    /// <summary>Shows the turn an artifact that it added.</summary>
    public async Task See(ArtifactRow added)
    {
        (await Artifacts()).Add(added);
        _artifactData = null;
    }

    /// <summary>Shows the turn that an artifact is gone.</summary>
    public void Forget(long artifact)
    {
        _artifacts?.RemoveAll(row => row.Id == artifact);
        _artifactData = null;
    }

    /// <summary>After a call that may have changed anything: what is read next comes from disk.</summary>
    public async Task Refresh()
    {
        (_artifacts, _artifactData, _containerJson) = (null, null, null);
        _lists.Clear();
        _pins.Clear();
        await Begin();
    }

    public IReadOnlyList<ArtifactData> Artifacts(ScopeRequest scope)
    {
        if (_artifacts is null)
        {
            return [];
        }

        _artifactData ??= [.. _artifacts.OrderBy(row => row.Id).Select(PlaybookJson.Artifact)];
        return scope.Kind switch
        {
            ScopeKind.All => _artifactData,
            ScopeKind.Ids => Only(scope.Ids!),
            ScopeKind.New => NewOnes(scope.NoneIfFirst),
            _ => run.Row.Scope switch
            {
                "all" => _artifactData,
                "new" => NewOnes(scope.NoneIfFirst),
                var ids => NamedAndOwn(JsonSerializer.Deserialize<long[]>(ids)!),
            },
        };
    }

    public JsonElement? ActionResults(string block) => run.Results.TryGetValue(block, out var results) ? results : null;

    public JsonElement? FunctionResults(string block) => run.FunctionResults.TryGetValue(block, out var results) ? results : null;

    public JsonElement? PlaybookOutputs(string block) => _outputs.GetValueOrDefault(block);

    public string? RunValue(string key) => run.Data.GetValueOrDefault(key);

    public string? Format(string name) => run.Formats.GetValueOrDefault(name)?.Text;

    public IReadOnlyList<string>? FormatList(string name) => run.Formats.GetValueOrDefault(name)?.List;

    public FilteredData? Filtered(string name) => run.Filtered.GetValueOrDefault(name);

    public IReadOnlyList<JsonElement>? CustomList(string name) => _lists.GetValueOrDefault(name);

    /// <summary>Loads the results of the latest action run of a block.</summary>
    public async Task<JsonElement?> Results(string block)
    {
        if (run.Results.TryGetValue(block, out var known))
        {
            return known;
        }

        var runs = await store.Select<ActionRunRow>(new Query
        {
            Where = Where.Is(nameof(ActionRunRow.PlaybookRunId), run.Row.Id) & Where.Is(nameof(ActionRunRow.Name), block),
            Order = [(nameof(ActionRunRow.Id), true)],
            Limit = 1,
        });
        if (runs.Count == 0 || await actions.Read(new ActionRunId(runs[0].Id)) is not { Run.EndedAt: not null } ended)
        {
            return null;
        }

        return run.Results[block] = await Load(ended);
    }

    public async Task<JsonElement> Load(ActionRecord action)
    {
        var assets = (await apps.Catalogue()).Assets;
        return ResultsJson.Of(action.Run, action.AppRuns, action.Results, id => assets.FirstOrDefault(asset => asset.Id == id)?.Name ?? "");
    }

    /// <summary>What all children of that name put out: they may be several.</summary>
    private async Task PrepareOutputs(string block)
    {
        var children = await store.Select<PlaybookRunRow>(Query.For(Where.Is(nameof(PlaybookRunRow.ParentRunId), run.Row.Id)));
        var named = children.Where(child => child.EndedAt is not null && ChildCall.Of(child).Name == block).ToList();
        _outputs[block] = named.Count == 0
            ? null
            : JsonSerializer.SerializeToElement(named.SelectMany(child => JsonSerializer.Deserialize<JsonElement[]>(child.Outputs)!));
    }

    private async Task PrepareBlock(string path)
    {
        var output = path.IndexOf(":playbook_output", StringComparison.Ordinal);
        if (output > 0)
        {
            await PrepareOutputs(path[(path.LastIndexOf(':', output - 1) + 1)..output]);
            return;
        }

        var end = path.IndexOf(":action_result", StringComparison.Ordinal);
        end = end >= 0 ? end : path.IndexOf(":artifact:", StringComparison.Ordinal);
        if (end <= 0)
        {
            return;
        }

        var start = path.LastIndexOf(':', end - 1) + 1;
        await Results(path[start..end]);
    }

    private async Task PrepareList(string name)
    {
        if (_lists.ContainsKey(name))
        {
            return;
        }

        var rows = await store.Select<CustomListRow>(Query.For(Where.Is(nameof(CustomListRow.Name), name)));
        _lists[name] = rows.Count == 0 ? null : [.. JsonSerializer.Deserialize<JsonElement>(rows[0].Content).EnumerateArray()];
    }

    private List<ArtifactData> Only(IReadOnlyList<long> ids) => [.. _artifactData!.Where(artifact => ids.Contains(artifact.Id))];

    private List<ArtifactData> NamedAndOwn(long[] ids)
    {
        var seen = _artifacts!.Where(row => row.PlaybookRunId == run.Row.Id).Select(row => row.Id).Concat(ids).ToHashSet();
        return [.. _artifactData!.Where(artifact => seen.Contains(artifact.Id))];
    }

    /// <summary>New is told by the container's counter, never by id; what the run adds itself is in its scope too.</summary>
    private List<ArtifactData> NewOnes(bool noneIfFirst)
    {
        if (noneIfFirst && run.Row.ScopeFrom == 0)
        {
            return [];
        }

        var numbers = _artifacts!.ToDictionary(row => row.Id, row => row);
        return [.. _artifactData!.Where(artifact =>
        {
            var row = numbers[artifact.Id];
            return row.PlaybookRunId == run.Row.Id || (row.Number > run.Row.ScopeFrom && row.Number <= run.Row.ScopeTo);
        })];
    }
}
