using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Vedette.Bench;

/// <summary>What runs cost a server beside their actions: playbooks that ask no other system for anything, one run at a time unless said otherwise.</summary>
internal sealed class RunBench : IDisposable
{
    /// <summary>Custom functions that one run asks for: a turn each, and a turn for each callback.</summary>
    public const int Functions = 200;

    /// <summary>Calls that one turn makes.</summary>
    public const int Calls = 4000;

    private const string End = "\n\ndef on_finish(container, summary):\n    return\n";

    private readonly HttpClient _http;

    private RunBench(Target target, string password)
    {
        _http = new HttpClient { BaseAddress = target.Client.BaseAddress };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}")));
    }

    /// <summary>With the playbooks it needs taken in.</summary>
    public static async Task<RunBench> On(Target target)
    {
        var bench = new RunBench(target, target.Password);
        await bench.Import("nothing", "import phantom.rules as phantom\n\ndef on_start(container):\n    return" + End, """{"python_version": "3"}""");
        await bench.Import("same", "def same(number=None, **kwargs):\n    return {'number': number}\n", """{"custom_function_id": "1", "python_version": "3", "outputs_type": "item"}""");
        await bench.Import("turns", $$"""
            import phantom.rules as phantom

            def on_start(container):
                for number in range({{Functions}}):
                    phantom.custom_function(custom_function="local/same", parameters=[{"number": number}], name="same_%d" % number, callback=came)

            def came(action=None, success=None, container=None, results=None, handle=None, **kwargs):
                return
            """ + End, """{"python_version": "3"}""");
        await bench.Import("calls", $$"""
            import phantom.rules as phantom

            def on_start(container):
                for number in range({{Calls}}):
                    phantom.collect2(container=container, datapath=["artifact:*.cef.destinationAddress"], scope="all")
            """ + End, """{"python_version": "3"}""");
        return bench;
    }

    /// <summary>From asking for a run to seeing it ended, each on an event of its own.</summary>
    /// <param name="abreast">How many at a time.</param>
    public async Task<(Samples Each, double Seconds)> Run(string playbook, int runs, int abreast = 1)
    {
        var events = new List<long>();
        for (var i = 0; i < runs; i++)
        {
            var made = await Post("/rest/container", new JsonObject
            {
                ["name"] = "bench", ["label"] = "events", ["run_automation"] = false,
                ["artifacts"] = new JsonArray(new JsonObject { ["cef"] = new JsonObject { ["destinationAddress"] = "198.51.100.77" }, ["run_automation"] = false }),
            });
            events.Add(made.GetProperty("id").GetInt64());
        }

        var each = new Samples();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(events, new ParallelOptions { MaxDegreeOfParallelism = abreast }, async (container, _) =>
        {
            var one = Stopwatch.StartNew();
            await ToTheEnd(playbook, container);
            lock (each)
            {
                each.Add(one.Elapsed);
            }
        });
        return (each, watch.Elapsed.TotalSeconds);
    }

    public void Dispose() => _http.Dispose();

    private async Task ToTheEnd(string playbook, long container)
    {
        var run = (await Post("/rest/playbook_run", new JsonObject { ["container_id"] = container, ["playbook_id"] = $"local/{playbook}", ["scope"] = "all" })).GetProperty("playbook_run_id").GetString();
        while (true)
        {
            var row = await _http.GetFromJsonAsync<JsonElement>($"/rest/playbook_run/{run}");
            switch (row.GetProperty("status").GetString())
            {
                case "pending" or "running":
                    await Task.Delay(1);
                    break;
                case "success":
                    return;
                default:
                    throw new InvalidOperationException($"The run of {playbook} did not end well: {row.GetProperty("message").GetString()}");
            }
        }
    }

    private async Task Import(string name, string source, string metadata)
    {
        using var packed = new MemoryStream();
        await using (var zipped = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(zipped))
        {
            foreach (var (file, text) in new[] { ($"{name}.py", source), ($"{name}.json", metadata) })
            {
                using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, file) { DataStream = content });
            }
        }

        await Post("/rest/import_playbook", new JsonObject { ["playbook"] = Convert.ToBase64String(packed.ToArray()), ["scm"] = "local", ["force"] = true });
    }

    private async Task<JsonElement> Post(string path, JsonObject body)
    {
        using var content = JsonContent.Create(body);
        using var answer = await _http.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(text) : throw new InvalidOperationException($"{path} was refused: {text}");
    }
}
