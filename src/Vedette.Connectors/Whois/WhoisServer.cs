using System.Globalization;
using System.Net;
using Vedette.Connectors.Calling;
using Vedette.Sdk;

namespace Vedette.Connectors.Whois;

/// <summary>A WHOIS server: where it listens, how it wants to be asked, and how another one names it.</summary>
internal sealed record WhoisServer(string Host, int Port)
{
    private const int Usual = 43;

    /// <summary>The more particular word first: <c>whois:</c> in IANA's answer says the same as <c>refer:</c>.</summary>
    private static readonly string[] Words = ["refer:", "registrar whois server:", "whois server:", "referralserver:", "whois:", "referral url:"];

    public static WhoisServer First(AssetSettings asset) => new(
        (asset.Text("server") ?? "whois.iana.org").Trim(),
        asset.Number("port", Usual) is > 0 and < 65536 and var port ? port : throw CallException.BadInput("The asset's 'port' is not a port."));

    /// <summary>
    /// Whether a referral may lead to it: what an answer says comes from outside, and a port of its choice would make us knock where it likes.
    /// </summary>
    public bool MayBeReferredTo(AssetSettings asset, WhoisServer first) => Port == Usual || Equals(first) || Named(asset).Contains(this);

    /// <summary>The server an answer refers to, or null. Web addresses and other protocols are not followed.</summary>
    /// <param name="text">The answer. Only whole lines count: where it was cut, half a name or port would lead astray.</param>
    /// <param name="first">The asset's own server. Without a port a referral means 43, unless it is this host, which listens where the asset says.</param>
    public static WhoisServer? Referral(string text, WhoisServer first)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n')[..^1];
        return Words
            .SelectMany(word => lines.Select(line => line.Trim()).Where(line => line.StartsWith(word, StringComparison.OrdinalIgnoreCase)).Select(line => line[word.Length..].Trim()))
            .Select(named => Read(named, first))
            .FirstOrDefault(server => server is not null);
    }

    /// <summary><c>host</c>, <c>host:port</c>, <c>[v6]:port</c>, a bare IPv6 address, or <c>whois://</c> before one of them; null for anything else.</summary>
    public static WhoisServer? Read(string text, WhoisServer? first = null)
    {
        const string scheme = "whois://";
        var bare = text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text[scheme.Length..].TrimEnd('/') : text;
        if (bare.Length == 0 || bare.Contains('/', StringComparison.Ordinal) || bare.Contains(' ', StringComparison.Ordinal))
        {
            return null;
        }

        var colon = bare.LastIndexOf(':');
        var isAddress = IPAddress.TryParse(bare, out _) && !bare.EndsWith(']') && bare.Count(c => c == ':') != 1 && !bare.StartsWith('[');
        if (isAddress || colon < 0 || bare.EndsWith(']'))
        {
            var host = bare.Trim('[', ']');
            return new WhoisServer(host, host.Equals(first?.Host, StringComparison.OrdinalIgnoreCase) ? first!.Port : Usual);
        }

        return colon > 0 && int.TryParse(bare[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
            ? new WhoisServer(bare[..colon].Trim('[', ']'), port)
            : null;
    }

    private static List<WhoisServer> Named(AssetSettings asset) =>
    [
        .. (asset.Text("referral_servers") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Read(text) ?? throw CallException.BadInput("The asset's 'referral_servers' is not a list of host:port with commas.")),
    ];

    /// <summary>Some servers answer a bare name with a list, a part, or another language; each has its own word for "just this one".</summary>
    public string Question(string subject) => Host.ToLowerInvariant() switch
    {
        "whois.verisign-grs.com" => $"domain {subject}",
        "whois.denic.de" => $"-T dn,ace {subject}",
        "whois.jprs.jp" => $"{subject}/e",
        "whois.arin.net" => $"n + {subject}",
        "whois.punktum.dk" or "whois.dk-hostmaster.dk" => $"--show-handles {subject}",
        _ => subject,
    };

    public bool Equals(WhoisServer? other) => other is not null && Port == other.Port && Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase);

    public override int GetHashCode() => HashCode.Combine(Host.ToLowerInvariant(), Port);
}
