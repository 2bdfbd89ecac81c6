using System.Text;

namespace Vedette.Lab.Tests;

public sealed class DirectoryTests
{
    private const string BitAnd = "1.2.840.113556.1.4.803";

    [Theory]
    [InlineData(LabCredentials.LdapUser, LabCredentials.LdapPassword, 0, "")]
    [InlineData("HALDEN\\svc-soar", LabCredentials.LdapPassword, 0, "")]
    [InlineData(LabCredentials.LdapUser, "wrong", 49, "data 52e")]
    [InlineData("nobody@corp.halden.example", "wrong", 49, "data 525")]
    public async Task Bind_TellsWhyItFailed(string name, string password, int code, string reason)
    {
        await using var lab = await RunningLab.Start();
        using var ldap = await LdapClient.Connect(lab.Lab);

        var answer = await ldap.Bind(name, password);

        Assert.Equal(code, answer.Code);
        Assert.Contains(reason, answer.Message);
    }

    [Fact]
    public async Task RootDse_IsForEveryoneTheRestForWhoIsBound()
    {
        await using var lab = await RunningLab.Start();
        using var ldap = await LdapClient.Connect(lab.Lab);

        var root = await ldap.Search(LdapClient.Present("objectClass"), baseDn: "", scope: 0);
        var rest = await ldap.Search(LdapClient.Present("objectClass"));

        Assert.Equal("DC=corp,DC=halden,DC=example", Text(root, "", "defaultNamingContext"));
        Assert.Equal(1, rest.Code);
        Assert.Contains("successful bind", rest.Message);
        await ldap.Unbind();
    }

    [Fact]
    public async Task Computer_HasWhatAnAnalystAsksFor()
    {
        await using var lab = await RunningLab.Start(new() { Clock = new ManualClock() });
        using var ldap = await LdapClient.Connect(lab.Lab);
        await ldap.Bind();

        var found = await ldap.Search(
            LdapClient.And(LdapClient.Equal("objectCategory", "computer"), LdapClient.Equal("name", "wks-0417")),
            attributes: ["managedby", "operatingSystem", "lastLogonTimestamp", "objectGUID", "objectSid", "userAccountControl"]);

        var (dn, attributes) = Assert.Single(found.Entries);
        Assert.Equal("CN=WKS-0417,OU=Workstations,DC=corp,DC=halden,DC=example", dn);
        Assert.Equal(6, attributes.Count);
        Assert.Equal("CN=Jana Doe,OU=Staff,DC=corp,DC=halden,DC=example", Text(found, dn, "managedBy"));
        Assert.Equal(16, attributes["objectGUID"][0].Length);
        Assert.Equal([1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0], attributes["objectSid"][0][..12]);
        Assert.Equal("4096", Text(found, dn, "userAccountControl"));
        var lastLogon = DateTimeOffset.FromFileTime(long.Parse(Text(found, dn, "lastLogonTimestamp"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(1, (new ManualClock().GetUtcNow() - lastLogon).TotalDays, 0.1);
    }

    [Fact]
    public async Task Filters_SelectAsActiveDirectoryDoes()
    {
        await using var lab = await RunningLab.Start();
        using var ldap = await LdapClient.Connect(lab.Lab);
        await ldap.Bind();
        var person = LdapClient.Equal("sAMAccountType", "805306368");

        var admins = await ldap.Search(LdapClient.Equal("memberOf", "cn=domain admins,cn=users,dc=corp,dc=halden,dc=example"));
        var disabled = await ldap.Search(LdapClient.And(person, LdapClient.Rule(BitAnd, "userAccountControl", "2")));
        var services = await ldap.Search(LdapClient.Like("sAMAccountName", (0, "svc"), (2, "up")));
        var either = await ldap.Search(LdapClient.Or(LdapClient.Equal("sAMAccountName", "JDOE"), LdapClient.Equal("sAMAccountName", "asato")));
        var ownerless = await ldap.Search(LdapClient.And(LdapClient.Equal("objectClass", "computer"), LdapClient.Not(LdapClient.Present("managedBy"))));
        var late = await ldap.Search(LdapClient.And(person, LdapClient.AtLeast("logonCount", "3342")));

        Assert.Equal(["tlind-adm"], Accounts(admins));
        Assert.Equal(["hgrant"], Accounts(disabled));
        Assert.Equal(["svc-backup"], Accounts(services));
        Assert.Equal(["asato", "jdoe"], Accounts(either));
        Assert.Equal(["KIOSK-07$"], Accounts(ownerless));
        Assert.Equal(["svc-backup", "svc-soar"], Accounts(late));
    }

    [Fact]
    public async Task ScopeAndMissingBase_AreHeeded()
    {
        await using var lab = await RunningLab.Start();
        using var ldap = await LdapClient.Connect(lab.Lab);
        await ldap.Bind();

        var level = await ldap.Search(LdapClient.Present("objectClass"), scope: 1);
        var one = await ldap.Search(LdapClient.Present("objectClass"), "OU=Servers,DC=corp,DC=halden,DC=example", scope: 0);
        var missing = await ldap.Search(LdapClient.Present("objectClass"), "OU=Nowhere,DC=corp,DC=halden,DC=example");

        Assert.Equal(8, level.Entries.Count);
        Assert.Single(one.Entries);
        Assert.Equal(32, missing.Code);
    }

    [Fact]
    public async Task Pages_GiveEveryEntryOnceAndEndWithAnEmptyCookie()
    {
        await using var lab = await RunningLab.Start();
        using var ldap = await LdapClient.Connect(lab.Lab);
        await ldap.Bind();

        var names = new List<string>();
        byte[] cookie = [];
        do
        {
            var page = await ldap.Search(LdapClient.Equal("objectClass", "computer"), page: (4, cookie));
            Assert.InRange(page.Entries.Count, 1, 4);
            names.AddRange(page.Entries.Keys);
            cookie = page.Cookie;
        }
        while (cookie.Length > 0);

        Assert.Equal(10, names.Distinct().Count());
        Assert.Equal(10, names.Count);
    }

    [Fact]
    public async Task Misbehaviour_IsBusyOrAReset()
    {
        await using var lab = await RunningLab.Start();
        using var ldap = await LdapClient.Connect(lab.Lab);
        await lab.Behave("""{"system":"ldap","fail":"429","times":1}""");

        Assert.Equal(51, (await ldap.Bind()).Code);
        Assert.Equal(0, (await ldap.Bind()).Code);
        await lab.Behave("""{"system":"ldap","fail":"reset"}""");
        await Assert.ThrowsAnyAsync<IOException>(() => ldap.Bind());
    }

    private static string Text(LdapAnswer answer, string dn, string attribute) => Encoding.UTF8.GetString(answer.Entries[dn][attribute][0]);

    private static IEnumerable<string> Accounts(LdapAnswer answer) =>
        answer.Entries.Keys.Select(dn => Text(answer, dn, "sAMAccountName")).Order(StringComparer.Ordinal);
}
