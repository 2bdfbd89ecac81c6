using System.Globalization;
using System.Net;

namespace Vedette.WayOut;

/// <summary>One spelling for each host, so that two spellings of one host compare equal.</summary>
internal static class Host
{
    private static readonly IdnMapping Idn = new();

    /// <summary>The port that a target names, or that its scheme means; 0 for none.</summary>
    public static int Port(string text)
    {
        var host = text.Trim();
        var alone = IPAddress.TryParse(host, out _) && host.Count(c => c == ':') != 1 && !host.StartsWith('[');
        return !alone && Uri.TryCreate(host.Contains("://", StringComparison.Ordinal) ? host : $"any://{host}", UriKind.Absolute, out var uri) ? Math.Max(uri.Port, 0) : 0;
    }

    /// <summary>A host, <c>host:port</c>, <c>[v6]</c> or URL to the bare host in lower case; an address in its shortest plain form.</summary>
    public static string Normal(string text)
    {
        var host = text.Trim();
        if (host.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(host, UriKind.Absolute, out var uri))
        {
            host = uri.Host;
        }
        else if (host.StartsWith('[') && host.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
        {
            host = host[1..end];
        }
        else if (host.Count(c => c == ':') == 1)
        {
            host = host[..host.IndexOf(':', StringComparison.Ordinal)];
        }

        host = host.Trim('[', ']').TrimEnd('.');
        if (IPAddress.TryParse(host, out var address))
        {
            return Reachable.Plain(address).ToString();
        }

        try
        {
            return Idn.GetAscii(host).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            // Not a name that could be registered; it is compared as it stands and the resolver will say no.
            return host.ToLowerInvariant();
        }
    }
}
