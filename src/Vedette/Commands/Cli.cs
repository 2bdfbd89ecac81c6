using System.CommandLine;
using Vedette.Server.Hosting;

namespace Vedette.Commands;

/// <summary>The commands of the program.</summary>
internal static class Cli
{
    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("Vedette: alerts in, investigated tickets out. Start with: vedette demo")
        {
            DemoCommand.Make(),
            ServeCommand.Make(),
            LabCommand.Make(),
        };
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (SetupException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
