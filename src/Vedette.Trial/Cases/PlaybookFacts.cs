using System.Text.Json;
using Vedette.Trial.Reports;

namespace Vedette.Trial.Cases;

/// <summary>What a source says of itself without being run.</summary>
internal sealed class PlaybookFacts(JsonElement json)
{
    public bool Compiles { get; } = json.GetProperty("ok").GetBoolean();

    public int Line { get; } = json.GetProperty("line").GetInt32();

    public string Message { get; } = json.GetProperty("message").GetString() ?? "";

    public IReadOnlyList<string> Blocks { get; } = [.. List(json, "blocks").Select(block => block.GetProperty("name").GetString()!)];

    public IReadOnlyList<int> Lines { get; } = [.. List(json, "lines").Select(line => line.GetInt32())];

    public IReadOnlyList<(int Place, Branch Branch)> Branches { get; } =
    [
        .. List(json, "branches").Select(branch => (branch.GetProperty("id").GetInt32(), new Branch(
            branch.GetProperty("line").GetInt32(), branch.GetProperty("block").GetString()!, branch.GetProperty("text").GetString()!, branch.GetProperty("outcome").GetString()!))),
    ];

    public IReadOnlyList<AskedFor> Asked { get; } =
    [
        .. List(json, "asked").Select(one => new AskedFor(
            one.GetProperty("kind").GetString()!, Text(one, "what"), Text(one, "name"), one.GetProperty("block").GetString()!, one.GetProperty("line").GetInt32(),
            Texts(one, "assets"), Text(one, "app"), Texts(one, "parameters"), Text(one, "callback"), one.GetProperty("looks").GetBoolean())),
    ];

    /// <summary>Fields of artifacts it asks for, such as <c>cef.sourceAddress</c>.</summary>
    public IReadOnlyList<string> Fields { get; } = [.. List(json, "fields").Select(field => field.GetString()!)];

    public IReadOnlyList<(string Name, string Path, int Line, string Block)> Datapaths { get; } =
    [
        .. List(json, "paths").Select(path => (path.GetProperty("name").GetString()!, path.GetProperty("path").GetString()!, path.GetProperty("line").GetInt32(), path.GetProperty("block").GetString()!)),
    ];

    /// <summary>What it reads out of results beyond its datapaths: places in the result of a block or action, or in <c>container</c>.</summary>
    public IReadOnlyList<(string Name, string Path)> Reads { get; } = [.. List(json, "reads").Select(read => (read.GetProperty("name").GetString()!, read.GetProperty("path").GetString()!))];

    public IReadOnlyList<Finding> Findings { get; } =
    [
        .. List(json, "findings").Select(finding => new Finding(
            finding.GetProperty("rule").GetString()!, finding.GetProperty("line").GetInt32(), finding.GetProperty("block").GetString()!, finding.GetProperty("message").GetString()!)),
    ];

    /// <summary>The blocks of which a line was run.</summary>
    public IReadOnlyList<string> BlocksIn(IReadOnlySet<int> places) =>
        [.. Blocks.Where(block => json.GetProperty("first").TryGetProperty(block, out var first) && places.Contains(first.GetInt32()))];

    private static IEnumerable<JsonElement> List(JsonElement of, string key) => of.TryGetProperty(key, out var list) ? list.EnumerateArray() : [];

    private static string? Text(JsonElement of, string key) => of.GetProperty(key).ValueKind == JsonValueKind.String ? of.GetProperty(key).GetString() : null;

    private static IReadOnlyList<string>? Texts(JsonElement of, string key) =>
        of.GetProperty(key).ValueKind == JsonValueKind.Array ? [.. of.GetProperty(key).EnumerateArray().Select(one => one.GetString()!)] : null;
}

/// <param name="Kind"><c>act</c>, <c>custom_function</c> or <c>playbook</c>.</param>
/// <param name="What">What is asked for, where the text says it.</param>
/// <param name="Looks">The callback looks at how it ended.</param>
internal sealed record AskedFor(string Kind, string? What, string? Name, string Block, int Line, IReadOnlyList<string>? Assets, string? App, IReadOnlyList<string>? Parameters, string? Callback, bool Looks);

/// <param name="Rule"><c>syntax</c>, <c>callback</c>, <c>join</c>, <c>datapath</c>, <c>parameter</c>, <c>python2</c> or <c>failure</c>.</param>
public sealed record Finding(string Rule, int Line, string Block, string Message);
