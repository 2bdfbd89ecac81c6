using System.Net;
using Vedette.Model;

namespace Vedette.Engine.Repositories;

/// <summary>Where the other side of a repository is. Made by <see cref="Parse"/> alone, so what a command line would take for an option is in none.</summary>
public sealed record RepositoryAddress
{
    private const int Longest = 500;

    private RepositoryAddress(string scheme, string host, int port, string user, string path) => (Scheme, Host, Port, User, Path) = (scheme, host, port, user, path);

    /// <summary><c>https</c>, <c>ssh</c>, <c>file</c>, or <c>http</c> on this machine.</summary>
    public string Scheme { get; }

    /// <summary>Empty for a folder.</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>For ssh: whom to come as.</summary>
    public string User { get; }

    /// <summary>With its slash; escaped as it was given, but for a folder.</summary>
    public string Path { get; }

    public bool IsFolder => Scheme == "file";

    /// <summary>As it is shown and given to Git. It carries no secret.</summary>
    public override string ToString() => IsFolder ? $"file://{Path}" : $"{Scheme}://{(User.Length > 0 ? $"{User}@" : "")}{Host}{(Port == Usual(Scheme) ? "" : $":{Port}")}{Path}";

    public static Outcome<RepositoryAddress> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.Trim();
        if (text.Length is 0 or > Longest || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '\\' or '"' or '\'' or '?' or '#'))
        {
            return No($"An address is of 1 to {Longest} characters, without blanks, quotes, backslashes, \"?\" and \"#\".");
        }

        if (text[0] == '/')
        {
            return Folder(text);
        }

        // git@host:path, as people copy it.
        if (!text.Contains("://", StringComparison.Ordinal) && text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < colon)
        {
            text = $"ssh://{text[..colon]}/{text[(colon + 1)..].TrimStart('/')}";
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "ssh" or "http" or "file"))
        {
            return No("An address begins with https://, ssh:// or file://, or is a folder.");
        }

        if (uri.Scheme == "file")
        {
            return uri.Host.Length > 0 ? No("A folder is on this machine: file:///the/folder.") : Folder(Uri.UnescapeDataString(uri.AbsolutePath));
        }

        var user = uri.UserInfo;
        if (uri.Host.Length == 0 || uri.Host[0] == '-' || user.StartsWith('-') || uri.AbsolutePath.StartsWith("/-", StringComparison.Ordinal) || uri.AbsolutePath.Length < 2)
        {
            return No("A host, a user and a path are named, and none of them begins with \"-\".");
        }

        if (uri.Scheme == "ssh" ? user.Contains(':', StringComparison.Ordinal) || !user.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') : user.Length > 0)
        {
            return No("Credentials do not belong into the address; give username and password, which are kept encrypted.");
        }

        if (uri.Scheme == "http" && !(uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var literal) && IPAddress.IsLoopback(literal))))
        {
            return No("Plain http would show credentials and let anybody change playbooks on their way; use https.");
        }

        return new RepositoryAddress(uri.Scheme, uri.IdnHost.Contains(':', StringComparison.Ordinal) ? $"[{uri.IdnHost.Trim('[', ']')}]" : uri.IdnHost, uri.Port > 0 ? uri.Port : Usual(uri.Scheme), user, uri.AbsolutePath);
    }

    private static Outcome<RepositoryAddress> Folder(string path) =>
        path.Split('/').Any(part => part is ".." or "." || part.StartsWith('-')) || path.Any(char.IsControl)
            ? No("The path of a folder has no \"..\" and no part that begins with \"-\".")
            : new RepositoryAddress("file", "", 0, "", path.Length > 1 ? path.TrimEnd('/') : path);

    private static int Usual(string scheme) => scheme switch
    {
        "https" => 443,
        "http" => 80,
        _ => 22,
    };

    private static Refusal No(string why) => new(RefusalKind.Invalid, "bad_address", $"The address of the repository cannot be used. {why}");
}
