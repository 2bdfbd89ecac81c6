using System.CommandLine;
using Vedette.Server.Hosting;

namespace Vedette.Commands;

/// <summary><c>vedette serve</c>: the server for real use.</summary>
internal static class ServeCommand
{
    public static Command Make()
    {
        var data = new Option<string>("--data") { Description = "The data folder, made with mode 0700", DefaultValueFactory = _ => DefaultDataFolder() };
        var urls = new Option<string>("--urls") { Description = "Addresses to listen on, separated by semicolons; plain http on loopback only", DefaultValueFactory = _ => "https://127.0.0.1:8443" };
        var proxy = new Option<string[]>("--proxy") { Description = "Address of a proxy that ends TLS in front of this server", AllowMultipleArgumentsPerToken = true };
        var certificate = new Option<string?>("--certificate") { Description = "Certificate as a PEM file; read again when it changes" };
        var key = new Option<string?>("--certificate-key") { Description = "Key of the certificate as a PEM file" };
        var python = new Option<string>("--python") { Description = "The interpreter for playbooks, 3.9 or newer", DefaultValueFactory = _ => "/usr/bin/python3" };
        var lab = new Option<Uri?>("--lab")
        {
            Description = "Address of a lab (vedette lab) to point the assets at, for trials and load tests",
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address))
                {
                    return address;
                }

                result.AddError($"\"{result.Tokens[0].Value}\" is not an address. Write it as http://127.0.0.1:PORT.");
                return null;
            },
        };
        var log = new Option<string>("--log-level") { Description = "Trace, Debug, Information, Warning, Error", DefaultValueFactory = _ => "Information" };
        var command = new Command("serve", "Runs the server. First credentials: VEDETTE_ADMIN_PASSWORD and VEDETTE_AUTOMATION_TOKEN, else made up") { data, urls, proxy, certificate, key, python, lab, log };
        command.SetAction(async (parsed, ct) =>
        {
            var options = new ServerOptions
            {
                DataFolder = Path.GetFullPath(parsed.GetValue(data)!),
                Urls = parsed.GetValue(urls)!,
                Proxies = parsed.GetValue(proxy) ?? [],
                CertificateFile = parsed.GetValue(certificate),
                CertificateKeyFile = parsed.GetValue(key),
                Python = parsed.GetValue(python)!,
                Lab = parsed.GetValue(lab),
                LogLevel = parsed.GetValue(log)!,
                AdminPassword = Environment.GetEnvironmentVariable("VEDETTE_ADMIN_PASSWORD"),
                AutomationToken = Environment.GetEnvironmentVariable("VEDETTE_AUTOMATION_TOKEN"),
            };
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
        if (server.Fingerprint is { } fingerprint && server.Url.Scheme == "https")
        {
            Console.WriteLine($"Self-made certificate, SHA-256 {fingerprint}");
        }

        if (server.MadeUpPassword is { } password)
        {
            await FirstPassword.Tell(password, options.DataFolder);
        }
    }

    private static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "vedette");
}
