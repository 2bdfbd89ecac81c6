using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Vedette.Trial.Cases;

/// <summary>A YAML file, each node with its line.</summary>
internal sealed partial class YamlText(string file)
{
    public string File => file;

    public YamlNode Root()
    {
        try
        {
            using var reader = new StreamReader(file);
            var stream = new YamlStream();
            stream.Load(reader);
            return stream.Documents.Count == 1 ? stream.Documents[0].RootNode : throw At(1, $"one document is expected, {stream.Documents.Count} are here.");
        }
        catch (YamlException exception)
        {
            throw TrialFileException.At(file, exception.Start.Line, $"this is no YAML: {exception.Message.TrimEnd('.')}. Look at the indentation and at quotes.");
        }
        catch (IOException exception)
        {
            throw new TrialFileException($"{file} cannot be read: {exception.Message}", exception);
        }
    }

    public TrialFileException At(YamlNode node, string what) => At(node.Start.Line, what);

    /// <summary>The members of a mapping; one that is not among the known is refused, with what would be.</summary>
    public IReadOnlyDictionary<string, YamlNode> Members(YamlNode node, string what, params string[] known)
    {
        if (node is not YamlMappingNode mapping)
        {
            throw At(node, $"{what} is a mapping (key: value), not {Kind(node)}.");
        }

        var members = Merged(mapping);
        foreach (var (key, _) in members.Values)
        {
            if (known.Length > 0 && !known.Contains(Text(key, "a key")))
            {
                throw At(key, $"{what} has no \"{Text(key, "a key")}\"; it takes: {string.Join(", ", known)}.");
            }
        }

        return members.ToDictionary(member => member.Key, member => member.Value.Value);
    }

    public IReadOnlyList<YamlNode> Items(YamlNode node, string what) => node is YamlSequenceNode sequence
        ? [.. sequence.Children]
        : throw At(node, $"{what} is a list (lines that begin with a dash), not {Kind(node)}.");

    public string Text(YamlNode node, string what) => node is YamlScalarNode scalar ? scalar.Value ?? "" : throw At(node, $"{what} is text, not {Kind(node)}.");

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<string> Texts(YamlNode node, string what) => node is YamlScalarNode ? [Text(node, what)] : [.. Items(node, what).Select(item => Text(item, $"an item of {what}"))];

    public JsonObject Object(YamlNode node, string what) => Json(node) as JsonObject ?? throw At(node, $"{what} is a mapping (key: value), not {Kind(node)}.");

    public JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(Merged(mapping).Select(member => KeyValuePair.Create(member.Key, Json(member.Value.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Json)]),
        YamlScalarNode { Style: not ScalarStyle.Plain } text => JsonValue.Create(text.Value),
        YamlScalarNode plain => Plain(plain.Value ?? ""),
        _ => throw At(node, "this kind of node is not taken."),
    };

    /// <summary>With what <c>&lt;&lt;</c> brings in; what the mapping says itself holds.</summary>
    private Dictionary<string, (YamlNode Key, YamlNode Value)> Merged(YamlMappingNode mapping)
    {
        var members = new Dictionary<string, (YamlNode, YamlNode)>();
        foreach (var (key, value) in mapping.Children.OrderBy(member => Text(member.Key, "a key") == "<<" ? 0 : 1))
        {
            if (Text(key, "a key") != "<<")
            {
                members[Text(key, "a key")] = (key, value);
                continue;
            }

            foreach (var brought in value is YamlMappingNode from ? Merged(from) : throw At(value, "\"<<\" brings in a mapping that was named with & before."))
            {
                members[brought.Key] = brought.Value;
            }
        }

        return members;
    }

    /// <summary>Whether text without quotes is read as this text, and not as a number, a truth or nothing.</summary>
    public static bool ReadsAsText(string text) => Plain(text) is { } value && value.TryGetValue<string>(out _);

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when WholeNumber().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ when Number().IsMatch(text) => JsonValue.Create(double.Parse(text, CultureInfo.InvariantCulture)),
        _ => JsonValue.Create(text),
    };

    private TrialFileException At(long line, string what) => TrialFileException.At(file, line, what);

    private static string Kind(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        _ => "text",
    };

    [GeneratedRegex("^-?(0|[1-9][0-9]*)$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}
