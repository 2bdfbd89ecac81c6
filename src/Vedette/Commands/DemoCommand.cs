using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Vedette.Engine.Storage;
using Vedette.Lab;
using Vedette.Lab.Alerts;
using Vedette.Server.Hosting;
using Vedette.Terminal;
using Path = System.IO.Path;

namespace Vedette.Commands;

/// <summary><c>vedette demo</c>: a lab, a server, one alert, and the ticket that comes of it.</summary>
internal static class DemoCommand
{
    public static Command Make()
    {
        var exit = new Option<bool>("--exit") { Description = "End after the ticket, with one line of JSON as the last" };
        var python = new Option<string>("--python") { Description = "The interpreter for the playbook, 3.9 or newer", HelpName = "PATH", DefaultValueFactory = _ => "/usr/bin/python3" };
        var picture = new Option<string?>("--picture") { Description = "Write what was shown as an SVG as well", HelpName = "FILE" };
        var command = new ToldCommand("demo", """
            Shows the main job: an alert of the lab's Splunk is investigated by a playbook and becomes a ticket. Everything runs in this
            process, on loopback only, with stand-ins for the other systems and made-up credentials, and is gone afterwards.

            Example: vedette demo --exit
            """) { exit, python, picture };
        command.SetAction((parsed, ct) => Run(parsed.GetValue(exit), parsed.GetValue(python)!, parsed.GetValue(picture), ct));
        return command;
    }

    private static async Task<int> Run(bool exit, string python, string? picture, CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("vedette-demo-").FullName;
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
        try
        {
            await using var lab = await Lab.Lab.Start(new LabOptions(), ct);
            await using var server = await VedetteServer.Start(
                new ServerOptions { DataFolder = folder, Urls = "http://127.0.0.1:0", Lab = new Uri(lab.Url), AutomationToken = token, AdminPassword = password, Python = python, LogLevel = "Error" },
                ct);
            var clock = Stopwatch.StartNew();
            using var client = new HttpClient { BaseAddress = server.Url };
            var (container, _) = await new SplunkPusher(client, token, new SplunkAlerts("demo", TimeProvider.System)).Push(0, ct);
            var watch = new DemoWatch(server, new Uri(lab.Url + "/"), container);
            Console.WriteLine("A demo: loopback only, stand-ins for the other systems, nothing real is asked or changed.");
            var shown = await new RunScreen(Spectre.Console.AnsiConsole.Console, Console.Out).ShowAsync(watch.Events(ct), ct);
            clock.Stop();
            if (picture is not null)
            {
                await File.WriteAllTextAsync(picture, SvgPicture.Of(RunTree.Of(shown), "vedette demo"), ct);
            }

            Close(server, watch, clock, password, exit);
            if (!exit)
            {
                Console.WriteLine("Ctrl C ends the demo.");
                await server.WaitForShutdown(ct);
            }

            return watch.Ticket is null ? 1 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Close(VedetteServer server, DemoWatch watch, Stopwatch clock, string password, bool exit)
    {
        Console.WriteLine($"From the alert to the end of the run: {clock.Elapsed.TotalSeconds:0.00} s");
        Console.WriteLine($"The event: {server.Url}rest/container/{watch.Container}?pretty");
        if (!exit)
        {
            Console.WriteLine($"Try next:  curl -u admin:{password} '{server.Url}rest/note?_filter_container={watch.Container}&pretty'");
            return;
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            @event = watch.Container,
            playbook_run = watch.RunId,
            ticket = watch.Ticket,
            status = watch.Status,
            milliseconds = clock.ElapsedMilliseconds,
        }));
    }
}
