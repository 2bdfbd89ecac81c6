using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vedette.Lab.Company;

namespace Vedette.Lab.Directory;

/// <summary>The company as its domain controller shows it. Times are relative to the start of the lab.</summary>
internal sealed class HaldenDirectory
{
    private const string Configuration = $"CN=Configuration,{Halden.BaseDn}";
    private const string Schema = $"CN=Schema,{Configuration}";

    private readonly DateTimeOffset _now;
    private readonly List<DirectoryEntry> _entries = [];

    internal HaldenDirectory(DateTimeOffset now)
    {
        _now = now;
        Root = RootDse();
        Add(Halden.BaseDn, ["top", "domain", "domainDNS"], "corp", "Domain-DNS").With("dc", "corp").WithSid(Halden.DomainSid);
        foreach (var unit in (string[])["Staff", "Admins", "Service Accounts", "Workstations", "Servers", "Domain Controllers", "Groups"])
        {
            Add($"OU={unit},{Halden.BaseDn}", ["top", "organizationalUnit"], unit, "Organizational-Unit").With("ou", unit);
        }

        Add($"CN=Users,{Halden.BaseDn}", ["top", "container"], "Users", "Container");
        AddPeople();
        AddComputers();
        AddGroups();
    }

    internal DirectoryEntry Root { get; }

    internal IReadOnlyList<DirectoryEntry> Entries => _entries;

    internal static string PersonDn(Person person)
    {
        var unit = person.Privileged ? "OU=Admins" : person.Service ? "OU=Service Accounts" : "OU=Staff";
        return $"CN={person.FullName},{unit},{Halden.BaseDn}";
    }

