using System.Globalization;
using System.Net;
using System.Text;

namespace Vedette.Lab.Whois;

/// <summary>The answers of the WHOIS servers, each in its own house's wording.</summary>
internal static class WhoisText
{
    internal const string RateLimit = "Query rate limit exceeded. Reduced information.\r\n";
    internal const string InternalError = "%ERROR:100: internal software error\r\n%\r\n% Please contact the operator if the problem persists.\r\n";

    internal static string Iana(string tld, string refer) =>
        "% IANA WHOIS server\r\n% for more information on IANA, visit http://www.iana.org\r\n% This query returned 1 object\r\n\r\n"
        + $"refer:        {refer}\r\n\r\ndomain:       {tld.ToUpperInvariant()}\r\n\r\norganisation: Registry of the lab (made up)\r\n"
        + $"whois:        {refer}\r\n\r\nstatus:       ACTIVE\r\nsource:       IANA\r\n";

    internal static string IanaNet(Network network, string refer) =>
        "% IANA WHOIS server\r\n% for more information on IANA, visit http://www.iana.org\r\n% This query returned 1 object\r\n\r\n"
        + $"refer:        {refer}\r\n\r\ninetnum:      {network.First} - {network.Last}\r\norganisation: Regional registry of the lab (made up)\r\n"
        + $"status:       ALLOCATED\r\n\r\nwhois:        {refer}\r\nsource:       IANA\r\n";

    internal static string IanaNothing() =>
        "% IANA WHOIS server\r\n% for more information on IANA, visit http://www.iana.org\r\n% This query returned 0 objects.\r\n";

    internal static string NoMatch(string query) => query[(query.LastIndexOf('.') + 1)..].ToLowerInvariant() switch
    {
        "com" or "net" => $"No match for \"{query.ToUpperInvariant()}\".\r\n>>> Last update of whois database: just now <<<\r\n",
        "org" => "Domain not found.\r\n",
        "test" => "No Data Found\r\n",
        _ => "NOT FOUND\r\n",
    };

    /// <summary>The thin record of a registry.</summary>
    internal static string Registry(Registration domain, string registrarServer, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Line(text, "   Domain Name", domain.Domain.ToUpperInvariant());
        Line(text, "   Registry Domain ID", domain.Handle);
        Line(text, "   Registrar WHOIS Server", registrarServer);
        Line(text, "   Registrar URL", "http://www.registrar.example");
        Dates(text, domain, "   Registry Expiry Date", "   ");
        Line(text, "   Registrar", domain.Registrar);
        Line(text, "   Registrar Abuse Contact Email", domain.AbuseEmail);
        foreach (var status in domain.Statuses)
        {
            Line(text, "   Domain Status", $"{status} https://icann.org/epp#{status}");
        }

        foreach (var server in domain.NameServers)
        {
            Line(text, "   Name Server", server);
        }

        Line(text, "   DNSSEC", "unsigned");
        text.Append(CultureInfo.InvariantCulture, $">>> Last update of whois database: {Stamp(now)} <<<\r\n\r\n")
            .Append("NOTICE: The data of the lab is made up. The Registry database contains ONLY names under its own zones.\r\n");
        return text.ToString();
    }

    /// <summary>The thick record of a registrar.</summary>
    internal static string Registrar(Registration domain, string ownServer, DateTimeOffset now)
    {
        var text = new StringBuilder();
        Line(text, "Domain Name", domain.Domain);
        Line(text, "Registry Domain ID", domain.Handle);
        Line(text, "Registrar WHOIS Server", ownServer);
        Dates(text, domain, "Registrar Registration Expiration Date", "");
        Line(text, "Registrar", domain.Registrar);
        Line(text, "Registrar Abuse Contact Email", domain.AbuseEmail);
        foreach (var status in domain.Statuses)
        {
            Line(text, "Domain Status", $"{status} https://icann.org/epp#{status}");
        }

        if (domain.Registrant is { } contact)
        {
            foreach (var role in (string[])["Registrant", "Admin", "Tech"])
            {
                Person(text, role, contact);
            }
        }

        foreach (var server in domain.NameServers)
        {
            Line(text, "Name Server", server.ToLowerInvariant());
        }

        Line(text, "DNSSEC", "unsigned");
        text.Append(CultureInfo.InvariantCulture, $">>> Last update of WHOIS database: {Stamp(now)} <<<\r\n");
        return text.ToString();
    }

    /// <summary>The layout of .uk: a heading, and below it the values, indented.</summary>
    internal static string Indented(Registration domain)
    {
        var contact = domain.Registrant!;
        var text = new StringBuilder("\r\n");
        Block(text, "Domain name", domain.Domain);
        Block(text, "Registrant", contact.Name!);
        Block(text, "Registrant type", "UK Limited Company, (Company number: 00417417)");
        Block(text, "Registrant's address", contact.Street, contact.City, contact.State, contact.PostalCode, contact.Country);
        Block(text, "Registrar", domain.Registrar, "URL: https://www.thamesnames.example");
        Block(text, "Relevant dates", $"Registered on: {Day(domain.CreatedAt, "dd-MMM-yyyy")}", $"Expiry date:  {Day(domain.ExpiresAt, "dd-MMM-yyyy")}",
            $"Last updated:  {Day(domain.UpdatedAt, "dd-MMM-yyyy")}");
        Block(text, "Registration status", domain.Statuses);
        Block(text, "Name servers", [.. domain.NameServers.Select((server, i) => $"{server}     192.0.2.{i + 53}")]);
        return text.Append("    WHOIS lookup made at 10:00:00\r\n\r\n-- \r\nThis WHOIS information is made up by the lab. A name that is not found is not here.\r\n").ToString();
    }

