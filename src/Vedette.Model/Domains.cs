namespace Vedette.Model;

/// <summary>Questions about host names.</summary>
public static class Domains
{
    /// <summary>
    /// Endings under which others register, of more than one label. Not the whole public list, which would have to be
    /// renewed: those that mail and web traffic shows most. A name under another ending is cut one label too short.
    /// </summary>
    private static readonly HashSet<string> Endings = new(StringComparer.Ordinal)
    {
        "ac.uk", "co.uk", "gov.uk", "ltd.uk", "me.uk", "net.uk", "nhs.uk", "org.uk", "plc.uk", "police.uk", "sch.uk",
        "com.au", "net.au", "org.au", "edu.au", "gov.au", "asn.au", "id.au",
        "co.nz", "net.nz", "org.nz", "govt.nz", "ac.nz", "school.nz",
        "co.jp", "ne.jp", "or.jp", "ac.jp", "go.jp", "ad.jp", "ed.jp", "gr.jp", "lg.jp",
        "co.kr", "or.kr", "ne.kr", "go.kr", "ac.kr", "re.kr",
        "com.cn", "net.cn", "org.cn", "gov.cn", "edu.cn", "ac.cn",
        "com.tw", "net.tw", "org.tw", "gov.tw", "edu.tw", "com.hk", "net.hk", "org.hk", "gov.hk", "edu.hk",
        "com.sg", "net.sg", "org.sg", "gov.sg", "edu.sg", "com.my", "net.my", "org.my", "gov.my", "edu.my",
        "co.th", "or.th", "go.th", "ac.th", "in.th", "co.id", "or.id", "go.id", "ac.id", "web.id",
        "com.ph", "net.ph", "org.ph", "gov.ph", "com.vn", "net.vn", "org.vn", "gov.vn", "edu.vn",
        "co.in", "net.in", "org.in", "gov.in", "ac.in", "nic.in", "firm.in", "gen.in", "ind.in",
        "com.pk", "net.pk", "org.pk", "gov.pk", "com.bd", "gov.bd", "com.lk", "com.np",
        "co.za", "net.za", "org.za", "gov.za", "ac.za", "web.za", "co.ke", "or.ke", "go.ke", "ac.ke", "com.ng", "gov.ng", "com.gh",
        "com.eg", "gov.eg", "edu.eg", "co.il", "net.il", "org.il", "gov.il", "ac.il", "muni.il",
        "com.sa", "gov.sa", "edu.sa", "com.kw", "com.qa", "com.lb", "co.ae", "gov.ae", "ac.ae",
        "com.tr", "net.tr", "org.tr", "gov.tr", "edu.tr", "k12.tr", "com.ua", "net.ua", "org.ua", "gov.ua", "edu.ua", "in.ua", "kiev.ua",
        "com.ru", "org.ru", "net.ru", "msk.ru", "spb.ru", "com.pl", "net.pl", "org.pl", "gov.pl", "edu.pl", "waw.pl",
        "com.br", "net.br", "org.br", "gov.br", "edu.br", "com.ar", "net.ar", "org.ar", "gob.ar", "edu.ar",
        "com.mx", "net.mx", "org.mx", "gob.mx", "edu.mx", "com.co", "net.co", "org.co", "gov.co", "edu.co",
        "com.pe", "gob.pe", "edu.pe", "com.ve", "gob.ve", "com.ec", "gob.ec", "com.uy", "gub.uy", "com.py", "gov.py", "com.bo", "co.cr", "com.gt", "com.do",
        "com.es", "nom.es", "org.es", "gob.es", "edu.es", "com.pt", "gov.pt", "org.pt", "edu.pt", "gouv.fr", "asso.fr", "com.fr",
        "gov.it", "edu.it", "co.at", "or.at", "ac.at", "gv.at", "co.hu", "org.hu", "com.gr", "gov.gr", "edu.gr", "org.gr",
        "com.ro", "org.ro", "com.mt", "com.cy", "gov.ie", "gov.cz", "co.rs", "gov.rs", "com.hr",
        "qc.ca", "on.ca", "bc.ca", "gc.ca",
    };

    /// <summary>
    /// The part of a host name that somebody registered: <c>example.co.uk</c> of <c>mail.example.co.uk</c>. An address is
    /// itself; a name without dots, or an ending alone, is itself.
    /// </summary>
    public static string Registrable(string host)
    {
        var name = host.Trim().TrimEnd('.').ToLowerInvariant();
        if (Networks.IsIp(name))
            return name;
        var last = name.LastIndexOf('.');
        if (last <= 0)
            return name;
        var second = name.LastIndexOf('.', last - 1);
        if (second < 0 || !Endings.Contains(name[(second + 1)..]))
            return name[(second + 1)..];
        var third = second > 0 ? name.LastIndexOf('.', second - 1) : -1;
        return name[(third + 1)..];
    }
}
