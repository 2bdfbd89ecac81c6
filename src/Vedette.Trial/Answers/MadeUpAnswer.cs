using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Sdk;

namespace Vedette.Trial.Answers;

/// <summary>An answer of the shape that the manifest tells of and the playbook asks for.</summary>
internal static class MadeUpAnswer
{
    private const string Root = "action_result.";

    /// <param name="asked">Datapaths of the playbook into this action, from <c>action_result</c> on.</param>
    public static ActionAnswer Of(Manifest manifest, string action, IEnumerable<string> asked, JsonObject parameters)
    {
        var root = new JsonObject { ["data"] = new JsonArray(), ["summary"] = new JsonObject() };
        var told = Told(manifest, action).ToDictionary(one => one.Path, StringComparer.Ordinal);
        foreach (var path in told.Keys.Concat(asked.Where(path => !told.ContainsKey(path))))
        {
            var parts = path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..].Split('.') : [];
            if (parts is ["data" or "summary", _, ..])
            {
                var leaf = told.GetValueOrDefault(path);
                Put(root, parts, 0, () => leaf.Example ?? MadeUpValue.Of(parts[^1] is "*" ? parts[^2] : parts[^1], leaf.Type ?? "", leaf.Contains ?? [], parameters));
            }
        }

        if (root["data"] is JsonArray { Count: 0 } data)
        {
            data.Add(new JsonObject());
        }

        return new ActionAnswer { Success = true, Data = (JsonArray)root["data"]!.DeepClone(), Summary = (JsonObject)root["summary"]!.DeepClone() };
    }

    /// <summary>The datapaths that a manifest offers for an action.</summary>
    public static IEnumerable<string> PathsOf(Manifest manifest, string action) => Told(manifest, action).Select(one => one.Path);

    /// <summary>Puts a value where the path says; what two paths say differently stays as the first had it.</summary>
    private static void Put(JsonNode at, string[] parts, int index, Func<JsonNode?> value)
    {
        var last = index == parts.Length - 1;
        var listNext = !last && IsItem(parts[index + 1]);
        if (at is JsonArray list)
        {
            if (list.Count == 0)
            {
                list.Add(last ? value() : listNext ? new JsonArray() : new JsonObject());
            }

            if (!last && list[0] is JsonObject or JsonArray)
            {
                Put(list[0]!, parts, IsItem(parts[index]) ? index + 1 : index, value);
            }

            return;
        }

        if (at is not JsonObject members || IsItem(parts[index]))
        {
            return;
        }

        if (last)
        {
            if (!members.ContainsKey(parts[index]))
            {
                members[parts[index]] = value();
            }

            return;
        }

        if (members[parts[index]] is not (JsonObject or JsonArray))
        {
            members[parts[index]] = listNext ? new JsonArray() : new JsonObject();
        }

        if (listNext && members[parts[index]] is JsonArray inner)
        {
            if (index + 1 == parts.Length - 1)
            {
                if (inner.Count == 0)
                {
                    inner.Add(value());
                }

                return;
            }

            Put(inner, parts, index + 1, value);
            return;
        }

        Put(members[parts[index]]!, parts, index + 1, value);
    }

    private static bool IsItem(string part) => part is "*" or "[]" || int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static IEnumerable<(string Path, string? Type, IReadOnlyList<string>? Contains, JsonNode? Example)> Told(Manifest manifest, string action)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in manifest.Json.GetProperty("actions").EnumerateArray())
        {
            if (!string.Equals(one.GetProperty("action").GetString(), action, StringComparison.OrdinalIgnoreCase) || !one.TryGetProperty("output", out var outputs))
            {
                continue;
            }

            foreach (var output in outputs.EnumerateArray())
            {
                var path = output.GetProperty("data_path").GetString()!;
                if (!seen.Add(path))
                {
                    continue;
                }

                var examples = output.TryGetProperty("example_values", out var values) && values.ValueKind == JsonValueKind.Array ? values : default;
                var contains = output.TryGetProperty("contains", out var types) && types.ValueKind == JsonValueKind.Array
                    ? types.EnumerateArray().Select(type => type.ToString()).ToList()
                    : null;
                yield return (
                    path,
                    output.TryGetProperty("data_type", out var type) ? type.GetString() : null,
                    contains,
                    examples.ValueKind == JsonValueKind.Array && examples.GetArrayLength() > 0 ? JsonNode.Parse(examples[0].GetRawText()) : null);
            }
        }
    }
}
