using System.CommandLine;
using Vedette.Remote;
using Vedette.Trial.Cases;
using Vedette.Trial.Checks;
using Vedette.Trial.Platform;
using Vedette.Workers;

namespace Vedette.Commands;

/// <summary><c>vedette playbook check</c>: what shows without running a playbook.</summary>
internal static class PlaybookCheckCommand
{
    public static Command Make()
    {
        var paths = new Argument<string[]>("PATH") { Description = "A playbook FILE.py, or a folder of them", Arity = ArgumentArity.OneOrMore };
        var python = new Option<string>("--python") { Description = "The interpreter, by absolute path", HelpName = "FILE", DefaultValueFactory = _ => new WorkerOptions().Python };
        var command = new ToldCommand("check", """
            Looks for mistakes in playbooks without running them.

            Found are: syntax, callbacks that do not exist, joins that can never fire, actions, parameters and datapaths that no manifest
            offers, code for Python 2 only, and changing actions whose failure nobody looks at. Exit 0 only if there is none.

            Example: vedette playbook check playbooks/
            """) { paths, python };
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                await using var house = await TrialHouse.Open(new WorkerOptions { Python = parsed.GetValue(python)! }, ct);
                var check = new StaticCheck(house);
                var (files, found) = (PlaybookPaths.Find(parsed.GetValue(paths)!), 0);
                foreach (var file in files)
                {
                    foreach (var finding in await check.Of(file, ct))
                    {
                        found++;
                        Console.WriteLine($"{file.Path}:{finding.Line}: {finding.Rule}: {finding.Message}{(finding.Block.Length > 0 ? $" (in {finding.Block})" : "")}");
                    }
                }

                Console.WriteLine($"{files.Count} playbook(s) checked, {found} finding(s)");
                return found == 0 ? 0 : 1;
            }
            catch (TrialFileException exception)
            {
                throw new CommandException(exception.Message);
            }
        });
        return command;
    }
}
