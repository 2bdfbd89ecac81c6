using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Remote;

namespace Vedette.Commands;

/// <summary><c>vedette playbook</c>: taking playbooks in, and listing them.</summary>
internal static class PlaybookCommand
{
    public static Command Make() => new ToldCommand("playbook", """
        The playbooks of a running server.

        Example: vedette playbook list
        """) { Import(), List(), PlaybookTestCommand.Make(), PlaybookCheckCommand.Make() };

    private static Command Import()
    {
        var path = new Argument<string>("PATH") { Description = "A playbook FILE.py with its FILE.json beside it, or a folder of them" };
        var repository = new Option<string>("--repository") { Description = "Where to keep it", HelpName = "NAME", DefaultValueFactory = _ => "local" };
        var label = new Option<string[]>("--label") { Description = "Start it for events of this label, instead of those its .json names", HelpName = "LABEL" };
        var activate = new Option<bool>("--activate") { Description = "Start it by itself from now on, for each event with one of its labels" };
        var message = new Option<string>("--message") { Description = "What the commit says", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var force = new Option<bool>("--force") { Description = "Replace one of the same name; runs that have started keep what they started with" };
        var command = new ToldCommand("import", $"""
            Takes a playbook, or each of a folder, into a running server. One that does not compile is kept, with the line, and cannot run. It becomes a commit of its repository.
            {RemoteOptions.Help}

            Example: vedette playbook import playbooks/triage.py --activate --label events --user alice
            """) { path, repository, label, activate, force, message };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var files = PlaybookArchive.Files(parsed.GetValue(path)!);
            using var server = remote.Open(parsed);
            var failed = 0;
            foreach (var file in files)
            {
                failed += await Import(server, file, parsed.GetValue(repository)!, parsed.GetValue(label) ?? [], parsed.GetValue(activate), parsed.GetValue(force), parsed.GetValue(message)!, ct) ? 0 : 1;
            }

            return failed == 0 ? 0 : 1;
        });
        return command;
    }

    private static async Task<bool> Import(RemoteServer server, string file, string repository, IReadOnlyList<string> labels, bool activate, bool force, string message, CancellationToken ct)
    {
        var packed = await PlaybookArchive.Pack(file, labels, ct);
        var made = await server.Post("/rest/import_playbook", new JsonObject { ["playbook"] = packed, ["scm"] = repository, ["force"] = force, ["message"] = message }, ct);
        var id = made.GetProperty("id").GetInt64();
        var playbook = await server.Get($"/rest/playbook/{id.ToString(CultureInfo.InvariantCulture)}", ct);
        var name = $"{repository}/{playbook.GetProperty("name").GetString()}";
        if (!playbook.GetProperty("passed_validation").GetBoolean())
        {
            await Console.Error.WriteLineAsync($"{name} was taken in and cannot run: {playbook.GetProperty("validation_message").GetString()}");
            return false;
        }

        if (activate)
        {
            await server.Post($"/rest/playbook/{id.ToString(CultureInfo.InvariantCulture)}", new JsonObject { ["active"] = true }, ct);
        }

        Console.WriteLine($"{name} was taken in{(activate ? $" and starts for events with the labels {Words(playbook, "labels")}" : "")}.");
        return true;
    }

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "The records as JSON, for machines" };
        var command = new ToldCommand("list", $"""
            Lists the playbooks of a running server.
            {RemoteOptions.Help}

            Example: vedette playbook list --url https://vedette.example:8443
            """) { json };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            var playbooks = (await server.Get("/rest/playbook?page_size=0", ct)).GetProperty("data");
            if (parsed.GetValue(json))
            {
                Console.WriteLine(playbooks.GetRawText());
                return 0;
            }

            foreach (var playbook in playbooks.EnumerateArray())
            {
                var state = !playbook.GetProperty("passed_validation").GetBoolean() ? "broken" : playbook.GetProperty("active").GetBoolean() ? "active" : "off";
                Console.WriteLine($"{playbook.GetProperty("id").GetInt64(),4}  {state,-6}  {playbook.GetProperty("repository").GetString()}/{playbook.GetProperty("name").GetString()}  [{Words(playbook, "labels")}]");
            }

            return 0;
        });
        return command;
    }

    private static string Words(JsonElement record, string name) => string.Join(", ", record.GetProperty(name).EnumerateArray().Select(word => word.GetString()));
}
