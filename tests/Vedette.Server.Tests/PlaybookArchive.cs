using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Vedette.Server.Tests;

/// <summary>Playbooks as they are posted: a gzip tar in base64.</summary>
internal static class PlaybookArchive
{
    public static async Task<JsonElement> Import(this Site site, string name, string source, string metadata = """{"python_version":"3"}""")
    {
        var (status, body) = await site.PostAsAdmin("/rest/import_playbook", JsonSerializer.Serialize(new { playbook = await Pack(name, source, metadata), scm = "local" }));
        Assert.True(status == 200, body.ToString());
        return body;
    }

    public static async Task<string> Pack(string name, string source, string metadata = """{"python_version":"3"}""")
    {
        using var packed = new MemoryStream();
        await using (var zipped = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        await using (var tar = new TarWriter(zipped))
        {
            foreach (var (file, text) in new[] { ($"{name}.py", source), ($"{name}.json", metadata) })
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) }, TestContext.Current.CancellationToken);
            }
        }

        return Convert.ToBase64String(packed.ToArray());
    }

    /// <summary>Imports it, runs it on an event of its own, and gives the run when it has ended.</summary>
    public static async Task<JsonElement> RunToEnd(this Site site, string name, string source)
    {
        var playbook = (await site.Import(name, source)).GetProperty("id").GetInt64();
        var container = await site.QuietEvent();
        var (status, started) = await site.PostAsAdmin("/rest/playbook_run", JsonSerializer.Serialize(new { container_id = container, playbook_id = playbook }));
        Assert.True(status == 200, started.ToString());
        await site.RunEnded(container);
        return await site.Get($"/rest/playbook_run/{started.GetProperty("playbook_run_id").GetString()}");
    }

    /// <summary>What became of it, in words: the field's message is a report in JSON.</summary>
    public static string Said(this JsonElement run)
    {
        using var report = JsonDocument.Parse(run.GetProperty("message").GetString()!);
        return report.RootElement.GetProperty("message").GetString()!;
    }

    public static async Task<IReadOnlyList<string>> LogOf(this Site site, JsonElement run) =>
        [.. (await site.Get($"/rest/playbook_run/{run.GetProperty("id")}/log?page_size=0")).GetProperty("data").EnumerateArray().Select(line => line.GetProperty("message").GetString()!)];
}
