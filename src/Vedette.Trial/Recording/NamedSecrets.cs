using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Vedette.Trial.Recording;

/// <summary>
/// Asset secrets never are in a run. What a playbook asked for or was answered under a key that names a secret may be one: it is left out of a case, which gets into a
/// repository.
/// </summary>
internal static partial class NamedSecrets
{
    public const string Instead = "(left out)";

    public static JsonNode? LeftOut(JsonNode? node) => node switch
    {
        JsonObject keys => new JsonObject(keys.Select(one => KeyValuePair.Create(one.Key, IsSecret(one.Key, one.Value) ? Instead : LeftOut(one.Value)))),
        JsonArray items => new JsonArray([.. items.Select(LeftOut)]),
        // What is inside of JSON that went as text is written anew only where something of it was left out.
        _ => Opened(node) is JsonObject inside && !JsonNode.DeepEquals(LeftOut(inside), inside) ? LeftOut(inside)!.ToJsonString() : node?.DeepClone(),
    };

    /// <summary>An object that went as text.</summary>
    public static JsonNode? Opened(JsonNode? node)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var text) && text.StartsWith('{'))
        {
            try
            {
                return JsonNode.Parse(text);
            }
            catch (JsonException)
            {
                // It only begins like JSON.
                return node.DeepClone();
            }
        }

        return node?.DeepClone();
    }

    private static bool IsSecret(string key, JsonNode? value) => value is JsonValue held && held.TryGetValue<string>(out var text) && text.Length > 0 && Names().IsMatch(key);

    /// <summary>At the end of a key: <c>password_last_set</c> is no secret.</summary>
    [GeneratedRegex("(pass(word|phrase|wd)|secret|credentials?|token|api[_-]?key|private[_-]?key|authorization|cookie)$", RegexOptions.IgnoreCase)]
    private static partial Regex Names();
}
