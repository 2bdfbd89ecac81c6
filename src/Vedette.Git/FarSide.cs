using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vedette.Engine.Repositories;
using Vedette.Model;
using Vedette.WayOut;

namespace Vedette.Git;

/// <summary>
/// Asking another side: the address is resolved and judged here, and Git connects to that very address and no other. Credentials go to the host they were
/// entered for. What went wrong is told in a sentence.
/// </summary>
internal sealed class FarSide(GitOptions options)
{
    private readonly GitProcess _git = new(options);

    public async Task<Refusal?> Refuses(RepositoryAddress address, CancellationToken ct) =>
        address.IsFolder ? OutsideRoots(address.Path) : (await Judged(address, ct)).Refusal;

    public async Task<Outcome<Done>> Ask(string folder, Remote remote, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var address = remote.Address;
        var settings = new List<(string, string)>();
        var environment = new Dictionary<string, string> { ["GIT_ALLOW_PROTOCOL"] = address.Scheme };
        using var keys = new KeyFiles(options.Folder);
        if (address.IsFolder)
        {
            if (OutsideRoots(address.Path) is { } outside)
            {
                return outside;
            }
        }
        else
        {
            if (!(await Judged(address, ct)).Ok(out var at, out var refusal))
            {
                return refusal;
            }

            if (address.Scheme == "ssh")
            {
                if (remote.HostKey.Length == 0)
                {
                    return new Refusal(RefusalKind.Invalid, "no_host_key", $"The host key of {address.Host} is not known, so nobody could say who answers there. Give the line that ssh-keyscan {address.Host} shows, after comparing it with what its operator says.");
                }

                environment["GIT_SSH_COMMAND"] = keys.Command(remote, at);
                environment["GIT_SSH_VARIANT"] = "ssh";
            }
            else
            {
                settings.Add(("http.curloptResolve", $"{address.Host.Trim('[', ']')}:{address.Port.ToString(CultureInfo.InvariantCulture)}:{at}"));
                if (remote.Secret.Length > 0)
                {
                    settings.Add(($"http.{address.Scheme}://{address.Host}:{address.Port.ToString(CultureInfo.InvariantCulture)}/.extraHeader", $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{remote.Username}:{remote.Secret}"))}"));
                }
            }
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.Deadline);
        try
        {
            var answer = await _git.Run(folder, arguments, settings: settings, environment: environment, far: true, ct: limit.Token);
            return answer.Done ? default(Done) : Told(answer, remote);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return TooSlow(address, $"was not done within {options.Deadline.TotalSeconds:0} s");
        }
    }

    private Refusal Told(GitAnswer answer, Remote remote)
    {
        var said = answer.Said;
        var address = remote.Address;
        if (Says(said, "non-fast-forward", "fetch first", "[rejected]", "cannot lock ref", "failed to update ref"))
        {
            return new Refusal(RefusalKind.Conflict, "push_refused", $"Somebody was faster: the branch \"{remote.Branch}\" at {address} has commits that are not here. Nothing was overwritten; pull, and push again.");
        }

        // 153 and 137: a file grew past what it may, or the time ran out, told by the signal.
        return answer.Status is 153 or (128 + 25) || Says(said, "File too large", "signal 25")
            ? new Refusal(RefusalKind.TooLarge, "repository_too_large", $"What {address} sends is more than {options.MostFetched >> 20} MB in one file. Nothing was taken.")
            : answer.Status == 137 ? TooSlow(address, "was too slow")
            : Says(said, "Operation too slow", "timed out", "Timeout was reached") ? TooSlow(address, "was too slow")
            : Says(said, "Authentication failed", "could not read Username", "could not read Password", "terminal prompts disabled", "Permission denied", "error: 401", "error: 403", "Access denied")
                ? new Refusal(RefusalKind.Invalid, "credentials_refused", $"{address} does not take these credentials{(remote.Secret.Length == 0 ? ": none were given" : "")}. Enter user name and token or key again.")
            : Says(said, "Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED") ? new Refusal(RefusalKind.Invalid, "host_key_changed", $"{address.Host} shows another host key than the one that is kept. Nothing was asked of it; find out why before the new key is entered.")
            : Says(said, "couldn't find remote ref") ? new Refusal(RefusalKind.NotFound, "no_branch", $"There is no branch \"{remote.Branch}\" at {address}.")
            : Says(said, "dubious ownership") ? new Refusal(RefusalKind.Invalid, "foreign_folder", $"The folder {address.Path} belongs to another user, and Git does not read what others could arm. Give it to the user that Vedette runs as.")
            : new Refusal(RefusalKind.Unavailable, "remote_failed", $"{address} could not be asked: {Last(said)} The last state goes on.");
    }

    private static Refusal TooSlow(RepositoryAddress address, string how) => new(RefusalKind.Unavailable, "remote_too_slow", $"{address} {how} and was given up. The last state goes on; try again later.");

    private static bool Says(string said, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (said.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What Git said in the end, without control characters: the other side may have had a hand in it.</summary>
    private static string Last(string said)
    {
        var line = said.Split('\n').Select(one => new string([.. one.Where(c => !char.IsControl(c))]).Trim()).LastOrDefault(one => one.StartsWith("fatal:", StringComparison.Ordinal) || one.StartsWith("error:", StringComparison.Ordinal)) ?? "no reason was given";
        line = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return (line.Length > 300 ? line[..300] + "…" : line).TrimEnd('.') + ".";
    }

    private Refusal? OutsideRoots(string path)
    {
        try
        {
            var real = Real(path);
            return options.Roots.Any(root => (real + "/").StartsWith(Real(root).TrimEnd('/') + "/", StringComparison.Ordinal))
                ? null
                : new Refusal(RefusalKind.Forbidden, "outside_roots", $"The folder {path} is not under one of the allowed roots ({(options.Roots.Count == 0 ? "there are none" : string.Join(", ", options.Roots))}); whoever runs the server names them with the setting repository_root.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal(RefusalKind.NotFound, "no_folder", $"The folder {path} cannot be read. The last state goes on.");
        }
    }

    /// <summary>Where a path really leads, link by link.</summary>
    private static string Real(string path)
    {
        var real = "/";
        foreach (var part in Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            real = new FileInfo(real).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? real;
        }

        return real;
    }

    private async Task<Outcome<IPAddress>> Judged(RepositoryAddress address, CancellationToken ct)
    {
        var host = address.Host.Trim('[', ']');
        try
        {
            var literal = IPAddress.TryParse(host, out var named);
            var addresses = literal ? [named!] : await options.Resolve(host, ct);
            // The address names this host, so it may be one inside; a metadata service only where it is spelt out.
            var fine = addresses.FirstOrDefault(one => Reachable.Of(one) != Place.Special || literal);
            return fine is not null ? Reachable.Plain(fine) : new Refusal(RefusalKind.Forbidden, "not_allowed", $"Not allowed to reach {host}: the name leads to an address that nothing is fetched from.");
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            return new Refusal(RefusalKind.Unavailable, "remote_failed", $"The name {host} could not be resolved. The last state goes on.");
        }
    }
}
