using System.CommandLine;
using Vedette.Lab;

namespace Vedette.Commands;

/// <summary><c>vedette lab</c>: the stand-ins alone, for trials and load tests.</summary>
internal static class LabCommand
{
    public static Command Make()
    {
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 for a free one", DefaultValueFactory = _ => 0 };
        var command = new Command("lab", "Runs a small security operations centre of stand-ins on loopback") { port };
        command.SetAction(async (parsed, ct) =>
        {
            await using var lab = await Lab.Lab.Start(new LabOptions { Port = parsed.GetValue(port), RememberedRequests = 0 }, ct);
            Console.WriteLine($"The lab listens on {lab.Url}; see /_lab/systems, /_lab/tickets, /_lab/calls");
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
