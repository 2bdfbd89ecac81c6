using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Engine.Playbooks.Turns;
using Vedette.Engine.Storage;
using Vedette.Model;
using Vedette.Model.Datapaths;

namespace Vedette.Engine.Playbooks.Calls;

/// <summary>Values by what they are: the type that an artifact, a standard field or an app's manifest gives them.</summary>
internal static class ContainsCalls
{
    /// <summary>Each value once. With results it looks in those, else in the artifacts in scope.</summary>
    public static async Task<string> Collect(Turn turn, JsonElement arguments)
    {
        var wanted = (arguments.Texts("contains") ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var values = arguments.Get("action_results") is { ValueKind: JsonValueKind.Array } results
            ? await OfResults(turn, results, wanted, arguments.Flag("include_params", otherwise: true))
            : await OfArtifacts(turn, arguments, wanted);
        return $"[{string.Join(',', values.Where(value => value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)).Select(value => value.GetRawText()).Distinct())}]";
    }

    private static async Task<List<JsonElement>> OfArtifacts(Turn turn, JsonElement arguments, HashSet<string> wanted)
    {
        var data = await OtherEvent.OrOwn(turn, arguments, ["artifact:*"]);
        var only = arguments.Numbers("filter_artifacts");
        var tags = arguments.Texts("tags") ?? [];
        var artifacts = data.Artifacts(DataCalls.Scope(arguments))
            .Where(artifact => (only is null || only.Contains(artifact.Id)) && tags.All(artifact.Tags.Contains))
            .Take((int)Math.Clamp(arguments.Number("limit") ?? 2000, 0, 100_000));
        var values = new List<JsonElement>();
        foreach (var artifact in artifacts.Select(artifact => artifact.Json))
        {
            if (artifact.Get("cef") is not { ValueKind: JsonValueKind.Object } cef)
            {
                continue;
            }

            var types = CefFields.AllTypes(JsonObject.Create(cef), artifact.Get("cef_types") is { ValueKind: JsonValueKind.Object } own ? JsonObject.Create(own) : null);
            values.AddRange(cef.EnumerateObject()
                .Where(field => types[field.Name] is JsonArray kinds && kinds.Any(kind => wanted.Contains(kind?.ToString() ?? "")))
                .SelectMany(field => Single(field.Value)));
        }

        return values;
    }

    private static async Task<List<JsonElement>> OfResults(Turn turn, JsonElement results, HashSet<string> wanted, bool withParameters)
    {
        var apps = (await turn.Services.Apps.Catalogue()).Apps;
        var values = new List<JsonElement>();
        foreach (var result in results.EnumerateArray())
        {
            var app = apps.FirstOrDefault(app => app.Id == result.Number("app_id"));
            if (app is null)
            {
                continue;
            }

            var one = JsonSerializer.SerializeToElement(new[] { result });
            foreach (var path in Paths(app, result.Text("action") ?? "", wanted).Where(path => withParameters || !path.StartsWith("action_result.parameter", StringComparison.Ordinal)))
            {
                var request = new CollectRequest([path]) { ActionResults = one };
                values.AddRange(Model.Datapaths.Collect.Flat(turn.Data, path, request).SelectMany(Single));
            }
        }

        return values;
    }

    private static List<string> Paths(AppRow app, string action, HashSet<string> wanted)
    {
        using var manifest = JsonDocument.Parse(app.Manifest);
        if (!manifest.RootElement.TryGetProperty("actions", out var actions))
        {
            return [];
        }

        return [.. actions.EnumerateArray()
            .Where(one => string.Equals(one.Text("action"), action, StringComparison.OrdinalIgnoreCase))
            .SelectMany(one => one.Get("output") is { ValueKind: JsonValueKind.Array } output ? output.EnumerateArray().ToList() : [])
            .Where(field => (field.Texts("contains") ?? []).Any(wanted.Contains))
            .Select(field => field.Text("data_path") ?? "")
            .Where(path => path.Length > 0)];
    }

    private static IEnumerable<JsonElement> Single(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
