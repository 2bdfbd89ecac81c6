using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Vedette.Console;

/// <summary>
/// The files a browser loads, out of this assembly: the console is whole wherever it is hosted, also in tests and tools. An address
/// carries the digest of its content, so a browser keeps it for ever and never has an old one.
/// </summary>
internal static class AssetFiles
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private static readonly ConcurrentDictionary<string, Asset?> Known = new(StringComparer.Ordinal);

    /// <summary>The address of a file, with its digest.</summary>
    public static string Url(string name) => Find(name) is { } asset ? $"/assets/{name}?v={asset.Digest}" : throw new InvalidOperationException($"There is no asset {name}.");

    public static async Task Answer(HttpContext http, string name)
    {
        if (Find(name) is not { } asset)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        http.Response.ContentType = asset.Type;
        http.Response.Headers.Vary = "Accept-Encoding";
        http.Response.Headers.CacheControl = http.Request.Query["v"] == asset.Digest ? "public, max-age=31536000, immutable" : "no-cache";
        var zipped = http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (zipped)
        {
            http.Response.Headers.ContentEncoding = "gzip";
        }

        var content = zipped ? asset.Zipped.Value : asset.Plain;
        http.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(content, http.RequestAborted);
        }
    }

    private static Asset? Find(string name) => Known.TryGetValue(name, out var asset) ? asset : Read(name) is { } read ? Known.GetOrAdd(name, read) : null;

    private static Asset? Read(string name)
    {
        if (!Types.TryGetValue(System.IO.Path.GetExtension(name), out var type))
        {
            return null;
        }

        using var stream = typeof(AssetFiles).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var plain = memory.ToArray();
        return new Asset(type, plain, Convert.ToHexStringLower(SHA256.HashData(plain))[..12], new Lazy<byte[]>(() => Zip(plain)));
    }

    private static byte[] Zip(byte[] plain)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.Optimal))
        {
            zip.Write(plain);
        }

        return memory.ToArray();
    }

    private sealed record Asset(string Type, byte[] Plain, string Digest, Lazy<byte[]> Zipped);
}
