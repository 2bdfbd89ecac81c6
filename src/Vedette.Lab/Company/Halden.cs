namespace Vedette.Lab.Company;

internal sealed record Person(
    string Account, string GivenName, string Surname, string Title, string Department, int Rid, bool Privileged = false,
    bool Disabled = false, bool Service = false)
{
    internal string FullName => $"{GivenName} {Surname}".Trim();
}

internal enum ComputerKind { Laptop, Workstation, Server, DomainController }

internal sealed record Computer(
    string Name, ComputerKind Kind, string Address, string System, string SystemVersion, string Description, string? ManagedBy,
    int Rid, int LastLogonDaysAgo, string User);

internal sealed record Group(string Name, string Description, int Rid, string[] Members);

/// <summary>Halden Instruments, a made-up company of sensors and scales: its people, machines and groups.</summary>
internal static class Halden
{
    internal const string Dns = "corp.halden.example";
    internal const string BaseDn = "DC=corp,DC=halden,DC=example";
    internal const string NetBios = "HALDEN";
    internal const string DomainSid = "S-1-5-21-1402917754-2213940071-3380916642";

    private const string Windows11 = "Windows 11 Enterprise";
    private const string Version11 = "10.0 (22631)";
    private const string Server2022 = "Windows Server 2022 Standard";
    private const string Version2022 = "10.0 (20348)";

    internal static readonly Person[] People =
    [
        new("jdoe", "Jana", "Doe", "Buyer", "Purchasing", 1104),
        new("mkeller", "Mirko", "Keller", "Calibration engineer", "Production", 1105),
        new("asato", "Aiko", "Sato", "Controller", "Finance", 1106),
        new("lfernandez", "Lucía", "Fernández", "Sales engineer", "Sales", 1107),
        new("pnovak", "Petr", "Novák", "Developer", "Firmware", 1108),
        new("obrandt", "Ole", "Brandt", "Facility manager", "Site services", 1109),
        new("rsingh", "Ravi", "Singh", "Database administrator", "IT", 1110),
        new("tlind", "Tove", "Lind", "Systems administrator", "IT", 1111),
        new("tlind-adm", "Tove", "Lind (admin)", "Tier 0 administration", "IT", 1112, Privileged: true),
        new("hgrant", "Harold", "Grant", "Left the company", "Sales", 1113, Disabled: true),
        new("svc-soar", "", "svc-soar", "Reads the directory for automation", "IT", 1114, Service: true),
        new("svc-backup", "", "svc-backup", "Backup service", "IT", 1115, Service: true),
    ];

    internal static readonly Computer[] Computers =
    [
        new("WKS-0417", ComputerKind.Workstation, "10.20.14.57", Windows11, Version11, "Purchasing, desk 14", "jdoe", 1201, 1, "jdoe"),
        new("LAP-0233", ComputerKind.Laptop, "10.20.31.18", Windows11, Version11, "Laptop, travels", "lfernandez", 1202, 2, "lfernandez"),
        new("LAP-0251", ComputerKind.Laptop, "10.20.31.44", Windows11, Version11, "Laptop, finance", "asato", 1203, 1, "asato"),
        new("WKS-0388", ComputerKind.Workstation, "10.20.14.91", Windows11, Version11, "Firmware build bench", "pnovak", 1204, 3, "pnovak"),
        new("WKS-0102", ComputerKind.Workstation, "10.20.16.20", "Windows 10 Enterprise LTSC", "10.0 (19044)", "Calibration bench 2, vendor image", "mkeller", 1205, 12, "mkeller"),
        new("SRV-FILE-01", ComputerKind.Server, "10.20.2.11", Server2022, Version2022, "File shares of all departments", "tlind", 1206, 4, "tlind"),
        new("SRV-SQL-02", ComputerKind.Server, "10.20.2.22", "Windows Server 2019 Standard", "10.0 (17763)", "ERP database", "rsingh", 1207, 6, "rsingh"),
        new("SRV-WEB-01", ComputerKind.Server, "10.20.3.10", Server2022, Version2022, "Customer portal, in the DMZ", "tlind", 1208, 5, "svc-backup"),
        new("KIOSK-07", ComputerKind.Workstation, "10.20.50.7", "Windows 10 IoT Enterprise", "10.0 (19045)", "Reception kiosk, no owner recorded", null, 1209, 41, "obrandt"),
        new("DC-01", ComputerKind.DomainController, "10.20.1.5", Server2022, Version2022, "Domain controller, all FSMO roles", "tlind-adm", 1210, 1, "tlind-adm"),
    ];

    internal static readonly Group[] Groups =
    [
        new("Domain Admins", "Designated administrators of the domain", 512, ["tlind-adm"]),
        new("Domain Users", "All domain users", 513, []),
        new("IT Operations", "Runs servers and clients", 1301, ["rsingh", "tlind"]),
        new("Finance", "Finance department", 1302, ["asato"]),
        new("VPN Users", "May connect from outside", 1303, ["lfernandez", "asato", "pnovak", "tlind"]),
        new("Backup Operators", "May read everything to back it up", 551, ["svc-backup"]),
    ];

    /// <summary>The machines an alert may name: every one with a person before it, the domain controller last.</summary>
    internal static IReadOnlyList<Computer> AlertSources => Computers;
}
