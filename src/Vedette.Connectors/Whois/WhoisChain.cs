using System.Text;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.Whois;

/// <summary>What the servers said, oldest first and never empty, and what the reader must know of a server that said nothing.</summary>
internal sealed record WhoisAnswers(IReadOnlyList<(string Server, string Text)> All, string Note);

/// <summary>Asks one server after the other, as each refers to the next: at most four, none twice. A later one that fails costs only what it would have said.</summary>
internal static class WhoisChain
{
    private const int MostHops = 4;
    private const int MostBytes = 1024 * 1024;

    /// <summary>For each server after the first: a silent one must not eat up the time of the action, and with it what is known already.</summary>
    private static readonly TimeSpan LaterHopWithin = TimeSpan.FromSeconds(5);

    /// <summary>Leaves time for RDAP.</summary>
    private static readonly TimeSpan FirstHopWithin = TimeSpan.FromSeconds(12);

    private static readonly string[] TooOften = ["rate limit exceeded", "limit exceeded", "access denied", "please slow down", "too many requests", "quota exceeded"];

    public static async Task<WhoisAnswers> Ask(ActionCall call, string subject, CancellationToken ct)
    {
        if (subject.Any(char.IsControl))
        {
            throw CallException.BadInput("The name holds a control character; nothing was asked.");
        }

        var first = WhoisServer.First(call.Asset);
        var answers = new List<(string, string)>();
        var asked = new HashSet<WhoisServer>();
        var note = "";
        for (var next = first; next is not null && answers.Count < MostHops && asked.Add(next);)
        {
            string text;
            try
            {
                text = await Within(call, answers.Count > 0 ? LaterHopWithin : FirstHopWithin, token => Said(call, next, next.Question(subject), token), ct);
            }
            catch (Exception e) when (answers.Count > 0 && e is WayOutException or CallException)
            {
                ct.ThrowIfCancellationRequested();
                note = $"{e.Message} What the servers before it said is used.";
                call.Progress(note);
                break;
            }

            answers.Add((next.Host, text));
            var said = next.Host;
            next = WhoisServer.Referral(text, first);
            if (next is not null && !asked.Contains(next) && !next.MayBeReferredTo(call.Asset, first))
            {
                note = $"{said} refers to a server at port {next.Port}, which was not asked: a referral leads to port 43, or to what the asset's 'referral_servers' names. What the servers before it said is used.";
                call.Progress(note);
                break;
            }
        }

        return answers.TrueForAll(answer => string.IsNullOrWhiteSpace(answer.Item2))
            ? throw CallException.Unreadable("Whois query did not return any information")
            : new WhoisAnswers(answers, note);
    }

    /// <summary>One question to one server; its words for "too often" and "out of order" are told as such.</summary>
    public static async Task<string> Said(ActionCall call, WhoisServer server, string question, CancellationToken ct)
    {
        var text = await Exchanged(call, server, question, ct);
        if (text.Length < 1000 && TooOften.Any(words => text.Contains(words, StringComparison.OrdinalIgnoreCase)))
        {
            throw new CallException(new Fault(FaultKind.SlowDown), $"Whois query failed. {server.Host} asks to slow down.");
        }

        return text.Contains("%ERROR:100", StringComparison.Ordinal)
            ? throw new CallException(new Fault(FaultKind.OutOfOrder), $"Whois query failed. {server.Host} has an internal error.")
            : text;
    }

    /// <summary>Gives up after a time of its own, which then reads like any other silence.</summary>
    public static async Task<string> Within(ActionCall call, TimeSpan time, Func<CancellationToken, Task<string>> ask, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(time, call.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await ask(both.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new WayOutException(new Fault(FaultKind.TimedOut), $"A server was silent for {time.TotalSeconds:0} seconds.", e);
        }
    }

    private static async Task<string> Exchanged(ActionCall call, WhoisServer server, string question, CancellationToken ct)
    {
        await using var stream = await call.WayOut.Connect(server.Host, server.Port, tls: null, ct);
        using var whole = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(question + "\r\n"), ct);
            while (await stream.ReadAsync(buffer, ct) is > 0 and var read)
            {
                whole.Write(buffer, 0, read);
                if (whole.Length > MostBytes)
                {
                    throw CallException.Unreadable($"The answer of {server.Host} is larger than {MostBytes / 1024} KiB.");
                }
            }
        }
        catch (IOException exception)
        {
            throw new WayOutException(new Fault(FaultKind.Broken), $"{server.Host} ended the connection before the answer was whole.", exception);
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
}
