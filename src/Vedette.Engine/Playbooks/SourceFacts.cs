using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;

namespace Vedette.Engine.Playbooks;

/// <summary>What a source says of itself without being run.</summary>
/// <param name="Fault">Why it does not compile, with its line; empty when it does.</param>
/// <param name="Reaches">What in it reaches into the interpreter, such as <c>eval</c>.</param>
public sealed record SourceFacts(string Fault, IReadOnlyList<SourceBlock> Blocks, IReadOnlyList<SourceAsk> Asks, IReadOnlyList<string> Reaches, IReadOnlyList<string> Findings)
{
    internal static SourceFacts Read(SourceCheck check, JsonElement facts) => new(
        check.Compiles ? "" : $"line {check.Line}: {check.Message}",
        [.. List(facts, "blocks").Select(block => new SourceBlock(block.GetProperty("name").GetString()!, block.GetProperty("line").GetInt32(), block.GetProperty("end").GetInt32()))],
        [.. List(facts, "asked").Select(ask => new SourceAsk(Text(ask, "kind")!, Text(ask, "what"), Text(ask, "block") ?? "", Texts(ask, "assets"), Text(ask, "app")))],
        [.. check.Reaches.Select(reach => reach.Name).Distinct()],
        [.. List(facts, "findings").Select(finding => $"line {finding.GetProperty("line").GetInt32()}: {finding.GetProperty("message").GetString()}")]);

    private static IEnumerable<JsonElement> List(JsonElement of, string key) => of.TryGetProperty(key, out var list) ? list.EnumerateArray() : [];

    private static string? Text(JsonElement of, string key) => of.GetProperty(key).ValueKind == JsonValueKind.String ? of.GetProperty(key).GetString() : null;

    private static IReadOnlyList<string> Texts(JsonElement of, string key) =>
        of.GetProperty(key).ValueKind == JsonValueKind.Array ? [.. of.GetProperty(key).EnumerateArray().Select(one => one.GetString()!)] : [];
}

/// <param name="First">Line, from 1.</param>
/// <param name="Last">Line, this one too.</param>
public sealed record SourceBlock(string Name, int First, int Last);

/// <param name="Kind"><c>act</c>, <c>custom_function</c> or <c>playbook</c>.</param>
/// <param name="What">What is asked for; null where only a run knows.</param>
/// <param name="Assets">Names, where the text says them.</param>
public sealed record SourceAsk(string Kind, string? What, string Block, IReadOnlyList<string> Assets, string? App);
