using System.CommandLine;
using Vedette.Lab;

namespace Vedette.Commands;

/// <summary><c>vedette lab</c>: the stand-ins alone, for trials and load tests.</summary>
internal static class LabCommand
{
    public static Command Make()
    {
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 for a free one", HelpName = "PORT", DefaultValueFactory = _ => 0 };
        var command = new ToldCommand("lab", """
            Runs a small security operations centre to try things on: stand-ins for Splunk, a directory, WHOIS, Shodan and ServiceNow, which speak
            the real protocols. It listens on loopback only, and its credentials are known to everybody.

            Example: vedette lab --port 9000, then vedette serve --data /tmp/trial --lab http://127.0.0.1:9000
            """) { port };
        command.SetAction(async (parsed, ct) =>
        {
            await using var lab = await Lab.Lab.Start(new LabOptions { Port = parsed.GetValue(port), RememberedRequests = 0 }, ct);
            Console.WriteLine($"The lab listens on {lab.Url} (loopback only, for trials, nothing real); see /_lab/systems, /_lab/tickets, /_lab/calls");
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            }
            catch (OperationCanceledException)
            {
                Console.WriteLine("The lab ends.");
            }

            return 0;
        });
        return command;
    }
}
