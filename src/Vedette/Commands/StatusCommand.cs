using System.CommandLine;
using System.Globalization;
using System.Text.Json;
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
            var health = await server.Get("/rest/health", ct);
            var (stopped, reason) = (stop.GetProperty("stopped").GetBoolean(), stop.GetProperty("reason").GetString());
            if (parsed.GetValue(json))
            {
                var answer = new JsonObject { ["url"] = server.Url.ToString(), ["reason"] = reason };
                foreach (var field in health.EnumerateObject())
                {
                    answer[field.Name] = JsonNode.Parse(field.Value.GetRawText());
                }

                Console.WriteLine(answer.ToJsonString());
                return 0;
            }

            Console.WriteLine($"Server:   {server.Url}");
            Console.WriteLine(stopped ? $"Actions:  STOPPED ({(string.IsNullOrEmpty(reason) ? "no reason given" : reason)}). To go on: vedette resume" : "Actions:  leave as playbooks ask for them");
            Console.WriteLine($"Playbooks: {sandbox.GetProperty("message").GetString()}");
            Console.WriteLine($"Runs:     {Waiting(health, "runs_running", "running")}, {Waiting(health, "runs_pending", "waiting for their turn")}");
            Console.WriteLine($"Open:     {Number(health, "actions_open")} actions, {Number(health, "outcomes_in_doubt")} outcomes in doubt, {Number(health, "approvals_open")} questions to people");
            Console.WriteLine($"Backlog:  {Waiting(health, "outbox", "in the outbox")}, {Waiting(health, "indicators", "to make indicators of")}{Drain(health)}");
            Console.WriteLine($"Store:    {(health.GetProperty("store_reached").GetBoolean() ? "reached" : "NOT REACHED")}, {Number(health, "writer_queue")} units wait to be written, {Gigabytes(health)} GB free on the disk of the data folder");
            return 0;
        });
        return command;
    }

    /// <summary>When it is worked off as things go; nothing where nothing waits.</summary>
    private static string Drain(JsonElement health) => !Waits(health) ? ""
        : health.GetProperty("backlog_drains_in_seconds") is { ValueKind: JsonValueKind.Number } seconds ? string.Create(CultureInfo.InvariantCulture, $"; worked off in {seconds.GetDouble():0} s")
        : "; nothing moves";

    private static bool Waits(JsonElement health) => new[] { "outbox", "indicators", "runs_pending" }.Any(name => health.GetProperty(name).GetInt64() > 0);

    private static string Number(JsonElement health, string name) => health.GetProperty(name).GetInt64().ToString(CultureInfo.InvariantCulture);

    private static string Waiting(JsonElement health, string name, string words) => health.GetProperty($"{name}_oldest_seconds") is { ValueKind: JsonValueKind.Number } age
        ? string.Create(CultureInfo.InvariantCulture, $"{Number(health, name)} {words} (the oldest for {age.GetDouble():0} s)")
        : $"{Number(health, name)} {words}";

    private static string Gigabytes(JsonElement health) => (health.GetProperty("disk_free_bytes").GetInt64() / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
}
