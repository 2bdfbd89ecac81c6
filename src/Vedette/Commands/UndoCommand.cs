using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Remote;
using Vedette.Terminal;

namespace Vedette.Commands;

/// <summary><c>vedette undo</c>: takes back what a run did on other systems.</summary>
internal static class UndoCommand
{
    public static Command Make()
    {
        var run = new Argument<long>("RUN") { Description = "Number of the run" };
        var yes = new Option<bool>("--yes") { Description = "Carry it out without asking" };
        var plan = new Option<bool>("--plan") { Description = "Only show what would be undone" };
        var command = new ToldCommand("undo", $"""
            Takes back what a run and those it started did on other systems, newest first.
            {RemoteOptions.Help}
            Shows the plan and asks; what cannot be undone is said. Each step is an action to which the policy applies: where people have to
            approve it, this waits for them. A step that fails ends it; asked again, it goes on with what is left.

            Example: vedette undo 46 --user alice
            """) { run, yes, plan };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var path = $"/rest/playbook_run/{parsed.GetValue(run).ToString(CultureInfo.InvariantCulture)}/undo";
            using var server = remote.Open(parsed);
            var steps = (await server.Get(path, ct)).GetProperty("data").EnumerateArray().ToList();
            foreach (var step in steps)
            {
                Console.WriteLine(SafeText.Of(Line(step)));
            }

            var open = steps.Where(step => Text(step, "state") == "open").ToList();
            if (open.Count == 0)
            {
                Console.WriteLine("There is nothing to undo.");
                return 0;
            }

            if (parsed.GetValue(plan))
            {
                return 0;
            }

            if (!parsed.GetValue(yes))
            {
                Console.Write($"Undo {open.Count} of {steps.Count}? [y/N] ");
                if (Console.ReadLine() is not ("y" or "Y" or "yes"))
                {
                    Console.WriteLine("Nothing was undone.");
                    return 1;
                }
            }

            foreach (var step in open)
            {
                if (!await Undone(server, path, step, ct))
                {
                    return 1;
                }
            }

            return 0;
        });
        return command;
    }

    private static async Task<bool> Undone(RemoteServer server, string path, JsonElement step, CancellationToken ct)
    {
        var asked = await server.Post(path, new JsonObject { ["result"] = step.GetProperty("result").GetInt64() }, ct);
        Console.WriteLine($"{Text(step, "action")} on {SafeText.Of(Text(step, "asset"))}: {Text(asked, "message")}");
        while (true)
        {
            var action = await server.Get($"/rest/action_run/{asked.GetProperty("action_run_id").GetInt64().ToString(CultureInfo.InvariantCulture)}", ct);
            if (Text(action, "status") is not ("pending" or "running"))
            {
                Console.WriteLine(SafeText.Of($"  {Text(action, "status")}: {Text(action, "message")}"));
                return Text(action, "status") == "success";
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), ct);
        }
    }

    private static string Line(JsonElement step)
    {
        var what = $"{Text(step, "time")}  {Text(step, "action")} on {Text(step, "asset")}";
        return Text(step, "state") == "open"
            ? $"{what}: undone by \"{step.GetProperty("back").GetProperty("action").GetString()}\" {step.GetProperty("back").GetProperty("parameters").GetRawText()} {Text(step, "says")}"
            : $"{what}: not undone, {Text(step, "says")}";
    }

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString() ?? "";
}
