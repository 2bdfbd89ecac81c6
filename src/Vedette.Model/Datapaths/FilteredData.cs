using System.Text;
using System.Text.Json;

namespace Vedette.Model.Datapaths;

/// <summary>What a condition kept, read again through <c>filtered-data:</c> paths for the rest of the run.</summary>
/// <param name="Artifacts">The ids of the artifacts kept, ascending.</param>
/// <param name="Results">Action results in the shape of <c>results</c>, reduced to what was kept.</param>
/// <param name="Others">What was kept of inputs, outputs and custom functions, by location.</param>
public sealed record FilteredData(IReadOnlyList<long> Artifacts, JsonElement Results, IReadOnlyDictionary<string, JsonElement> Others)
{
    public static FilteredData Empty { get; } = new([], JsonValues.EmptyList, new Dictionary<string, JsonElement>());

    public bool IsEmpty => Artifacts.Count == 0 && Others.Count == 0
        && (Results.ValueKind != JsonValueKind.Array || Results.GetArrayLength() == 0);

    /// <summary>The text kept in the store between two turns.</summary>
    public string ToJson()
    {
        var text = new JsonText();
        text.Raw("{\"artifacts\":[");
        text.Join(Artifacts, (id, into) => into.Raw(id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        text.Raw("],\"results\":");
        text.Value(Results);
        text.Raw(",\"others\":{");
        text.Join(Others, (other, into) =>
        {
            into.Raw(JsonSerializer.Serialize(other.Key));
            into.Raw(":");
            into.Value(other.Value);
        });
        text.Raw("}}");
        return text.ToString();
    }

    /// <summary>The reverse of <see cref="ToJson"/>. Text that is not ours reads as nothing kept.</summary>
    public static FilteredData FromJson(string json)
    {
        if (JsonValues.TryParse(json) is not { ValueKind: JsonValueKind.Object } whole)
            return Empty;
        var artifacts = new List<long>();
        if (JsonValues.TryKey(whole, "artifacts", out var ids) && ids.ValueKind == JsonValueKind.Array)
        {
            foreach (var id in ids.EnumerateArray())
            {
                if (id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number))
                    artifacts.Add(number);
            }
        }
        var results = JsonValues.TryKey(whole, "results", out var list) && list.ValueKind == JsonValueKind.Array ? list : JsonValues.EmptyList;
        var others = new Dictionary<string, JsonElement>();
        if (JsonValues.TryKey(whole, "others", out var rest) && rest.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in rest.EnumerateObject())
                others[JsonValues.Name(property)] = property.Value;
        }
        return new(artifacts, results, others);
    }
}
