using System.CommandLine;
using System.CommandLine.Invocation;
using Vedette.Remote;
using Vedette.Server.Hosting;

namespace Vedette.Commands;

/// <summary>The commands of the program.</summary>
internal static class Cli
{
    public static async Task<int> Run(string[] args)
    {
        var root = new RootCommand("""
            Vedette: alerts in, investigated tickets out.

            To see it work:     vedette demo
            For real use:       vedette serve --data /var/lib/vedette
            When it does not:   vedette doctor
            """)
        {
            DemoCommand.Make(),
            ServeCommand.Make(),
            DoctorCommand.Make(),
            StatusCommand.Make(),
            StopCommand.MakeStop(),
            StopCommand.MakeResume(),
            PolicyCommand.Make(),
            ApprovalsCommand.Make(),
            OutcomesCommand.Make(),
            UndoCommand.Make(),
            PlaybookCommand.Make(),
            RepositoryCommand.Make(),
            SandboxCommand.Make(),
            AuditCommand.Make(),
            BackupCommand.MakeBackup(),
            BackupCommand.MakeRestore(),
            MigrateCommand.Make(),
            PasswordCommand.Make(),
            SecondFactorCommand.Make(),
            SettingsCommand.Make(),
            LabCommand.Make(),
        };
        ToldCommand.TellAll(root);
        try
        {
            var parsed = root.Parse(args);
            if (parsed.Action is ParseErrorAction error)
            {
                // What is wrong in a line is not to be looked for above a page of help.
                error.ShowHelp = false;
            }

            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception exception) when (exception is SetupException or CommandException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (UnauthorizedAccessException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message} Run this as the user that Vedette runs as; to speak to a server, name its address with --url.");
            return 1;
        }
    }
}
