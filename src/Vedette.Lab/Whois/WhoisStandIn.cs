using System.Net;
using System.Net.Sockets;
using System.Text;
using Vedette.Lab.Behaviour;

namespace Vedette.Lab.Whois;

internal enum WhoisPart { Iana, Registry, Registrar, Rir, Cymru }

/// <summary>
/// The WHOIS servers of the lab: a question begins at IANA's and is referred on. Since all live on one address, a
/// referral names host and port.
/// </summary>
internal sealed class WhoisStandIn(
    Registrations registrations, Behaviours behaviours, CallLog calls, LabOptions options, Func<WhoisPart, string> server)
{
    private const int LongestQuery = 512;

    internal async Task Talk(WhoisPart part, Socket socket, CancellationToken ct)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        if (await ReadLine(stream, ct) is not { } query)
        {
            return;
        }

        calls.Calls.Count(LabSystem.Whois);
        calls.Remember(new(LabSystem.Whois, options.Clock.GetUtcNow(), part.ToString().ToLowerInvariant(), query, []));
        var latency = behaviours.Of(LabSystem.Whois).Latency;
        if (latency > TimeSpan.Zero && !await TcpDoor.Waits(socket, latency, options.Clock, ct))
        {
            calls.HangUps.Count(LabSystem.Whois);
            return;
        }

        var mishap = behaviours.Next(LabSystem.Whois, write: false);
        if (mishap is Mishap.Reset)
        {
            TcpDoor.Reset(socket);
            return;
        }

        // As RIPE's server does: what is not ASCII comes in Latin-1, and nothing says so.
        var answer = (part is WhoisPart.Rir ? Encoding.Latin1 : Encoding.UTF8).GetBytes(mishap switch
        {
            Mishap.TooMany => WhoisText.RateLimit,
            Mishap.ServerError => WhoisText.InternalError,
            _ => Answer(part, query),
        });
        if (mishap is Mishap.LateAnswer)
        {
            await Task.Delay(options.LateAnswerAfter, options.Clock, ct);
        }

        await stream.WriteAsync(mishap is Mishap.Cut ? answer.AsMemory(0, answer.Length / 2) : answer, ct);
        socket.Shutdown(SocketShutdown.Send);
    }

    private static async Task<string?> ReadLine(Stream stream, CancellationToken ct)
    {
        var buffer = new byte[LongestQuery];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), ct);
            if (read == 0)
            {
                return null;
            }

            length += read;
            var end = buffer.AsSpan(0, length).IndexOf((byte)'\n');
            if (end >= 0)
            {
                return Encoding.UTF8.GetString(buffer, 0, end).Trim();
            }
        }

        return null;
    }

    private string Answer(WhoisPart part, string query)
    {
        // The subject is the last word: what stands before it are options of the server asked (-B, n +, -T dn, domain, -v).
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var subject = words is [.., var last] ? last.TrimStart('=').Replace("/e", "", StringComparison.Ordinal) : "";
        var address = IPAddress.TryParse(subject.Split('/')[0], out var parsed) ? parsed : null;
        var now = options.Clock.GetUtcNow();
        return (part, address) switch
        {
            (WhoisPart.Cymru, { } ip) => WhoisText.Cymru(ip),
            (_, { } ip) when words.Contains("-f") && words.Contains("-p") => WhoisText.Cymru(ip),
            (WhoisPart.Cymru, null) => $"Error: no ASN or IP match on line 1.\n",
            (WhoisPart.Iana, { } ip) => Registrations.Find(ip) is { } network
                ? WhoisText.IanaNet(network, server(WhoisPart.Rir))
                : WhoisText.IanaNothing(),
            (WhoisPart.Iana, null) => Tld(subject) is { } tld ? WhoisText.Iana(tld, server(WhoisPart.Registry)) : WhoisText.IanaNothing(),
            (WhoisPart.Rir, { } ip) => Registrations.Find(ip) is { } network ? WhoisText.Rpsl(network) : WhoisText.NoNetwork(),
            (WhoisPart.Registry, null) => registrations.Find(subject) is { } domain
                ? OwnLayout(domain) ?? WhoisText.Registry(domain, server(WhoisPart.Registrar), now)
                : WhoisText.NoMatch(subject),
            (WhoisPart.Registrar, null) => registrations.Find(subject) is { } domain
                ? WhoisText.Registrar(domain, server(WhoisPart.Registrar), now)
                : WhoisText.NoMatch(subject),
            _ => WhoisText.NoNetwork(),
        };
    }

    /// <summary>Two registries that keep no registrar's server and have a layout of their own.</summary>
    private static string? OwnLayout(Registration domain) => domain.Domain[domain.Domain.LastIndexOf('.')..] switch
    {
        ".uk" => WhoisText.Indented(domain),
        ".jp" => WhoisText.Bracketed(domain),
        _ => null,
    };

    private static string? Tld(string name)
    {
        var tld = name.TrimEnd('.')[(name.TrimEnd('.').LastIndexOf('.') + 1)..].ToLowerInvariant();
        return Registrations.KnownTlds.Contains(tld) ? tld : null;
    }
}
