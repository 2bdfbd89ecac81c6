using System.Globalization;
using Vedette.Lab.Company;

namespace Vedette.Lab.Splunk;

/// <summary>One result row: fields in order, every value a string or a list of strings.</summary>
internal sealed class SplunkRow
{
    private readonly List<KeyValuePair<string, string[]>> _fields = [];

    internal IReadOnlyList<KeyValuePair<string, string[]>> Fields => _fields;

    internal string[] Values(string field) =>
        _fields.Find(pair => pair.Key.Equals(field, StringComparison.Ordinal)).Value ?? [];

    internal string First(string field) => Values(field) is [var first, ..] ? first : "";

    internal SplunkRow With(string field, params string[] values)
    {
        if (values.Length > 0)
        {
            _fields.Add(new(field, values));
        }

        return this;
    }
}

/// <summary>What the company's Splunk has indexed: firewall traffic, name look-ups and logons of the last day.</summary>
internal static class SplunkEvents
{
    internal static List<SplunkRow> Make(DateTimeOffset now)
    {
        var rows = new List<(DateTimeOffset At, SplunkRow Row)>();
        for (var host = 0; host < Halden.Computers.Length; host++)
        {
            var computer = Halden.Computers[host];
            rows.Add(Logon(computer, now.AddMinutes(-180 - 7 * host)));
            for (var place = 0; place < Destinations.All.Length; place++)
            {
                // Not every machine talks to every place, but WKS-0417 does talk to the young domain.
                if ((host + place) % 3 != 0)
                {
                    continue;
                }

                var destination = Destinations.All[place];
                rows.Add(Lookup(computer, destination, now.AddMinutes(-62 - host).AddSeconds(-place)));
                for (var beat = 0; beat < 3; beat++)
                {
                    rows.Add(Traffic(computer, destination, beat, now.AddMinutes(-2 - host - 20 * beat).AddSeconds(-place)));
                }
            }
        }

        return [.. rows.OrderByDescending(each => each.At).Select(each => each.Row)];
    }

    internal static SplunkRow Received(DateTimeOffset at, string index, string host, string source, string sourcetype, string raw) =>
        Base(at, index, host, source, sourcetype, raw);

    internal static string Stamp(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static (DateTimeOffset At, SplunkRow Row) Traffic(Computer computer, Destination destination, int beat, DateTimeOffset at)
    {
        var sent = (destination.BytesOut / (beat + 1)).ToString(CultureInfo.InvariantCulture);
        var port = (50_122 + computer.Rid + beat).ToString(CultureInfo.InvariantCulture);
        var to = destination.Port.ToString(CultureInfo.InvariantCulture);
        var host = computer.Name.ToLowerInvariant();
        return (at, Base(at, "netfw", "fw-edge-02", "halden:firewall",
                $"fw-edge-02 allow tcp {computer.Address}:{port} -> {destination.Address}:{to} host=\"{destination.Host}\" sent={sent}")
            .With("src", computer.Address).With("src_ip", computer.Address).With("src_host", host).With("src_port", port)
            .With("src_user", computer.User).With("user", computer.User).With("dest", destination.Address).With("dest_ip", destination.Address)
            .With("dest_host", destination.Host).With("dest_port", to).With("url", $"https://{destination.Host}{destination.Path}")
            .With("bytes_out", sent).With("bytes_in", "90214").With("transport", "tcp").With("app", "ssl").With("action", "allowed")
            .With("tag", "network", "communicate"));
    }

    private static (DateTimeOffset At, SplunkRow Row) Lookup(Computer computer, Destination destination, DateTimeOffset at) =>
        (at, Base(at, "dns", "dc-01", "MSAD:NT6:DNS", $"PACKET UDP Rcv {computer.Address} Q [0001 D NOERROR] A {destination.Host}")
            .With("src", computer.Address).With("src_host", computer.Name.ToLowerInvariant()).With("query", destination.Host)
            .With("answer", destination.Address).With("record_type", "A"));

    private static (DateTimeOffset At, SplunkRow Row) Logon(Computer computer, DateTimeOffset at) =>
        (at, Base(at, "wineventlog", computer.Name.ToLowerInvariant(), "XmlWinEventLog",
                $"An account was successfully logged on.\r\n\r\nNew Logon:\r\n\tAccount Name:\t\t{computer.User}\r\n\tAccount Domain:\t\t{Halden.NetBios}")
            .With("EventCode", "4624").With("user", computer.User).With("dest", computer.Name.ToLowerInvariant()).With("Logon_Type", "2")
            .With("action", "success"));

    private static SplunkRow Base(DateTimeOffset at, string index, string host, string sourcetype, string raw) => Base(at, index, host, sourcetype, sourcetype, raw);

    private static SplunkRow Base(DateTimeOffset at, string index, string host, string source, string sourcetype, string raw) => new SplunkRow()
        .With("_time", Stamp(at)).With("_raw", raw).With("index", index).With("host", host).With("source", source)
        .With("sourcetype", sourcetype).With("linecount", "1").With("splunk_server", "idx-01");
}
