using System.Text.Json;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model.Datapaths;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>
/// What the owner of a run knows of it between turns: the run's row and the values it keeps. All of it is on disk too; after a restart it
/// is read again.
/// </summary>
internal sealed class RunState(PlaybookRunRow row)
{
    public PlaybookRunRow Row { get; set; } = row;

    /// <summary>save_run_data.</summary>
    public Dictionary<string, string> Data { get; } = [];

    /// <summary>format, by name: the text and its list form.</summary>
    public Dictionary<string, FormatValue> Formats { get; } = [];

    /// <summary>condition, by name.</summary>
    public Dictionary<string, FilteredData> Filtered { get; } = [];

    /// <summary>Names of actions, functions and children that were delivered, by kind; those started and not delivered are in <see cref="Started"/>.</summary>
    public Dictionary<string, List<string>> Completed { get; } = new() { ["actions"] = [], ["functions"] = [], ["playbooks"] = [] };

    /// <summary>Results of actions by block, in the shape of a callback's results; loaded when first asked for.</summary>
    public Dictionary<string, JsonElement> Results { get; } = [];

    public Dictionary<string, JsonElement> FunctionResults { get; } = [];

    /// <summary>Shared by all copies: what was refused in a turn that is thrown away counts too.</summary>
    public RefusedCalls Refused { get; private init; } = new();

    /// <summary>What a turn works on: thrown away when the turn is.</summary>
    public RunState Copy()
    {
        var copy = new RunState(Row) { Refused = Refused };
        CopyInto(Data, copy.Data);
        CopyInto(Formats, copy.Formats);
        CopyInto(Filtered, copy.Filtered);
        CopyInto(Results, copy.Results);
        CopyInto(FunctionResults, copy.FunctionResults);
        foreach (var (kind, names) in Completed)
        {
            copy.Completed[kind] = [.. names];
        }

        return copy;
    }

    public static async Task<RunState> Load(IStore store, PlaybookRunRow row)
    {
        var state = new RunState(row);
        if (row.Turns == 0)
        {
            return state;
        }

        foreach (var (kind, names) in JsonSerializer.Deserialize<Dictionary<string, List<string>>>(row.Completed)!)
        {
            state.Completed[kind] = names;
        }

        foreach (var value in await store.Select<RunValueRow>(Query.For(Where.Is(nameof(RunValueRow.RunId), row.Id))))
        {
            switch (value.Kind)
            {
                case RunValueKinds.Data:
                    state.Data[value.Name] = value.Value;
                    break;
                case RunValueKinds.Format:
                    state.Formats[value.Name] = JsonSerializer.Deserialize<FormatValue>(value.Value)!;
                    break;
                case RunValueKinds.Filter:
                    state.Filtered[value.Name] = FilteredData.FromJson(value.Value);
                    break;
                case RunValueKinds.Function:
                    state.FunctionResults[value.Name] = JsonSerializer.Deserialize<JsonElement>(value.Value);
                    break;
                default:
                    throw new InvalidOperationException($"Run {row.Id} has a value of unknown kind \"{value.Kind}\".");
            }
        }

        return state;
    }

    private static void CopyInto<T>(Dictionary<string, T> from, Dictionary<string, T> to)
    {
        foreach (var (key, value) in from)
        {
            to[key] = value;
        }
    }
}

/// <param name="Text">What <c>get_format_data</c> gives.</param>
/// <param name="List">What it gives for <c>NAME__as_list</c>.</param>
internal sealed record FormatValue(string Text, IReadOnlyList<string> List);

/// <summary>The kinds of <see cref="RunValueRow"/>.</summary>
internal static class RunValueKinds
{
    public const string Data = "data";
    public const string Format = "format";
    public const string Filter = "filter";
    public const string Function = "function";
}
