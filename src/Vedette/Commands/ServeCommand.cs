using System.CommandLine;
using Vedette.Server.Hosting;
using Vedette.Settings;

namespace Vedette.Commands;

/// <summary><c>vedette serve</c>: the server for real use.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var command = new ToldCommand("serve", $"""
            Runs the server, until Ctrl C or SIGTERM. At the first start it makes the data folder, its key, a certificate and the user admin.
            Each option can stand in the environment (VEDETTE_URLS …) or in a file as well; see docs/settings.md. {Secrets.AdminPassword}
            and {Secrets.AutomationToken} set the first credentials; without, a password is made up, told once, and must be changed.

            Example: vedette serve --data /var/lib/vedette --urls https://10.0.0.7:8443 --certificate tls.crt --certificate-key tls.key
            """);
        var settings = SettingsOptions.AddTo(command);
        command.SetAction(async (parsed, ct) =>
        {
            var options = settings.Read(parsed).Options;
            await using var server = await VedetteServer.Start(options, ct);
            await Greet(server, options);
            await server.WaitForShutdown(ct);
            return 0;
        });
        return command;
    }

    private static async Task Greet(VedetteServer server, ServerOptions options)
    {
        Console.WriteLine($"Vedette listens on {server.Url.GetLeftPart(UriPartial.Authority)}");
        Console.WriteLine(server.SandboxSentence);
        if (server.StopSentence is { } stopped)
        {
            Console.WriteLine(stopped);
        }

        if (options.Lab is not null)
        {
            Console.WriteLine("For trials: the assets point at a lab, nothing real is asked or changed.");
        }

        if (server.Fingerprint is { } fingerprint)
        {
            Console.WriteLine($"Self-made certificate, SHA-256 {fingerprint}");
        }

        if (server.MadeUpPassword is { } password)
        {
            await FirstPassword.Tell(password, options.DataFolder);
        }
    }
}
