using System.Formats.Asn1;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vedette.Connectors.WindowsServer;
using Vedette.Model;
using Vedette.Sdk;
using Vedette.WayOut;

namespace Vedette.Connectors.Tests;

public sealed class WindowsServerTests : IDisposable
{
    private const string Name = "CN=WEB1,OU=Servers,DC=corp,DC=example";
    private static readonly byte[] SidBytes = [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0x51, 4, 0, 0];
    private static readonly byte[] GuidBytes = new Guid("a6c536dd-2487-41dd-8524-0037342505da").ToByteArray();
    private readonly WayOutFactory _factory = new();

    public void Dispose() => _factory.Dispose();

    [Fact]
    public async Task SystemAttributes_Found_InTheFormsOfTheOriginal()
    {
        await using var ldap = new LdapResponder(asked => [Computer(asked.Id, Name), LdapResponder.Referral(asked.Id), LdapResponder.Done(asked.Id)]);
        var answer = await Run(ldap, "get system attributes", new { hostname = "web1" });
        Assert.True(answer.Success, answer.Message);
        var item = Assert.Single(answer.Data)!.AsObject();
        Assert.Equal("top;computer", Text(item, "objectclass"));
        Assert.Equal("01 05 00 00 00 00 00 05 15 00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 51 04 00 00", Text(item, "objectsid"));
        Assert.Equal("S-1-5-21-1-2-3-1105", Text(item, "sid"));
        Assert.Equal("{a6c536dd-2487-41dd-8524-0037342505da}", Text(item, "guid"));
        Assert.Equal("4096", Text(item, "useraccountcontrol"));
        Assert.Equal("131846800401723900", Text(item, "pwdlastset"));
        Assert.Equal("CN=Ops,DC=corp,DC=example", Text(item, "managedby"));
        Assert.Equal(Name, Text(item, "distinguishedname"));
        Assert.Equal("Windows Server 2019 Standard [10.0 (17763)]", Text(answer.Summary, "os"));
        Assert.StartsWith("State: Enabled, Bad password count: 0, Last logon: Never, Password last set: 10/22/2018 11:07:20 AM UTC", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SystemAttributes_FieldsGiven_OnlyThoseAndTheSummaryStillWhole()
    {
        await using var ldap = new LdapResponder(asked => [Computer(asked.Id, Name), LdapResponder.Done(asked.Id)]);
        var answer = await Run(ldap, "get system attributes", new { hostname = Name, fields = "managedBy, dNSHostName" });
        Assert.Equal(["distinguishedname", "dnshostname", "guid", "managedby", "sid"], answer.Data[0]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal("Enabled", Text(answer.Summary, "state"));
        Assert.Contains("userAccountControl", ldap.Asked.Last().Attributes());
    }

    [Fact]
    public async Task SystemAttributes_NoneAndSeveral_SayTheOriginalsSentences()
    {
        await using var none = new LdapResponder(asked => [LdapResponder.Referral(asked.Id), LdapResponder.Done(asked.Id)]);
        var missing = await Run(none, "get system attributes", new { hostname = "web1" });
        Assert.Equal("Search on AD for machine name failed", missing.Message);
        Assert.Equal(FaultKind.Refused, missing.Fault!.Where);
        await using var two = new LdapResponder(asked => [Computer(asked.Id, Name), Computer(asked.Id, "CN=WEB1,DC=corp,DC=example"), LdapResponder.Done(asked.Id)]);
        var several = await Run(two, "get system attributes", new { hostname = "web1" });
        Assert.False(several.Success);
        Assert.Equal("Multiple DNs found for machine 'web1', please specify full DN to avoid ambiguity", several.Message);
    }

    [Theory]
    [InlineData("*)(cn=*")]
    [InlineData("web1)(|(objectClass=*")]
    [InlineData("\\2a*&|!()\0x")]
    public async Task T02_HostileHostname_KeepsTheShapeOfTheFilter(string hostname)
    {
        await using var ldap = new LdapResponder(asked => [LdapResponder.Done(asked.Id)]);
        await Run(ldap, "get system attributes", new { hostname });
        Assert.Equal(
            Shape(And(Is("objectCategory", "computer"), Is("objectClass", "computer"), Or(Is("name", hostname), Is("dNSHostName", hostname), Is("distinguishedName", hostname)))),
            Convert.ToHexString(ldap.Asked.Last().Filter().ReadEncodedValue().Span));
    }

    [Fact]
    public async Task Attributes_OverTwoPagesWithAReferral_InTheFormsOfTheOriginal()
    {
        await using var ldap = new LdapResponder(asked => asked.Cookie.Length == 0
            ? [User(asked.Id, "CN=Ann,DC=corp,DC=example"), LdapResponder.Referral(asked.Id), LdapResponder.Done(asked.Id, cookie: [7, 7])]
            : [User(asked.Id, "CN=Bob,DC=corp,DC=example"), LdapResponder.Done(asked.Id, cookie: [])]);
        var answer = await Run(ldap, "get attributes", new { principals = "ann; bob", attributes = "memberOf;objectguid;objectSid;pwdLastSet;accountExpires;lockoutTime;whenCreated;userAccountControl;isDeleted;mail" });
        Assert.Equal("Total objects: 2", answer.Message);
        Assert.Equal([7, 7], ldap.Asked.Last().Cookie);
        var entries = answer.Data[0]!["entries"]!.AsArray();
        Assert.Equal("CN=Bob,DC=corp,DC=example", entries[1]!["dn"]!.GetValue<string>());
        var expected = JsonNode.Parse("""
            {"memberOf":["CN=Ops"],"objectGUID":"{a6c536dd-2487-41dd-8524-0037342505da}","objectSid":"S-1-5-21-1-2-3-1105",
            "pwdLastSet":"2018-10-22 18:40:40.172390+00:00","accountExpires":"9999-12-31 23:59:59.999999+00:00","lockoutTime":"1601-01-01 00:00:00+00:00",
            "whenCreated":"2024-01-17 21:20:00+00:00","userAccountControl":512,"isDeleted":true,"mail":[]}
            """);
        Assert.True(JsonNode.DeepEquals(expected, entries[0]!["attributes"]), entries[0]!["attributes"]!.ToJsonString());
    }

    [Fact]
    public async Task Attributes_LongListInParts_IsFetchedWhole()
    {
        await using var ldap = new LdapResponder(asked => asked.Attributes()[0] == "member"
            ? [LdapResponder.Entry(asked.Id, "CN=G", ("member", []), ("member;range=0-1", ["CN=a", "CN=b"])), LdapResponder.Done(asked.Id)]
            : asked.Attributes()[0] == "member;range=2-*" ? [LdapResponder.Entry(asked.Id, "CN=G", ("member;range=2-*", ["CN=c"])), LdapResponder.Done(asked.Id)] : null);
        var answer = await Run(ldap, "get attributes", new { principals = "g", attributes = "member" });
        Assert.Equal("""{"member":["CN=a","CN=b","CN=c"]}""", answer.Data[0]!["entries"]![0]!["attributes"]!.ToJsonString());
    }

    [Fact]
    public async Task WrongPassword_IsUnauthorizedAndTellsTheReasonNotThePassword()
    {
        await using var ldap = new LdapResponder(_ => null);
        var answer = await Run(ldap, "test connectivity", new { }, password: "wrong-canary");
        Assert.Equal(FaultKind.Unauthorized, answer.Fault!.Where);
        Assert.Contains("data 52e", answer.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", answer.Message, StringComparison.Ordinal);
        var empty = await Run(ldap, "test connectivity", new { }, password: "");
        Assert.Equal(FaultKind.BadInput, empty.Fault!.Where);
    }

    [Fact]
    public async Task StartTls_SignsInOnlyOnceSecured()
    {
        await using var ldap = new LdapResponder(_ => null, wantsTls: true);
        var plain = await Run(ldap, "test connectivity", new { });
        Assert.Equal(FaultKind.Unauthorized, plain.Fault!.Where);
        Assert.Contains("strongerAuthRequired", plain.Message, StringComparison.Ordinal);
        ldap.Asked.Clear();
        var untrusted = await Run(ldap, "test connectivity", new { }, startTls: true);
        Assert.Equal(FaultKind.Untrusted, untrusted.Fault!.Where);
        Assert.DoesNotContain(ldap.Asked, asked => asked.Operation == 0);
        var secured = await Run(ldap, "test connectivity", new { }, startTls: true, verify: false);
        Assert.Equal("Test Connectivity Passed", secured.Message);
    }

    [Fact]
    public async Task CutInTheMiddle_IsBroken()
    {
        await using var half = new LdapResponder(asked => [Computer(asked.Id, Name)[..40], .. Cut()]);
        var answer = await Run(half, "get system attributes", new { hostname = "web1" });
        Assert.Equal(FaultKind.Broken, answer.Fault!.Where);
        await using var none = new LdapResponder(_ => null);
        Assert.Equal(FaultKind.Broken, (await Run(none, "get system attributes", new { hostname = "web1" })).Fault!.Where);
    }

    [Theory]
    [InlineData("308401000001")]
    [InlineData("3080020101")]
    [InlineData("485454502F312E31")]
    [InlineData("3009020103640404020000")]
    public async Task AnswerThatIsNoLdapOrTooLarge_IsUnreadable(string hex)
    {
        await using var ldap = new LdapResponder(_ => [Convert.FromHexString(hex)]);
        Assert.Equal(FaultKind.Unreadable, (await Run(ldap, "get system attributes", new { hostname = "web1" })).Fault!.Where);
    }

    [Fact]
    public async Task Cancel_EndsTheWaitAndTheConnection()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var silent = new LdapResponder(asked =>
        {
            _ = cancel.CancelAsync();
            return [];
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new WindowsServerConnector().Run(Call(silent, "get system attributes", new { hostname = "web1" }), cancel.Token));
        await silent.HungUp.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    /// <summary>Ends the connection once what came before it is written.</summary>
    private static IEnumerable<byte[]> Cut()
    {
        foreach (var never in Array.Empty<byte[]>())
        {
            yield return never;
        }

        throw new IOException("cut");
    }

    private static byte[] Computer(int id, string name) => LdapResponder.Entry(
        id, name, ("objectClass", ["top", "computer"]), ("objectSid", [SidBytes]), ("objectGUID", [GuidBytes]), ("userAccountControl", ["4096"]),
        ("badPwdCount", ["0"]), ("lastLogonTimestamp", ["0"]), ("pwdLastSet", ["131846800401723900"]), ("managedBy", ["CN=Ops,DC=corp,DC=example"]),
        ("dNSHostName", ["web1.corp.example"]), ("operatingSystem", ["Windows Server 2019 Standard"]), ("operatingSystemVersion", ["10.0 (17763)"]));

    private static byte[] User(int id, string name) => LdapResponder.Entry(
        id, name, ("memberOf", ["CN=Ops"]), ("objectGUID", [GuidBytes]), ("objectSid", [SidBytes]), ("pwdLastSet", ["131847072401723900"]),
        ("accountExpires", ["9223372036854775807"]), ("lockoutTime", ["0"]), ("whenCreated", ["20240117212000.0Z"]), ("userAccountControl", ["512"]), ("isDeleted", ["TRUE"]));

    private static string Text(JsonObject of, string key) => of[key]!.GetValue<string>();

    private static string Shape(Action<AsnWriter> filter)
    {
        var writer = new AsnWriter(AsnEncodingRules.BER);
        filter(writer);
        return Convert.ToHexString(writer.Encode());
    }

    private static Action<AsnWriter> And(params Action<AsnWriter>[] parts) => Node(0, parts);

    private static Action<AsnWriter> Or(params Action<AsnWriter>[] parts) => Node(1, parts);

    private static Action<AsnWriter> Is(string attribute, string value) =>
        Node(3, [writer => writer.WriteOctetString(Encoding.UTF8.GetBytes(attribute)), writer => writer.WriteOctetString(Encoding.UTF8.GetBytes(value))]);

    private static Action<AsnWriter> Node(int tag, Action<AsnWriter>[] parts) => writer =>
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag, isConstructed: true)))
        {
            foreach (var part in parts)
            {
                part(writer);
            }
        }
    };

    private Task<ActionAnswer> Run(LdapResponder ldap, string action, object parameters, string password = LdapResponder.Password, bool startTls = false, bool verify = true) =>
        new WindowsServerConnector().Run(Call(ldap, action, parameters, password, startTls, verify), TestContext.Current.CancellationToken);

    private ActionCall Call(LdapResponder ldap, string action, object parameters, string password = LdapResponder.Password, bool startTls = false, bool verify = true) => new()
    {
        Action = action,
        Parameters = JsonSerializer.SerializeToElement(parameters),
        Asset = new AssetSettings(new AssetId(1), "asset", JsonSerializer.SerializeToElement(new
        {
            server = "127.0.0.1", port = ldap.Port, force_ssl = false, start_tls = startTls, validate_ssl_cert = verify, username = "CORP\\reader", password,
        })),
        EffectKey = new string('0', 32),
        SendBy = DateTimeOffset.MaxValue,
        WayOut = _factory.For(new WayOutScope("asset", ["127.0.0.1"])),
        Time = TimeProvider.System,
    };
}
