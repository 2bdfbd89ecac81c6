using System.Text;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.Whois;

/// <summary>Asks one server after the other, as each refers to the next: at most four, none twice. A dead referral keeps what came before.</summary>
internal static class WhoisChain
{
    private const int MostHops = 4;
    private const int MostBytes = 1024 * 1024;
    private static readonly string[] Referrals = ["refer:", "whois:", "registrar whois server:", "referralserver:"];
    private static readonly string[] TooOften = ["rate limit exceeded", "limit exceeded", "access denied", "please slow down", "too many requests", "quota exceeded"];

    /// <returns>The answers with their servers, oldest first; never empty.</returns>
    public static async Task<IReadOnlyList<(string Server, string Text)>> Ask(ActionCall call, string query, CancellationToken ct)
    {
        if (query.Any(char.IsControl))
        {
            throw CallException.BadInput("The name holds a control character; nothing was asked.");
        }

        var server = call.Asset.Text("server") ?? "whois.iana.org";
        var port = call.Asset.Number("port", 43);
        var answers = new List<(string, string)>();
        var asked = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var next = (Host: server, Port: port);
        while (answers.Count < MostHops && asked.Add($"{next.Host}:{next.Port}"))
        {
            string text;
            try
            {
                text = await One(call, next.Host, next.Port, query, ct);
            }
            catch (WayOutException exception) when (answers.Count > 0)
            {
                call.Progress($"{next.Host} did not answer ({exception.Fault.Where}); the answers before it are used.");
                break;
            }

            if (TooOften.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase)) && text.Length < 1000)
            {
                throw new CallException(new Fault(FaultKind.SlowDown), $"Whois query failed. {next.Host} asks to slow down.");
            }

            answers.Add((next.Host, text));
            if (Referral(text) is not { } referral)
            {
                break;
            }

            next = referral;
        }

        return answers.TrueForAll(answer => string.IsNullOrWhiteSpace(answer.Item2))
            ? throw CallException.Unreadable("Whois query did not return any information")
            : answers;
    }

    private static async Task<string> One(ActionCall call, string host, int port, string query, CancellationToken ct)
    {
        await using var stream = await call.WayOut.Connect(host, port, tls: null, ct);
        using var whole = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(query + "\r\n"), ct);
            while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
            {
                whole.Write(buffer, 0, read);
                if (whole.Length > MostBytes)
                {
                    throw CallException.Unreadable($"The answer of {host} is larger than {MostBytes / 1024} KiB.");
                }
            }
        }
        catch (IOException exception)
        {
            throw new WayOutException(new Fault(FaultKind.Broken), $"{host} ended the connection before the answer was whole.", exception);
        }

        return Decoded(whole.ToArray());
    }

    /// <summary>No charset is declared: UTF-8 if it is that, else Latin-1, which never fails.</summary>
    private static string Decoded(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private static (string Host, int Port)? Referral(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            foreach (var word in Referrals)
            {
                if (line.StartsWith(word, StringComparison.OrdinalIgnoreCase) && Server(line[word.Length..].Trim()) is { } server)
                {
                    return server;
                }
            }
        }

        return null;
    }

    private static (string Host, int Port)? Server(string text)
    {
        var bare = text.StartsWith("whois://", StringComparison.OrdinalIgnoreCase) ? text["whois://".Length..].TrimEnd('/') : text;
        if (bare.Length == 0 || bare.Contains('/', StringComparison.Ordinal) || bare.Contains(' ', StringComparison.Ordinal))
        {
            return null;
        }

        var colon = bare.LastIndexOf(':');
        return colon > 0 && int.TryParse(bare[(colon + 1)..], out var port) && port is > 0 and < 65536 ? (bare[..colon], port) : (bare, 43);
    }
}
