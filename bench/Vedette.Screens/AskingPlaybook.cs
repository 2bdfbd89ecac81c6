using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Vedette.Screens;

/// <summary>A playbook that asks a person, so that there is something to answer.</summary>
internal static class AskingPlaybook
{
    private const string Source = """
        import phantom.rules as phantom

        def on_start(container):
            phantom.prompt2(container=container, user="admin", name="approve_block", respond_in_mins=12,
                message="May 203.0.113.77 be blocked on FIN-LT-0142?\n\nOne inbound and one outbound rule on the host's firewall. The user is on leave since Friday; the domain is 3 days old.",
                response_types=[{"prompt": "Block it?", "options": {"type": "list", "choices": ["Yes", "No"]}}, {"prompt": "For how many hours?", "options": {"type": "range", "min": 1, "max": 72}}],
                callback=answered)

        def answered(action=None, success=None, container=None, results=None, handle=None, filtered_artifacts=None, filtered_results=None, custom_function=None, **kwargs):
            phantom.debug("answered")

        def on_finish(container, summary):
            return
        """;

    public static async Task Ask(HttpClient admin, long container)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zip))
        {
            foreach (var (name, text) in new[] { ("block_address.py", Source), ("block_address.json", "{}") })
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        await Post(admin, "rest/import_playbook", new JsonObject { ["playbook"] = Convert.ToBase64String(packed.ToArray()), ["scm"] = "local", ["force"] = true });
        await Post(admin, "rest/playbook_run", new JsonObject { ["container_id"] = container, ["playbook_id"] = "local/block_address", ["scope"] = "all", ["run"] = true });
    }

    private static async Task Post(HttpClient admin, string path, JsonObject body)
    {
        using var response = await admin.PostAsJsonAsync(path, body);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}
