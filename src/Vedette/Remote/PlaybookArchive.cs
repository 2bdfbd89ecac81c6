using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Remote;

/// <summary>A playbook as REST takes it: a gzip tar of its .py and .json, in base64.</summary>
internal static class PlaybookArchive
{
    /// <summary>The playbooks a path means, in order of their names.</summary>
    public static IReadOnlyList<string> Files(string path)
    {
        if (Directory.Exists(path))
        {
            return Directory.GetFiles(path, "*.py").Order(StringComparer.Ordinal).ToList() is { Count: > 0 } files
                ? files
                : throw new CommandException($"The folder {path} has no playbook (.py).");
        }

        return !File.Exists(path) ? throw new CommandException($"There is no playbook {path}.")
            : path.EndsWith(".py", StringComparison.Ordinal) ? [path]
            : throw new CommandException($"{path} is no playbook: name its .py; the .json is found beside it.");
    }

    /// <param name="labels">The labels it starts for; empty for those its .json names.</param>
    public static async Task<string> Pack(string file, IReadOnlyList<string> labels, CancellationToken ct)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var metadata = await Metadata(Path.ChangeExtension(file, ".json"), ct);
        if (labels.Count > 0)
        {
            metadata["labels"] = new JsonArray([.. labels.Select(label => (JsonNode)label)]);
        }

        using var packed = new MemoryStream();
        await using (var zipped = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        await using (var tar = new TarWriter(zipped))
        {
            await Add(tar, $"{name}.py", await File.ReadAllBytesAsync(file, ct), ct);
            await Add(tar, $"{name}.json", Encoding.UTF8.GetBytes(metadata.ToJsonString()), ct);
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    private static async Task<JsonObject> Metadata(string file, CancellationToken ct)
    {
        if (!File.Exists(file))
        {
            // Without a .json it is Python 3; the server would take a playbook of unknown age for one of Python 2.
            return new JsonObject { ["python_version"] = "3" };
        }

        try
        {
            return JsonNode.Parse(await File.ReadAllBytesAsync(file, ct)) as JsonObject ?? throw new CommandException($"{file} has to be a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new CommandException($"{file} is no JSON that can be read (line {exception.LineNumber + 1}): {exception.Message}", exception);
        }
    }

    private static async Task Add(TarWriter tar, string name, byte[] content, CancellationToken ct)
    {
        using var data = new MemoryStream(content);
        await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data }, ct);
    }
}
