using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Trial.Cases;
using Vedette.Trial.Recording;

namespace Vedette.Commands;

/// <summary><c>vedette playbook test PLAYBOOK --record RUN</c>: a live run becomes a case.</summary>
internal static class PlaybookRecording
{
    public static async Task Write(RemoteServer server, IReadOnlyList<string> paths, long run, CancellationToken ct)
    {
        var playbook = PlaybookPaths.Find(paths) is [var only] ? only : throw new CommandException("A run is recorded for one playbook: name its file.");
        var id = run.ToString(CultureInfo.InvariantCulture);
        var record = (JsonObject)JsonNode.Parse((await server.Get($"/rest/playbook_run/{id}/record", ct)).GetRawText())!;
        var recorded = new RecordedCase(record);
        if (recorded.Playbook != playbook.Name)
        {
            throw new CommandException($"Run {id} is one of {recorded.Playbook}, not of {playbook.Name}: name the file of that playbook.");
        }

        var remarks = new List<string>();
        if (recorded.NotCarried is { Count: > 0 } calls)
        {
            remarks.Add($"The run also asked what no case holds; a trial answers from its own platform: {string.Join(", ", calls.Select(call => call.Times == 1 ? call.Call : $"{call.Call} ({call.Times} times)"))}.");
        }

        CaseFile.Add(playbook.TestPath, recorded.Make(), remarks);
        foreach (var remark in recorded.Sha256 == playbook.Sha256 ? remarks : [.. remarks, $"The run had another version of {playbook.Name} than {playbook.Path}: the case holds what that one did."])
        {
            await Console.Error.WriteLineAsync(remark);
        }

        Console.WriteLine($"Run {id} is now a case in {playbook.TestPath}. Look it over before you share it: it holds what the event held. Then: vedette playbook test {playbook.TestPath}");
    }
}
