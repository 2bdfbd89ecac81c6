using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Vedette.Remote;

namespace Vedette.Commands;

/// <summary><c>vedette status</c>: how the running server is.</summary>
internal static class StatusCommand
{
    public static Command Make()
    {
        var json = new Option<bool>("--json") { Description = "One line of JSON, for machines" };
        var command = new ToldCommand("status", $"""
            Says of the running server whether actions leave, whether playbooks run, and what is open.
            {RemoteOptions.Help}

            Example: vedette status --url https://vedette.example:8443 --user alice
            """) { json };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            var stop = await server.Get("/rest/stop_switch", ct);
            var sandbox = await server.Get("/rest/sandbox", ct);
            var running = await Count("running");
            var waiting = await Count("pending");
            var (stopped, reason) = (stop.GetProperty("stopped").GetBoolean(), stop.GetProperty("reason").GetString());
            if (parsed.GetValue(json))
            {
                Console.WriteLine(new JsonObject
                {
                    ["url"] = server.Url.ToString(),
                    ["stopped"] = stopped,
                    ["reason"] = reason,
                    ["playbooks_run"] = sandbox.GetProperty("playbooks_run").GetBoolean(),
                    ["sandbox"] = sandbox.GetProperty("level").GetString(),
                    ["runs_running"] = running,
                    ["runs_pending"] = waiting,
                }.ToJsonString());
                return 0;
            }

            Console.WriteLine($"Server:   {server.Url}");
            Console.WriteLine(stopped ? $"Actions:  STOPPED ({(string.IsNullOrEmpty(reason) ? "no reason given" : reason)}). To go on: vedette resume" : "Actions:  leave as playbooks ask for them");
            Console.WriteLine($"Playbooks: {sandbox.GetProperty("message").GetString()}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Runs:     {running} running, {waiting} waiting for their turn"));
            return 0;

            async Task<long> Count(string status) => (await server.Get($"/rest/playbook_run?_filter_status=\"{status}\"&page_size=1", ct)).GetProperty("count").GetInt64();
        });
        return command;
    }
}
