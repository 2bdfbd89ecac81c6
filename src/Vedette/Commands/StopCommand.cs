using System.CommandLine;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Server.Hosting;
using Vedette.Settings;
using Vedette.Storage;

namespace Vedette.Commands;

/// <summary><c>vedette stop</c> and <c>vedette resume</c>: the stop switch.</summary>
internal static class StopCommand
{
    public static Command MakeStop() => Make(
        "stop",
        $"""
        Stops all automation: once this has answered, no action leaves for any other system, also after a restart. Alerts are taken in
        all the same, and what is under way finishes into the record.
        {RemoteOptions.Help}
        Where no server runs with the data folder, the switch is set in the store itself, so that the next start finds it on.

        With --label, --playbook or --asset only that part stops, on a running server.

        Example: vedette stop --reason "wrong block list" --user admin
        """,
        stopped: true);

    public static Command MakeResume() => Make(
        "resume",
        $"""
        Lifts the stop switch: what waited leaves now.
        {RemoteOptions.HelpInPerson}
        Where no server runs with the data folder, the switch is lifted in the store itself.
        What was stopped by --label, --playbook or --asset is lifted by the same.

        Example: vedette resume --reason "list corrected"
        """,
        stopped: false);

    private static Command Make(string name, string description, bool stopped)
    {
        var reason = new Option<string>("--reason") { Description = "Why, for the record", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var parts = new[] { "label", "playbook", "asset" }.Select(part => new Option<string?>($"--{part}") { Description = $"Only this {part}", HelpName = "NAME" }).ToList();
        var command = new ToldCommand(name, description) { reason };
        parts.ForEach(command.Options.Add);
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var why = parsed.GetValue(reason)!;
            var body = new JsonObject { ["stopped"] = stopped, ["reason"] = why };
            foreach (var part in parts.Where(part => parsed.GetValue(part) is not null))
            {
                body[part.Name[2..]] = parsed.GetValue(part);
            }

            var named = body.Skip(2).Select(part => $"{part.Key} {part.Value}").FirstOrDefault();
            if (named is null && remote.Folder(parsed) is { } folder && !StorePlace.IsInUse(folder) && StoreOfFolder.Place(folder) is var place && place.Look().Exists)
            {
                await OfflineStore.Stop(new ServerOptions { DataFolder = folder, Store = place.Database }, stopped, why, $"vedette {name} by {Environment.UserName} on the data folder", ct);
                Console.WriteLine(stopped ? $"Stopped in {folder}: the next server starts with the switch on." : $"Lifted in {folder}: the next server starts with the switch off.");
                return 0;
            }

            using var server = remote.Open(parsed, inPerson: !stopped);
            await server.Post("/rest/stop_switch", body, ct);
            Console.WriteLine(named is not null ? (stopped ? $"Stopped: no action of {named} leaves {server.Url}." : $"Resumed: actions of {named} leave {server.Url} again.") : stopped ? $"Stopped: no action leaves {server.Url}. To go on: vedette resume" : $"Resumed: actions leave {server.Url} again.");
            return 0;
        });
        return command;
    }
}
