using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Engine.Playbooks.Workers;
using Vedette.Engine.Storage;

namespace Vedette.Engine.Playbooks.Runs;

/// <summary>A source that can be run.</summary>
/// <param name="Function">For a custom function: its name.</param>
/// <param name="Exclusive">It reaches into the interpreter, so it shares no child.</param>
/// <param name="OutputsList">For a custom function: each element of the returned list is a result of its own.</param>
internal sealed record PlaybookSource(string Hash, string FileName, byte[] Bytes, bool Python2Layer, bool Exclusive, string Function = "", bool OutputsList = false);

/// <summary>Sources by hash: stored once, kept in memory once used. A run keeps the one it started with.</summary>
internal sealed class PlaybookSources(IStore store, IPlaybookWorkers workers, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, PlaybookSource> _known = new();

    public async Task<PlaybookSource> Of(PlaybookRunRow run) =>
        await ByHash(run.SourceHash, $"{run.PlaybookName}.py", run.PlaybookId);

    public async Task<(PlaybookSource? Source, string? Fault)> CustomFunction(string name)
    {
        var parts = name.Split('/');
        var function = parts[^1];
        var where = Where.Is(nameof(PlaybookRow.Name), function) & Where.Is(nameof(PlaybookRow.PlaybookType), PlaybookTypes.CustomFunction);
        if (parts.Length > 1)
        {
            where &= Where.Is(nameof(PlaybookRow.Repository), parts[0]);
        }

        var rows = await store.Select<PlaybookRow>(Query.For(where));
        if (rows.Count != 1)
        {
            return (null, rows.Count == 0 ? $"There is no custom function \"{name}\"." : $"Custom function \"{name}\" is in several repositories; name one.");
        }

        var source = await ByHash(rows[0].SourceHash, $"{function}.py", rows[0].Id);
        using var metadata = JsonDocument.Parse(rows[0].Metadata);
        var list = metadata.RootElement.TryGetProperty("outputs_type", out var type) && type.ValueEquals("list");
        return (source with { Function = function, OutputsList = list }, null);
    }

    /// <summary>Writes the source into the unit if it is not stored yet, and answers its hash.</summary>
    public async Task<string> Keep(Unit unit, byte[] source)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(source));
        // Two of one unit may be alike.
        var written = unit.Writes.OfType<Insert>().Any(write => write.Row is BlobRow blob && blob.Hash == hash);
        if (!written && await store.Count<BlobRow>(Where.Is(nameof(BlobRow.Hash), hash)) == 0)
        {
            using var compressed = new MemoryStream();
            using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
            {
                brotli.Write(source);
            }

            unit.Insert(new BlobRow { Id = store.NextId<BlobRow>(), Hash = hash, Content = compressed.ToArray(), Length = source.Length, CreatedAt = time.GetUtcNow() });
        }

        return hash;
    }

    public async Task<byte[]> Bytes(string hash)
    {
        var blobs = await store.Select<BlobRow>(Query.For(Where.Is(nameof(BlobRow.Hash), hash)));
        if (blobs.Count == 0)
        {
            throw new InvalidOperationException($"The source {hash} is not in the store.");
        }

        using var content = new MemoryStream();
        using (var brotli = new BrotliStream(new MemoryStream(blobs[0].Content), CompressionMode.Decompress))
        {
            await brotli.CopyToAsync(content);
        }

        return content.ToArray();
    }

    private async Task<PlaybookSource> ByHash(string hash, string fileName, long playbookId)
    {
        if (_known.TryGetValue(hash, out var known))
        {
            return known;
        }

        var bytes = await Bytes(hash);
        var row = await store.Find<PlaybookRow>(playbookId);
        var python2 = row is not null && !row.PythonVersion.StartsWith('3');
        var check = await workers.Check(fileName, bytes, python2, CancellationToken.None);
        var source = new PlaybookSource(hash, fileName, bytes, python2, check.Reaches.Count > 0);
        _known[hash] = source;
        return source;
    }
}

internal static class PlaybookTypes
{
    public const string Automation = "automation";
    public const string Data = "data";
    public const string CustomFunction = "custom_function";
}
