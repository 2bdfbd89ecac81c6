using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Trial.Cases;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vedette.Trial.Recording;

/// <summary>Writes a case as a person would: short mappings on a line, text of several lines as it reads, quotes only where YAML needs them.</summary>
public static class CaseFile
{
    /// <summary>A mapping that fits into this stands on one line.</summary>
    private const int Line = 100;

    /// <summary>Puts a case at the end of a test file, which is made when it is not there.</summary>
    /// <param name="remarks">Lines of comment above it.</param>
    /// <exception cref="TrialFileException">The file has a case of this name, or does not end with its cases.</exception>
    public static void Add(string file, JsonObject made, IReadOnlyList<string> remarks)
    {
        ArgumentNullException.ThrowIfNull(made);
        var text = File.Exists(file) ? File.ReadAllText(file).TrimEnd() + "\n\n" : "cases:\n";
        if (File.Exists(file))
        {
            var name = Likeness.Text(made["name"]);
            if (TestFile.Read(file).Any(one => one.Name == name))
            {
                throw new TrialFileException($"{file} has a case \"{name}\" already: take it out or give it another name, and record again.");
            }

            if (new YamlText(file).Root() is not YamlMappingNode root || root.Children.Last() is not { Key: YamlScalarNode { Value: "cases" }, Value: YamlSequenceNode { Style: not YamlDotNet.Core.Events.SequenceStyle.Flow } cases })
            {
                throw new TrialFileException($"{file} does not end with its list of cases, so none can be put there: move \"cases\" to its end.");
            }

            text += Written(made, remarks, (int)cases.Children[0].Start.Column - 3);
        }
        else
        {
            text += Written(made, remarks, 2);
        }

        File.WriteAllText(file, text);
    }

    /// <param name="indent">Blanks before the dash.</param>
    private static string Written(JsonObject made, IReadOnlyList<string> remarks, int indent)
    {
        using var yaml = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(Node(made, top: true))).Save(yaml, assignAnchors: false);
        var text = new StringBuilder();
        var blanks = new string(' ', indent);
        foreach (var remark in remarks)
        {
            text.Append(blanks).Append("# ").Append(remark).Append('\n');
        }

        var lines = yaml.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var end = lines[^1] == "..." ? lines.Length - 1 : lines.Length;
        for (var at = 0; at < end; at++)
        {
            text.Append(lines[at].Length == 0 ? "" : at == 0 ? $"{blanks}- " : $"{blanks}  ").Append(lines[at]).Append('\n');
        }

        return text.ToString();
    }

    private static YamlNode Node(JsonNode? node, bool top = false)
    {
        switch (node)
        {
            case JsonObject keys:
                var mapping = new YamlMappingNode(keys.Select(one => KeyValuePair.Create((YamlNode)Text(one.Key), Node(one.Value))));
                mapping.Style = !top && Short(keys) ? YamlDotNet.Core.Events.MappingStyle.Flow : YamlDotNet.Core.Events.MappingStyle.Block;
                return mapping;
            case JsonArray items:
                var sequence = new YamlSequenceNode(items.Select(item => Node(item)));
                sequence.Style = items.Count == 0 || (items.All(item => item is not (JsonObject or JsonArray)) && Short(items)) ? YamlDotNet.Core.Events.SequenceStyle.Flow : YamlDotNet.Core.Events.SequenceStyle.Block;
                return sequence;
            case JsonValue value when value.TryGetValue<string>(out var text):
                return Text(text);
            default:
                return new YamlScalarNode(node?.ToJsonString() ?? "null");
        }
    }

    private static YamlScalarNode Text(string text) => new(text)
    {
        Style = text.Contains('\n', StringComparison.Ordinal) && Readable(text) ? ScalarStyle.Literal
            : text.Any(char.IsControl) ? ScalarStyle.DoubleQuoted
            : YamlText.ReadsAsText(text) ? ScalarStyle.Any : ScalarStyle.SingleQuoted,
    };

    /// <summary>A literal block keeps neither blanks at the end of a line in sight nor signs that do not print.</summary>
    private static bool Readable(string text) => !text.StartsWith(' ') && text.Split('\n').All(line => !line.EndsWith(' ') && !line.Any(char.IsControl));

    private static bool Short(JsonNode node) => Depth(node) <= 2 && !node.ToJsonString().Contains("\\n", StringComparison.Ordinal) && JsonSerializer.Serialize(node).Length <= Line;

    private static int Depth(JsonNode? node) => node switch
    {
        JsonObject keys => 1 + keys.Select(one => Depth(one.Value)).DefaultIfEmpty(0).Max(),
        JsonArray items => 1 + items.Select(Depth).DefaultIfEmpty(0).Max(),
        _ => 0,
    };
}
