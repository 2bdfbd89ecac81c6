using System.Text.Json;
using Vedette.Console.Parts;

namespace Vedette.Console.Playbooks;

/// <summary>The blocks of a playbook and what follows what: from the drawing its editor left, or from its code.</summary>
/// <param name="FromCode">There was no drawing.</param>
public sealed record BlockGraph(IReadOnlyList<Block> Blocks, IReadOnlyList<Link> Links, bool FromCode)
{
    /// <summary>More is no drawing any more, and not what an editor makes.</summary>
    private const int MostBlocks = 600;
    private const int MostLinks = 4_000;

    public static BlockGraph Empty { get; } = new([], [], true);

    /// <param name="metadata">As imported: <c>coa.data</c> with <c>nodes</c> and <c>edges</c>.</param>
    /// <param name="source">Text of the playbook, for one without a drawing.</param>
    public static BlockGraph Of(JsonElement metadata, string source) => Drawn(metadata) ?? CodeGraph.Of(source);

    /// <summary>Null where no drawing is.</summary>
    public static BlockGraph? Drawn(JsonElement metadata)
    {
        if (metadata.At("coa", "data", "nodes") is not { ValueKind: JsonValueKind.Object } nodes)
        {
            return null;
        }

        var blocks = nodes.EnumerateObject().Take(MostBlocks).Where(node => node.Value.ValueKind == JsonValueKind.Object).Select(node => BlockOf(node.Name, node.Value)).DistinctBy(block => block.Id).ToList();
        if (blocks.Count == 0)
        {
            return null;
        }

        var known = blocks.Select(block => block.Id).ToHashSet(StringComparer.Ordinal);
        var links = new List<Link>();
        foreach (var edge in metadata.GetProperty("coa").GetProperty("data").ListAt("edges").Take(MostLinks))
        {
            if (edge.TextAt("sourceNode") is { } from && edge.TextAt("targetNode") is { } to && known.Contains(from) && known.Contains(to))
            {
                links.Add(new Link(from, to, Condition(nodes.GetProperty(from), edge)));
            }
        }

        return new BlockGraph(blocks, links, false);
    }

    private static Block BlockOf(string id, JsonElement node)
    {
        var kind = node.TextAt("type") ?? "";
        var function = node.TextAt("data", "functionName") ?? "";
        var detail = kind switch
        {
            "action" => node.TextAt("data", "action"),
            "playbook" => node.TextAt("data", "playbookName"),
            "prompt" or "task" => node.TextAt("data", "approver"),
            "utility" => node.At("data", "customFunction", "name") is { } name ? CefText.Text(name) : null,
            _ => null,
        };
        return new Block(id, function.Length > 0 ? function : node.TextAt("data", "advanced", "customName") ?? kind, kind, detail ?? kind, function);
    }

    /// <summary>Which branch of a decision or filter it is.</summary>
    private static string Condition(JsonElement node, JsonElement edge)
    {
        foreach (var condition in edge.ListAt("conditions"))
        {
            var index = condition.TextAt("index");
            if (node.At("data") is { } data && data.ListAt("conditions").FirstOrDefault(one => one.TextAt("conditionIndex") == index) is { ValueKind: JsonValueKind.Object } named)
            {
                return named.TextAt("customName") ?? named.TextAt("display") ?? "";
            }
        }

        return "";
    }
}

/// <param name="Id">Unique in the graph.</param>
/// <param name="Kind">start, end, action, filter, decision, format, prompt, code, playbook, utility, or what else an editor knows.</param>
/// <param name="Detail">The action, the playbook, or the kind in words.</param>
/// <param name="Function">In the code; empty where it has none.</param>
public sealed record Block(string Id, string Name, string Kind, string Detail, string Function);

/// <param name="Label">Of a branch; empty elsewhere.</param>
public sealed record Link(string From, string To, string Label);
