using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Vedette.Engine.Playbooks;

namespace Vedette.Server.Rest;

/// <summary>A playbook out of an archive.</summary>
internal sealed record ArchivedPlaybook(string Name, byte[] Source, JsonElement? Metadata);

/// <summary>
/// Playbooks as they travel: a gzip tar with <c>NAME.py</c> and <c>NAME.json</c>, the playbook itself first, then what it calls, custom functions in a folder of
/// that name. It is read in memory and never unpacked; what would lead out of a folder is refused all the same, for it is no playbook.
/// </summary>
internal static class PlaybookArchives
{
    /// <summary>Bytes of one file, and of all together, unpacked.</summary>
    public const int LargestPart = 8 * 1024 * 1024;

    public const int LargestWhole = 64 * 1024 * 1024;

    public const int MostFiles = 2000;

    private const string Functions = "custom_functions/";

    public static async Task<byte[]> Pack(IReadOnlyList<ExportedPlaybook> playbooks, CancellationToken ct)
    {
        using var packed = new MemoryStream();
        await using (var zipped = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        await using (var tar = new TarWriter(zipped))
        {
            foreach (var (at, playbook) in playbooks.Index())
            {
                // One alone lies at the top, as the field has it.
                var folder = at > 0 && playbook.IsFunction ? Functions : "";
                foreach (var (file, content) in new[] { ($"{folder}{playbook.Name}.json", Encoding.UTF8.GetBytes(playbook.Metadata)), ($"{folder}{playbook.Name}.py", playbook.Source) })
                {
                    using var data = new MemoryStream(content);
                    await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = data }, ct);
                }
            }
        }

        return packed.ToArray();
    }

    /// <exception cref="BadRequestException">It is no such archive, or one that is out to do harm.</exception>
    public static async Task<IReadOnlyList<ArchivedPlaybook>> Unpack(string base64, CancellationToken ct)
    {
        var sources = new List<(string Name, byte[] Source)>();
        var metadata = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        try
        {
            using var packed = new MemoryStream(Convert.FromBase64String(base64));
            using var unzipped = new GZipStream(packed, CompressionMode.Decompress);
            using var tar = new TarReader(unzipped);
            var (files, bytes) = (0, 0L);
            while (await tar.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes)
                {
                    continue;
                }

                Refuse(entry, ++files, bytes += entry.Length);
                var file = entry.Name[(entry.Name.LastIndexOf('/') + 1)..];
                // What an archiver of macOS puts beside each file is no playbook.
                if (entry.DataStream is null || file.Length == 0 || file.StartsWith("._", StringComparison.Ordinal))
                {
                    continue;
                }

                using var content = new MemoryStream();
                await entry.DataStream.CopyToAsync(content, ct);
                if (file.EndsWith(".py", StringComparison.Ordinal))
                {
                    sources.Add((file[..^3], content.ToArray()));
                }
                else if (file.EndsWith(".json", StringComparison.Ordinal))
                {
                    using var parsed = JsonDocument.Parse(Encoding.UTF8.GetString(content.ToArray()));
                    metadata[file[..^5]] = parsed.RootElement.Clone();
                }
            }
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or EndOfStreamException or JsonException)
        {
            throw new BadRequestException("playbook is no gzip tar in base64 with a .py and a .json that can be read.", exception);
        }

        if (sources.GroupBy(one => one.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new BadRequestException($"The archive has {twice.Key}.py twice.");
        }

        // One that is alone may have its metadata under another name, as some exports do.
        return sources.Count == 0 ? throw new BadRequestException("The archive has no .py file.")
            : [.. sources.Select(one => new ArchivedPlaybook(one.Name, one.Source, metadata.TryGetValue(one.Name, out var its) ? its : sources.Count == 1 && metadata.Count > 0 ? metadata.First().Value : null))];
    }

    private static void Refuse(TarEntry entry, int files, long bytes)
    {
        if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile))
        {
            throw new BadRequestException("The archive has a link or a device in it; only files and folders are taken.");
        }

        if (entry.Name.StartsWith('/') || entry.Name.Contains('\\', StringComparison.Ordinal) || entry.Name.Split('/').Contains(".."))
        {
            throw new BadRequestException("The archive has a path that leads out of its folder.");
        }

        if (entry.Length > LargestPart)
        {
            throw new BadRequestException($"A file of the archive has {entry.Length} bytes; {LargestPart} are allowed.");
        }

        if (files > MostFiles || bytes > LargestWhole)
        {
            throw new BadRequestException($"The archive has more than {MostFiles} files or {LargestWhole} bytes.");
        }
    }
}
