using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Sdk;

namespace Vedette.Trial.Answers;

/// <summary>An answer of the shape that the manifest tells of and the playbook asks for.</summary>
internal static class MadeUpAnswer
{
    private const string Root = "action_result.";

    /// <summary>Of a list that is made up, whatever number a path names.</summary>
    private const int MostItems = 16;

    /// <param name="asked">Datapaths of the playbook into this action, from <c>action_result</c> on.</param>
    public static ActionAnswer Of(Manifest manifest, string action, IEnumerable<string> asked, JsonObject parameters)
    {
        var root = new JsonObject { ["data"] = new JsonArray(), ["summary"] = new JsonObject() };
        var told = Told(manifest, action).ToDictionary(one => one.Path, StringComparer.Ordinal);
        var columns = QueryColumns.Of(parameters).Select(column => $"{Root}data.*.{column}");
        foreach (var path in told.Keys.Concat(asked.Concat(columns).Where(path => !told.ContainsKey(path))))
        {
            var parts = path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..].Split('.') : [];
            if (parts is ["data" or "summary", _, ..])
            {
                var leaf = told.GetValueOrDefault(path);
                Put(root, parts, 0, () => leaf.Example?.DeepClone() ?? MadeUpValue.Of(parts.Last(part => !IsItem(part)), leaf.Type ?? "", leaf.Contains ?? [], parameters));
            }
        }

        if (root["data"] is JsonArray { Count: 0 } data)
        {
            data.Add(new JsonObject());
        }

        return new ActionAnswer { Success = true, Data = (JsonArray)root["data"]!.DeepClone(), Summary = (JsonObject)root["summary"]!.DeepClone() };
    }

    /// <summary>An object that has these places, each with a value that its name suggests.</summary>
    public static JsonObject With(IEnumerable<string> places)
    {
        var root = new JsonObject();
        foreach (var parts in places.Select(place => place.Split('.')).Where(parts => !IsItem(parts[0])))
        {
            Put(root, parts, 0, () => MadeUpValue.Of(parts.Last(part => !IsItem(part)), "", [], []));
        }

        return root;
    }

    /// <summary>The datapaths that a manifest offers for an action.</summary>
    public static IEnumerable<string> PathsOf(Manifest manifest, string action) => Told(manifest, action).Select(one => one.Path);

    /// <summary>Puts a value where the path says; a value that another path goes on from makes way.</summary>
    private static void Put(JsonNode at, string[] parts, int index, Func<JsonNode?> value)
    {
        var last = index == parts.Length - 1;
        var fresh = last ? value : () => IsItem(parts[index + 1]) ? new JsonArray() : new JsonObject();
        if (at is JsonArray list)
        {
            var number = int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? Math.Min(written, MostItems - 1) : 0;
            var inside = IsItem(parts[index]) ? fresh : () => new JsonObject();
            while (list.Count <= number)
            {
                list.Add(inside());
            }

            if (!IsItem(parts[index]) || !last)
            {
                if (list[number] is not (JsonObject or JsonArray))
                {
                    list[number] = inside();
                }

                Put(list[number]!, parts, IsItem(parts[index]) ? index + 1 : index, value);
            }
        }
        else if (at is JsonObject members && !IsItem(parts[index]))
        {
            if (!members.ContainsKey(parts[index]) || (!last && members[parts[index]] is not (JsonObject or JsonArray)))
            {
                members[parts[index]] = fresh();
            }

            if (!last)
            {
                Put(members[parts[index]]!, parts, index + 1, value);
            }
        }
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
