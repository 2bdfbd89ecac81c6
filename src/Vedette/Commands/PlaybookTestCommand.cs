using System.CommandLine;
using Vedette.Remote;
using Vedette.Trial;
using Vedette.Trial.Cases;
using Vedette.Trial.Platform;
using Vedette.Trial.Reports;
using Vedette.Workers;

namespace Vedette.Commands;

/// <summary><c>vedette playbook test</c>: playbooks on a platform in memory, where no action leaves.</summary>
internal static class PlaybookTestCommand
{
    public static Command Make()
    {
        var paths = new Argument<string[]>("PATH") { Description = "A playbook FILE.py, a FILE.tests.yaml, or a folder of them", Arity = ArgumentArity.OneOrMore };
        var container = new Option<string?>("--event") { Description = "Try with this event (YAML or JSON, with artifacts in it)", HelpName = "FILE" };
        var answers = new Option<string?>("--answers") { Description = "Answer actions from this file first", HelpName = "FILE" };
        var coverage = new Option<bool>("--coverage") { Description = "Also name every block, branch and line that was never reached" };
        var json = new Option<string?>("--json") { Description = "Write the report as JSON", HelpName = "FILE" };
        var junit = new Option<string?>("--junit") { Description = "Write the report as JUnit XML, for CI systems", HelpName = "FILE" };
        var watch = new Option<bool>("--watch") { Description = "Try again whenever a file changes, until Ctrl+C" };
        var python = new Option<string>("--python") { Description = "The interpreter, by absolute path", HelpName = "FILE", DefaultValueFactory = _ => new WorkerOptions().Python };
        var record = new Option<long?>("--record") { Description = "Instead of trying, write the case that this run of the server was into NAME.tests.yaml", HelpName = "RUN" };
        var command = new ToldCommand("test", $"""
            Tries playbooks on a platform in memory, with the real engine and real workers; no action leaves.

            Each action is answered from NAME.tests.yaml beside the playbook, else from what its app's manifest and the playbook's own
            datapaths say of its shape. Delays and time limits pass at once. Exit 0 only if every case passed.

            With --record a case is made of a run that has ended: what came in, what was answered, and what it did, to be expected of the
            next. {RemoteOptions.Help}

            Example: vedette playbook test playbooks/ --coverage --json report.json
            """) { paths, container, answers, coverage, json, junit, watch, python, record };
        var remote = RemoteOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            try
            {
                if (parsed.GetValue(record) is { } run)
                {
                    using var server = remote.Open(parsed);
                    await PlaybookRecording.Write(server, parsed.GetValue(paths)!, run, ct);
                    return 0;
                }

                await using var house = await TrialHouse.Open(new WorkerOptions { Python = parsed.GetValue(python)! }, ct);
                while (true)
                {
                    var looked = PlaybookWatch.From(parsed.GetValue(paths)!);
                    var files = PlaybookPaths.Find(parsed.GetValue(paths)!);
                    var trial = new PlaybookTrial(house)
                    {
                        Event = parsed.GetValue(container) is { } from ? TestFile.ReadEvent(from) : null,
                        Answers = parsed.GetValue(answers) is { } given ? TestFile.ReadAnswers(given) : new Dictionary<string, IReadOnlyList<GivenAnswer>>(),
                    };
                    var report = await trial.Run(files, ct);
                    Console.Write(TextReport.Write(report, parsed.GetValue(coverage)));
                    await Write(parsed.GetValue(json), () => JsonReport.Write(report), ct);
                    await Write(parsed.GetValue(junit), () => JUnitReport.Write(report), ct);
                    if (!parsed.GetValue(watch))
                    {
                        return report.Passed ? 0 : 1;
                    }

                    Console.WriteLine("Waiting until a file changes. Ctrl+C ends it.");
                    await looked.Changed(ct);
                }
            }
            catch (TrialFileException exception)
            {
                throw new CommandException(exception.Message);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return 1;
            }
        });
        return command;
    }

    private static async Task Write(string? file, Func<string> text, CancellationToken ct)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            await File.WriteAllTextAsync(file, text(), ct);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"The report cannot be written to {file}: {exception.Message}");
        }
    }
}
