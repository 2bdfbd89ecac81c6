using System.Text.Json;
using Vedette.Engine.Playbooks.Calls;
using Vedette.Engine.Playbooks.Runs;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Model.Datapaths;

namespace Vedette.Engine.Playbooks.Turns;

/// <summary>What a turn sees when a call names another event than the run's: that event and its artifacts; all else is the run's own.</summary>
internal sealed class OtherEvent(TurnData own, JsonElement container, IReadOnlyList<ArtifactData> artifacts) : IRunData
{
    private static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(new { });

    /// <summary>What a call with these arguments reads from, with all that these datapaths may need. An event that the user may not see has nothing in it, which the log says.</summary>
    public static async Task<IRunData> OrOwn(Turn turn, JsonElement arguments, IEnumerable<string> datapaths)
    {
        var paths = datapaths.ToList();
        var id = EventCalls.Container(turn, arguments);
        if (id.Value == turn.Run.Row.ContainerId)
        {
            await turn.Data.Prepare(paths);
            return turn.Data;
        }

        // What this turn wrote on that event has to be committed to be there for the door.
        await turn.CommitSoFar();
        await turn.Data.Prepare(paths);
        var containers = turn.Services.Containers;
        if (!(await containers.Get(turn.Caller, id)).Ok(out var row, out var refusal) || !(await containers.Artifacts(turn.Caller, id)).Ok(out var artifacts, out refusal))
        {
            await turn.Note(refusal);
            turn.Log(40, refusal.Message);
            return new OtherEvent(turn.Data, Nothing, []);
        }

        var container = PlaybookJson.Container(row, turn.Services.Options.BaseUrl, turn.Run.Row.Id);
        return new OtherEvent(turn.Data, container, [.. artifacts.OrderBy(artifact => artifact.Id).Select(PlaybookJson.Artifact)]);
    }

    public JsonElement Container => container;

    /// <summary>The run's scope counts on its own event only: of another all is new.</summary>
    public IReadOnlyList<ArtifactData> Artifacts(ScopeRequest scope) =>
        scope.Kind == ScopeKind.Ids ? [.. artifacts.Where(artifact => scope.Ids!.Contains(artifact.Id))] : artifacts;

    public JsonElement? ActionResults(string block) => own.ActionResults(block);

    public JsonElement? FunctionResults(string block) => own.FunctionResults(block);

    public JsonElement? PlaybookOutputs(string block) => own.PlaybookOutputs(block);

    public JsonElement? PlaybookInputs() => own.PlaybookInputs();

    public string? RunValue(string key) => own.RunValue(key);

    public string? Format(string name) => own.Format(name);

    public IReadOnlyList<string>? FormatList(string name) => own.FormatList(name);

    public FilteredData? Filtered(string name) => own.Filtered(name);

    public IReadOnlyList<JsonElement>? CustomList(string name) => own.CustomList(name);
}