    /// <summary>The layout of .jp: the name of a field in brackets.</summary>
    internal static string Bracketed(Registration domain)
    {
        var contact = domain.Registrant!;
        var text = new StringBuilder("[ The lab provides information on network administration. All of it is made up.     ]\n\nDomain Information:\n");
        Field("Domain Name", domain.Domain.ToUpperInvariant());
        text.Append('\n');
        Field("Registrant", contact.Name!);
        text.Append('\n');
        foreach (var server in domain.NameServers)
        {
            Field("Name Server", server);
        }

        Field("Signing Key", "");
        text.Append('\n');
        Field("Created on", Day(domain.CreatedAt, "yyyy/MM/dd"));
        Field("Expires on", Day(domain.ExpiresAt, "yyyy/MM/dd"));
        Field("Status", domain.Statuses[0]);
        Field("Last Updated", Day(domain.UpdatedAt, "yyyy/MM/dd HH:mm:ss") + " (JST)");
        text.Append("\nContact Information:\n");
        Field("Name", contact.Name!);
        Field("Email", contact.Email!);
        Field("Postal code", contact.PostalCode);
        Field("Postal Address", contact.Street);
        Field("Phone", contact.Phone!);
        return text.Append('\n').ToString();

        void Field(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{$"[{name}]",-32}{value}\n");
    }

    /// <summary>The answer of a regional registry, in RPSL.</summary>
    internal static string Rpsl(Network network) =>
        $"% This is the lab's regional database, its objects are made up and in RPSL format.\n\n"
        + $"% Information related to '{network.First} - {network.Last}'\n\n"
        + $"% Abuse contact for '{network.First} - {network.Last}' is '{network.AbuseEmail}'\n\n"
        + $"inetnum:        {network.First} - {network.Last}\nnetname:        {network.Name}\ndescr:          {network.Organization}\n"
        + $"country:        {network.Country}\norg:            ORG-{network.Handle}\nadmin-c:        {network.Handle}\n"
        + $"tech-c:         {network.Handle}\nstatus:         ASSIGNED PA\nmnt-by:         MNT-{network.Name}\n"
        + $"created:        {network.Allocated}T09:00:00Z\nlast-modified:  {network.Allocated}T09:00:00Z\nsource:         RIPE\n\n"
        + $"role:           {network.Organization} NOC\naddress:        {network.Address}\nabuse-mailbox:  {network.AbuseEmail}\n"
        + $"nic-hdl:        {network.Handle}\nsource:         RIPE\n\n"
        + $"route:          {network.Prefix}\norigin:         AS{network.Asn}\nsource:         RIPE\n\n";

    internal static string NoNetwork() => "% No entries found for source\n\n%ERROR:101: no entries found\n%\n% No entries found in source.\n\n";

    /// <summary>The answer of the AS mapping service, one line per address.</summary>
    internal static string Cymru(IPAddress address)
    {
        var network = Registrations.Find(address);
        return network is null
            ? $"NA      | {address,-16} | NA                  | {"",2} | {"",-8} | {"",-10} | NA\n"
            : $"{network.Asn,-7} | {address,-16} | {network.Prefix,-19} | {network.Country} | {network.Registry,-8} | {network.Allocated} | "
                + $"{network.AsName} {network.Organization}, {network.Country}\n";
    }

    internal static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Dates(StringBuilder text, Registration domain, string expiry, string indent)
    {
        if (domain.UpdatedAt is { } updated)
        {
            Line(text, indent + "Updated Date", Stamp(updated));
        }

        if (domain.CreatedAt is { } created)
        {
            Line(text, indent + "Creation Date", Stamp(created));
        }

        if (domain.ExpiresAt is { } expires)
        {
            Line(text, expiry, Stamp(expires));
        }
    }

    private static void Person(StringBuilder text, string role, Contact contact)
    {
        Line(text, role + " Name", contact.Name ?? "REDACTED FOR PRIVACY");
        Line(text, role + " Organization", contact.Organization);
        Line(text, role + " Street", contact.Street);
        Line(text, role + " City", contact.City);
        Line(text, role + " State/Province", contact.State);
        Line(text, role + " Postal Code", contact.PostalCode);
        Line(text, role + " Country", contact.Country);
        Line(text, role + " Phone", contact.Phone ?? "REDACTED FOR PRIVACY");
        Line(text, role + " Email", contact.Email ?? "Please query the RDDS service of the Registrar of Record");
    }

    private static void Block(StringBuilder text, string heading, params string[] values)
    {
        text.Append("    ").Append(heading).Append(":\r\n");
        foreach (var value in values)
        {
            text.Append("        ").Append(value).Append("\r\n");
        }

        text.Append("\r\n");
    }

    private static string Day(DateTimeOffset? at, string format) => at!.Value.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");
}
