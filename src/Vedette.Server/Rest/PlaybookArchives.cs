using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Vedette.Server.Rest;

/// <summary>Playbooks as they travel: a gzip tar with <c>NAME.py</c> and <c>NAME.json</c>. In memory only, so no path in an archive means anything.</summary>
internal static class PlaybookArchives
{
    public const int LargestPart = 8 * 1024 * 1024;

    public static async Task<byte[]> Pack(string name, byte[] source, byte[] metadata, CancellationToken ct)
    {
        using var packed = new MemoryStream();
        await using (var zipped = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        await using (var tar = new TarWriter(zipped))
        {
            foreach (var (file, content) in new[] { ($"{name}.json", metadata), ($"{name}.py", source) })
            {
                using var data = new MemoryStream(content);
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = data }, ct);
            }
        }

        return packed.ToArray();
    }

    public static async Task<(string Name, byte[] Source, JsonElement? Metadata)> Unpack(string base64, CancellationToken ct)
    {
        byte[]? source = null;
        var name = "";
        JsonElement? metadata = null;
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(base64));
            using var unzipped = new GZipStream(packed, CompressionMode.Decompress);
            using var tar = new TarReader(unzipped);
            while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (entry.Length > LargestPart)
                {
                    throw new BadRequestException($"A file of the archive has {entry.Length} bytes; {LargestPart} are allowed.");
                }

                var file = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                if (entry.DataStream is null || file.Length == 0)
                {
                    continue;
                }

                using var content = new MemoryStream();
                await entry.DataStream.CopyToAsync(content, ct);
                if (file.EndsWith(".py", StringComparison.Ordinal) && source is null)
                {
                    (name, source) = (file[..^3], content.ToArray());
                }
                else if (file.EndsWith(".json", StringComparison.Ordinal) && metadata is null)
                {
                    using var parsed = JsonDocument.Parse(Encoding.UTF8.GetString(content.ToArray()));
                    metadata = parsed.RootElement.Clone();
                }
            }
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or EndOfStreamException or JsonException)
        {
            throw new BadRequestException("playbook is no gzip tar in base64 with a .py and a .json that can be read.", exception);
        }

        return source is null ? throw new BadRequestException("The archive has no .py file.") : (name, source, metadata);
    }
}
