using System.CommandLine;
using System.Text.Json.Nodes;
using Vedette.Remote;

namespace Vedette.Commands;

/// <summary><c>vedette sandbox</c>: what keeps playbooks in, and the acceptance of a level that does not hold everything.</summary>
internal static class SandboxCommand
{
    public static Command Make() => new ToldCommand("sandbox", """
        The sandbox of playbooks: what was reached at the start, and whether an administrator accepted it as it is.

        Example: vedette sandbox show
        """) { Show(), Accept(), Withdraw() };

    private static Command Show()
    {
        var command = new ToldCommand("show", $"""
            Shows the level, each measure, and each try to get out.
            {RemoteOptions.Help}

            Example: vedette sandbox show --url https://vedette.example:8443
            """);
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed);
            var sandbox = await server.Get("/rest/sandbox", ct);
            Console.WriteLine(sandbox.GetProperty("message").GetString());
            foreach (var measure in sandbox.GetProperty("measures").EnumerateArray())
            {
                Console.WriteLine($"  {(measure.GetProperty("on").GetBoolean() ? "on " : "OFF")}  {measure.GetProperty("name").GetString(),-14} {measure.GetProperty("detail").GetString()}");
            }

            foreach (var probe in sandbox.GetProperty("probes").EnumerateArray())
            {
                Console.WriteLine($"  {(probe.GetProperty("denied").GetBoolean() ? "denied  " : "POSSIBLE")}  {probe.GetProperty("name").GetString()}");
            }

            return 0;
        });
        return command;
    }

    private static Command Accept()
    {
        var level = new Argument<string>("LEVEL") { Description = "The level as the server names it, such as open-no-landlock" };
        var command = new ToldCommand("accept", $"""
            Accepts by its name that playbooks run although the sandbox does not hold everything. It counts for this level only: should another
            measure fail, no playbook runs until that is accepted too. The acceptance is in the audit trail and is shown at every start.
            {RemoteOptions.HelpInPerson}

            Example: vedette sandbox accept open-no-landlock
            """) { level };
        return Write(command, parsed => parsed.GetValue(level), "Accepted. Playbooks run at the sandbox level ");
    }

    private static Command Withdraw() => Write(
        new ToldCommand("withdraw", $"""
            Takes the acceptance back: no playbook runs until the sandbox holds.
            {RemoteOptions.HelpInPerson}

            Example: vedette sandbox withdraw
            """),
        _ => null,
        "Taken back. Playbooks run only where the sandbox holds; its level is ");

    private static Command Write(Command command, Func<ParseResult, string?> level, string said)
    {
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            using var server = remote.Open(parsed, inPerson: true);
            await server.Post("/rest/sandbox", new JsonObject { ["accept"] = level(parsed) }, ct);
            Console.WriteLine($"{said}{(await server.Get("/rest/sandbox", ct)).GetProperty("level").GetString()}.");
            return 0;
        });
        return command;
    }
}
