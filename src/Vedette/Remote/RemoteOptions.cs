using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Vedette.Server.Hosting;
using Vedette.Settings;
using Vedette.Storage;

namespace Vedette.Remote;

/// <summary>How a command finds the server that runs, and as whom it speaks to it.</summary>
internal sealed class RemoteOptions
{
    public const string Help = "Speaks to the running server with the token in VEDETTE_AUTOMATION_TOKEN, or as a person whose password is asked for (--user).";
    public const string HelpInPerson = "Speaks to the running server as a person, whose password is asked for; no token may do this.";

    private readonly Option<string?> _data = new("--data") { Description = "Data folder of the server on this machine [default: VEDETTE_DATA, else the folder serve takes]", HelpName = "DIR" };
    private readonly Option<string?> _url = new("--url") { Description = "Address of the server, instead of a data folder", HelpName = "URL" };
    private readonly Option<string?> _fingerprint = new("--fingerprint") { Description = "SHA-256 of the server's self-made certificate, as it printed at its start; with --data it is known", HelpName = "SHA256" };
    private readonly Option<string?> _user = new("--user") { Description = "Sign in as this person; the password is asked for, or read from standard input [default: the token, else admin]", HelpName = "NAME" };

    public static RemoteOptions AddTo(Command command)
    {
        var options = new RemoteOptions();
        command.Options.Add(options._data);
        command.Options.Add(options._url);
        command.Options.Add(options._fingerprint);
        command.Options.Add(options._user);
        return options;
    }

    /// <summary>The data folder that is meant, or null where an address was named.</summary>
    public string? Folder(ParseResult parsed) => parsed.GetValue(_url) is not null ? null
        : Path.GetFullPath(parsed.GetValue(_data) ?? Environment.GetEnvironmentVariable("VEDETTE_DATA") ?? AllSettings.DefaultDataFolder);

    /// <param name="inPerson">No token will do.</param>
    public RemoteServer Open(ParseResult parsed, bool inPerson = false)
    {
        var (url, fingerprint) = Where(parsed);
        if (url.Scheme == "http" && !url.IsLoopback)
        {
            throw new CommandException($"{url} would be sent passwords and tokens in the clear. Use its https address.");
        }

        var token = inPerson || parsed.GetValue(_user) is not null ? null : Environment.GetEnvironmentVariable(Secrets.AutomationToken);
        return token is not null
            ? RemoteServer.ByToken(url, fingerprint, token)
            : Person(parsed, url, fingerprint);
    }

    private RemoteServer Person(ParseResult parsed, Uri url, string? fingerprint)
    {
        var user = parsed.GetValue(_user) ?? "admin";
        return RemoteServer.ByPassword(url, fingerprint, user, PasswordPrompt.Ask($"Password of {user}: "));
    }

    private (Uri Url, string? Fingerprint) Where(ParseResult parsed)
    {
        var fingerprint = parsed.GetValue(_fingerprint)?.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        if (parsed.GetValue(_url) is { } named)
        {
            return Uri.TryCreate(named, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                ? (new Uri(named), fingerprint)
                : throw new CommandException($"\"{named}\" is not the address of a server. Write it as https://vedette.example:8443.");
        }

        var folder = Folder(parsed)!;
        if (!StorePlace.IsInUse(folder) || RunningServer.Of(folder) is not { } running)
        {
            throw new CommandException($"No server runs with the data folder {folder}. Name its folder with --data or its address with --url.");
        }

        return (running.Url, fingerprint ?? OwnFingerprint(folder));
    }

    private static string? OwnFingerprint(string folder)
    {
        var file = Path.Combine(folder, "tls.crt");
        if (!File.Exists(file))
        {
            return null;
        }

        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return Convert.ToHexString(SHA256.HashData(certificate.RawData));
    }
}
