namespace Vedette.Console.Playbooks;

/// <summary>
/// Blocks read from the text of a playbook: functions at its edge that take the event, joined where one names the other, whether as a call
/// or as a callback. What is named by way of a helper counts as named. It is a picture for the reader, and nothing is decided by it.
/// </summary>
internal static class CodeGraph
{
    private const int MostFunctions = 600;

    private sealed record Function(string Name, bool IsBlock, string Kind, HashSet<string> Names);

    public static BlockGraph Of(string source)
    {
        var functions = Read(source);
        var blocks = functions.Values.Where(function => function.IsBlock).Select(function => new Block(function.Name, function.Name, function.Kind, function.Kind, function.Name)).ToList();
        var links = new List<Link>();
        foreach (var block in blocks)
        {
            links.AddRange(Reached(block.Id, functions).Select(to => new Link(block.Id, to, "")));
        }

        // Called by the platform, when all that was asked for has ended.
        if (functions.ContainsKey("on_finish"))
        {
            var leading = links.Select(link => link.From).ToHashSet(StringComparer.Ordinal);
            links.AddRange(blocks.Where(block => block.Id != "on_finish" && !leading.Contains(block.Id)).Select(block => new Link(block.Id, "on_finish", "")));
        }

        return new BlockGraph(blocks, links, true);
    }

    private static Dictionary<string, Function> Read(string source)
    {
        var functions = new Dictionary<string, Function>(StringComparer.Ordinal);
        Function? current = null;
        foreach (var line in CodeText.Lines(source))
        {
            var words = line.Where(piece => piece.Kind is ' ' or 'f' or 'k').SelectMany(piece => Words(piece.Text)).ToList();
            if (line is [{ Text: "def" }, ..] && words.Count > 1)
            {
                if (functions.Count == MostFunctions)
                {
                    break;
                }

                current = new Function(words[1], words[1] is "on_start" or "on_finish" || (words.Contains("container") && !words[1].StartsWith("join_", StringComparison.Ordinal)), Start(words[1]), new HashSet<string>(StringComparer.Ordinal));
                functions[current.Name] = current;
                continue;
            }

            if (line.Count > 0 && line[0].Text is [not (' ' or '\t'), ..] && line[0].Kind is not ('c' or 's') && line[0].Text[0] is not (')' or ']' or '}'))
            {
                current = null;
            }

            if (current is not null)
            {
                current.Names.UnionWith(words);
                if (current.Kind == "code" && KindOf(words) is { } kind)
                {
                    functions[current.Name] = current = current with { Kind = kind };
                }
            }
        }

        return functions;
    }

    private static string Start(string name) => name switch { "on_start" => "start", "on_finish" => "end", _ => "code" };

    private static string? KindOf(List<string> words) => !words.Contains("phantom") ? null
        : words.Contains("act") ? "action"
        : words.Contains("prompt") || words.Contains("prompt2") ? "prompt"
        : words.Contains("decision") ? "decision"
        : words.Contains("condition") ? "filter"
        : words.Contains("format") ? "format"
        : words.Contains("playbook") ? "playbook"
        : null;

    private static IEnumerable<string> Words(string text)
    {
        var start = -1;
        for (var at = 0; at <= text.Length; at++)
        {
            var inside = at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');
            if (inside && start < 0)
            {
                start = at;
            }
            else if (!inside && start >= 0)
            {
                yield return text[start..at];
                start = -1;
            }
        }
    }

    private static HashSet<string> Reached(string from, Dictionary<string, Function> functions)
    {
        var (found, seen, open) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal) { from }, new Stack<string>([from]));
        while (open.TryPop(out var at))
        {
            foreach (var name in functions[at].Names)
            {
                if (!functions.TryGetValue(name, out var other) || !seen.Add(name))
                {
                    continue;
                }

                if (other.IsBlock)
                {
                    found.Add(name);
                }
                else
                {
                    open.Push(name);
                }
            }
        }

        return found;
    }
}
