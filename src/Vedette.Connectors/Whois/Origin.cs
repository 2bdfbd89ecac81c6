using System.Net;
using Vedette.Sdk;

namespace Vedette.Connectors.Whois;

/// <summary>Which network (AS) announces an address, as the mapping service tells it in one line.</summary>
internal sealed record Origin(string? Asn, string? Cidr, string? Country, string? Registry, string? Date, string? Description)
{
    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(6);

    private static readonly Origin Unknown = new(null, null, null, null, null, null);

    /// <returns>What it told, and a note when it could not be asked: the registries' answers do without it.</returns>
    public static async Task<(Origin Told, string Note)> Ask(ActionCall call, IPAddress ip, CancellationToken ct)
    {
        if (call.Asset.Text("asn_server") is not { } named || named.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return (Unknown, "");
        }

        if (WhoisServer.Read(named.Trim()) is not { } server)
        {
            throw Calling.CallException.BadInput("The asset's 'asn_server' is not a host or host:port.");
        }

        try
        {
            var text = await WhoisChain.Within(call, AnsweredWithin, token => WhoisChain.Said(call, server, $" -r -a -c -p -f {ip}", token), ct);
            return (Read(text), "");
        }
        catch (Exception e) when (e is WayOutException or Calling.CallException)
        {
            ct.ThrowIfCancellationRequested();
            return (Unknown, $"{e.Message} Nothing is said about the network (AS) but what the registry knows.");
        }
    }

    /// <summary><c>asn | ip | prefix | country | registry | date | name</c>; an address of several networks lists their numbers.</summary>
    private static Origin Read(string text)
    {
        var line = text.Split('\n').Select(each => each.Split('|', StringSplitOptions.TrimEntries)).LastOrDefault(each => each.Length == 7);
        return line is null ? Unknown : new Origin(Known(line[0].Split(' ')[0]), Known(line[2]), Known(line[3]), Known(line[4]), Known(line[5]), Known(line[6]));
    }

    private static string? Known(string text) => text is "" or "NA" ? null : text;
}
