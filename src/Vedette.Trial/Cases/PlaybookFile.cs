using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Engine.Playbooks;

namespace Vedette.Trial.Cases;

/// <summary>A playbook or custom function as it lies in a folder.</summary>
public sealed record PlaybookFile(string Path, string Name, byte[] Source, JsonElement? Metadata)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Source));

    /// <summary>The tests beside it; there need be none.</summary>
    public string TestPath => System.IO.Path.ChangeExtension(Path, ".tests.yaml");

    public bool Python2 => !new PlaybookImport("", Name, Source, Metadata, false).PythonVersion.StartsWith('3');

    public bool IsCustomFunction => Metadata is { } metadata && metadata.TryGetProperty("custom_function_id", out _);

    /// <summary>Names of its inputs, and what each contains.</summary>
    internal IEnumerable<(string Name, IReadOnlyList<string> Contains)> Inputs =>
        Metadata is { } metadata && metadata.TryGetProperty("coa", out var coa) && coa.ValueKind == JsonValueKind.Object && coa.TryGetProperty("input_spec", out var inputs) && inputs.ValueKind == JsonValueKind.Array
            ? inputs.EnumerateArray().Where(input => input.ValueKind == JsonValueKind.Object && input.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
                .Select(input => (input.GetProperty("name").GetString()!, Contains(input)))
            : [];

    /// <exception cref="TrialFileException">It or its metadata cannot be read.</exception>
    public static PlaybookFile Read(string path)
    {
        var beside = System.IO.Path.ChangeExtension(path, ".json");
        JsonElement? metadata = null;
        if (File.Exists(beside))
        {
            try
            {
                using var json = JsonDocument.Parse(File.ReadAllBytes(beside));
                metadata = json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
            }
            catch (JsonException exception)
            {
                throw TrialFileException.At(beside, (exception.LineNumber ?? 0) + 1, $"this is no JSON: {exception.Message} Export the playbook again, or take the file away.");
            }
        }

        return new PlaybookFile(path, System.IO.Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path), metadata);
    }

    /// <summary>A playbook or custom function of this name beside this one, or in <c>custom_functions/</c> there or above.</summary>
    public PlaybookFile? Find(string name, bool customFunction)
    {
        var file = name.Split('/')[^1] + ".py";
        for (var folder = Directory.GetParent(System.IO.Path.GetFullPath(Path)); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, customFunction ? "custom_functions" : "", file);
            if (File.Exists(candidate))
            {
                return Read(candidate);
            }

            if (!customFunction)
            {
                break;
            }
        }

        return null;
    }

    private static IReadOnlyList<string> Contains(JsonElement input) => input.TryGetProperty("contains", out var types) && types.ValueKind == JsonValueKind.Array
        ? [.. types.EnumerateArray().Select(type => type.ToString())]
        : [];
}