    /// <summary>Finds who binds: by DN, by user principal name or as DOMAIN\account.</summary>
    internal DirectoryEntry? Account(string name) => _entries.Find(entry =>
        entry.Dn.Equals(name, StringComparison.OrdinalIgnoreCase)
        || entry.Text("userPrincipalName").Equals(name, StringComparison.OrdinalIgnoreCase)
        || $"{Halden.NetBios}\\{entry.Text("sAMAccountName")}".Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string GroupDn(Group group) =>
        $"CN={group.Name},{(group.Rid < 1000 ? "CN=Users" : "OU=Groups")},{Halden.BaseDn}";

    private static IEnumerable<string> GroupsOf(string account) =>
        Halden.Groups.Where(group => group.Members.Contains(account)).Select(GroupDn);

    private static DirectoryEntry RootDse() => new DirectoryEntry("")
        .With("objectClass", "top")
        .With("defaultNamingContext", Halden.BaseDn)
        .With("rootDomainNamingContext", Halden.BaseDn)
        .With("configurationNamingContext", Configuration)
        .With("schemaNamingContext", Schema)
        .With("namingContexts", Halden.BaseDn, Configuration, Schema)
        .With("dnsHostName", $"dc-01.{Halden.Dns}")
        .With("serverName", $"CN=DC-01,CN=Servers,CN=Halden,CN=Sites,{Configuration}")
        .With("supportedLDAPVersion", "3", "2")
        .With("supportedControl", PagedResults.Oid)
        .With("supportedCapabilities", "1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1670")
        .With("domainFunctionality", "7")
        .With("isSynchronized", "TRUE");

    private void AddPeople()
    {
        foreach (var person in Halden.People)
        {
            var control = 0x200 | (person.Disabled ? 0x2 : 0) | (person.Service ? 0x10000 : 0);
            var isSoar = LabCredentials.LdapUser.StartsWith(person.Account + "@", StringComparison.Ordinal);
            var dn = PersonDn(person);
            var entry = new DirectoryEntry(dn)
            {
                Password = isSoar ? LabCredentials.LdapPassword : $"made-up-lab-password-of-{person.Account}",
                IsDisabled = person.Disabled,
            };
            Fill(entry, ["top", "person", "organizationalPerson", "user"], person.FullName, "Person")
                .With("sAMAccountName", person.Account)
                .With("userPrincipalName", $"{person.Account}@{Halden.Dns}")
                .With("givenName", person.GivenName)
                .With("sn", person.Surname)
                .With("displayName", person.FullName)
                .With("mail", person.Service ? "" : $"{person.Account}@{Destinations.OwnDomain}")
                .With("title", person.Title)
                .With("department", person.Department)
                .With("company", "Halden Instruments")
                .With("description", person.Title)
                .With("userAccountControl", control)
                .With("sAMAccountType", 805306368)
                .With("primaryGroupID", 513)
                .With("adminCount", person.Privileged ? "1" : "")
                .With("memberOf", GroupsOf(person.Account))
                .With("lastLogonTimestamp", FileTime(person.Disabled ? 230 : person.Rid % 9 + 1))
                .With("pwdLastSet", FileTime(person.Service ? 900 : person.Rid % 80 + 3))
                .With("accountExpires", long.MaxValue)
                .With("badPwdCount", 0)
                .With("logonCount", person.Rid * 3)
                .With("lockoutTime", 0)
                .With("manager", person.Account is "jdoe" ? PersonDn(Halden.People[2]) : "")
                .WithSid($"{Halden.DomainSid}-{person.Rid}");
            _entries.Add(entry);
        }
    }

    private void AddComputers()
    {
        foreach (var computer in Halden.Computers)
        {
            var (unit, group, control) = computer.Kind switch
            {
                ComputerKind.DomainController => ("Domain Controllers", 516, 532480),
                ComputerKind.Server => ("Servers", 515, 4096),
                _ => ("Workstations", 515, 4096),
            };
            var lower = computer.Name.ToLowerInvariant();
            var owner = Halden.People.FirstOrDefault(person => person.Account == computer.ManagedBy);
            Add($"CN={computer.Name},OU={unit},{Halden.BaseDn}", ["top", "person", "organizationalPerson", "user", "computer"],
                    computer.Name, "Computer")
                .With("sAMAccountName", computer.Name + "$")
                .With("sAMAccountType", 805306369)
                .With("primaryGroupID", group)
                .With("userAccountControl", control)
                .With("dNSHostName", $"{lower}.{Halden.Dns}")
                .With("operatingSystem", computer.System)
                .With("operatingSystemVersion", computer.SystemVersion)
                .With("description", computer.Description)
                .With("location", computer.Kind is ComputerKind.Server or ComputerKind.DomainController ? "Data room" : "Main site")
                .With("managedBy", owner is null ? "" : PersonDn(owner))
                .With("servicePrincipalName", Services(computer, lower))
                .With("lastLogonTimestamp", FileTime(computer.LastLogonDaysAgo))
                .With("lastLogon", FileTime(computer.LastLogonDaysAgo))
                .With("pwdLastSet", FileTime(computer.Rid % 28 + 1))
                .With("accountExpires", long.MaxValue)
                .With("badPwdCount", 0)
                .With("logonCount", computer.Rid * 2)
                .With("isCriticalSystemObject", computer.Kind is ComputerKind.DomainController ? "TRUE" : "FALSE")
                .WithSid($"{Halden.DomainSid}-{computer.Rid}");
        }
    }

    private static IEnumerable<string> Services(Computer computer, string lower)
    {
        yield return $"HOST/{computer.Name}";
        yield return $"HOST/{lower}.{Halden.Dns}";
        yield return $"TERMSRV/{lower}.{Halden.Dns}";
        if (computer.Name.StartsWith("SRV-SQL", StringComparison.Ordinal))
        {
            yield return $"MSSQLSvc/{lower}.{Halden.Dns}:1433";
        }

        if (computer.Kind is ComputerKind.DomainController)
        {
            yield return $"ldap/{lower}.{Halden.Dns}";
        }
    }

    private void AddGroups()
    {
        foreach (var group in Halden.Groups)
        {
            var members = Halden.People.Where(person => group.Members.Contains(person.Account)).Select(PersonDn);
            Add(GroupDn(group), ["top", "group"], group.Name, "Group")
                .With("sAMAccountName", group.Name)
                .With("description", group.Description)
                .With("groupType", -2147483646)
                .With("sAMAccountType", 268435456)
                .With("member", members)
                .With("adminCount", group.Rid == 512 ? "1" : "")
                .WithSid($"{Halden.DomainSid}-{group.Rid}");
        }
    }

    private DirectoryEntry Add(string dn, string[] classes, string name, string category)
    {
        var entry = Fill(new DirectoryEntry(dn), classes, name, category);
        _entries.Add(entry);
        return entry;
    }

    private DirectoryEntry Fill(DirectoryEntry entry, string[] classes, string name, string category) => entry
        .With("objectClass", classes)
        .With("distinguishedName", entry.Dn)
        .With("name", name)
        .With(classes.Contains("organizationalUnit") || classes.Contains("domain") ? "ou" : "cn", name)
        .With("objectCategory", $"CN={category},{Schema}")
        .With("whenCreated", Generalized(_now.AddDays(-700)))
        .With("whenChanged", Generalized(_now.AddDays(-3)))
        .With("uSNChanged", 12000 + _entries.Count)
        // Derived from the name, so that the same object has the same GUID in every run.
        .WithBytes("objectGUID", SHA256.HashData(Encoding.UTF8.GetBytes(entry.Dn))[..16]);

    private long FileTime(int daysAgo) => _now.AddDays(-daysAgo).AddMinutes(-17 * daysAgo).ToFileTime();

    private static string Generalized(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMddHHmmss'.0Z'", CultureInfo.InvariantCulture);
}
