using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Vedette.Lab.Company;

namespace Vedette.Lab.Directory;

/// <summary>An entry of the directory: attribute to values.</summary>
internal sealed record DirectoryEntry(string Dn, Dictionary<string, byte[][]> Attributes);

/// <summary>The company's computers and people as Active Directory keeps them.</summary>
internal static class DirectoryEntries
{
    public static IReadOnlyList<DirectoryEntry> Of(DateTimeOffset now) => [.. Halden.Computers.Select(one => Computer(one, now)), .. Halden.People.Select(one => Person(one, now))];

    public static DirectoryEntry Root { get; } = Entry("", ("defaultNamingContext", Halden.BaseDn), ("dnsHostName", "dc-01." + Halden.Dns), ("supportedLDAPVersion", "3"), ("objectClass", "top"));

    private static DirectoryEntry Computer(Computer one, DateTimeOffset now)
    {
        var dn = $"CN={one.Name},{Unit(one.Kind)},{Halden.BaseDn}";
        var entry = Entry(
            dn,
            ("cn", one.Name), ("name", one.Name), ("sAMAccountName", one.Name + "$"), ("dNSHostName", $"{one.Name.ToLowerInvariant()}.{Halden.Dns}"), ("distinguishedName", dn),
            ("operatingSystem", one.System), ("operatingSystemVersion", one.SystemVersion), ("description", one.Description),
            ("userAccountControl", one.Kind is ComputerKind.DomainController ? "532480" : "4096"), ("primaryGroupID", one.Kind is ComputerKind.DomainController ? "516" : "515"),
            ("lastLogonTimestamp", FileTime(now.AddDays(-one.LastLogonDaysAgo))), ("pwdLastSet", FileTime(now.AddDays(-20))), ("badPwdCount", "0"), ("whenCreated", "20230412081500.0Z"));
        entry.Attributes["objectClass"] = Texts("top", "person", "organizationalPerson", "user", "computer");
        if (one.ManagedBy is { } manager && Halden.People.FirstOrDefault(person => person.Account == manager) is { } person)
        {
            entry.Attributes["managedBy"] = Texts(PersonDn(person));
        }

        return WithIds(entry, one.Rid);
    }

    private static DirectoryEntry Person(Person one, DateTimeOffset now)
    {
        var entry = Entry(
            PersonDn(one),
            ("cn", one.FullName), ("name", one.FullName), ("sAMAccountName", one.Account), ("userPrincipalName", $"{one.Account}@{Halden.Dns}"), ("displayName", one.FullName), ("title", one.Title),
            ("department", one.Department), ("distinguishedName", PersonDn(one)), ("userAccountControl", one.Disabled ? "514" : "512"), ("pwdLastSet", FileTime(now.AddDays(-40))), ("lastLogonTimestamp", FileTime(now.AddDays(-1))),
            ("badPwdCount", "0"), ("primaryGroupID", "513"));
        entry.Attributes["objectClass"] = Texts("top", "person", "organizationalPerson", "user");
        entry.Attributes["memberOf"] = Texts([.. Halden.Groups.Where(group => group.Members.Contains(one.Account)).Select(group => $"CN={group.Name},CN=Users,{Halden.BaseDn}")]);
        return WithIds(entry, one.Rid);
    }

    private static string Unit(ComputerKind kind) => kind switch
    {
        ComputerKind.Laptop => "OU=Laptops",
        ComputerKind.Server => "OU=Servers",
        ComputerKind.DomainController => "OU=Domain Controllers",
        _ => "OU=Workstations",
    };

    private static string PersonDn(Person one) => $"CN={one.FullName.Replace(",", "\\,", StringComparison.Ordinal)},OU=People,{Halden.BaseDn}";

    private static string FileTime(DateTimeOffset at) => at.ToFileTime().ToString(CultureInfo.InvariantCulture);

    private static DirectoryEntry Entry(string dn, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var entry = new DirectoryEntry(dn, new Dictionary<string, byte[][]>(StringComparer.OrdinalIgnoreCase));
        foreach (var (name, value) in attributes)
        {
            entry.Attributes[name] = Texts(value);
        }

        return entry;
    }

    private static DirectoryEntry WithIds(DirectoryEntry entry, int rid)
    {
        entry.Attributes["objectGUID"] = [SHA256.HashData(Encoding.UTF8.GetBytes(entry.Dn))[..16]];
        var parts = Halden.DomainSid.Split('-').Skip(3).Select(part => uint.Parse(part, CultureInfo.InvariantCulture)).Append((uint)rid).ToArray();
        entry.Attributes["objectSid"] = [[1, (byte)parts.Length, 0, 0, 0, 0, 0, 5, .. parts.SelectMany(BitConverter.GetBytes)]];
        return entry;
    }

    private static byte[][] Texts(params string[] values) => [.. values.Select(Encoding.UTF8.GetBytes)];
}
